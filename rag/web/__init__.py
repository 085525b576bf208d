"""The web chat."""

from rag.web.page import serve

__all__ = ["serve"]
