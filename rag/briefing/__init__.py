"""What is new in the archive, story by story, in the articles' own words."""

from rag.briefing.briefing import MOST_ARTICLES, briefing
from rag.briefing.grouping import grouped

__all__ = ["MOST_ARTICLES", "briefing", "grouped"]
