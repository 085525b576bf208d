"""The tabs of the page, a module each, in their order."""

from rag.web.tabs import articles, conversations, notes, search, today
from rag.web.tabs.tab import Tab

__all__ = ["TABS", "Tab"]

# beside "Ask", which comes first, and "Add", which comes last
TABS = (search.TAB, today.TAB, conversations.TAB, articles.TAB, notes.TAB)
