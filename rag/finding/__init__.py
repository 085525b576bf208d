"""Every article that has a query's words, with a snippet, and what they have in common."""

from rag.finding.found import Request, find

__all__ = ["Request", "find"]
