"""The tabs of the page, a module each, in their order."""

from rag.web.tabs import articles, notes, search
from rag.web.tabs.tab import Tab

__all__ = ["TABS", "Tab"]

# beside "Ask", which comes first, and "Add", which comes last
TABS = (search.TAB, articles.TAB, notes.TAB)
