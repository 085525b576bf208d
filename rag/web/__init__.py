"""The web page."""

from rag.web.serving import serve

__all__ = ["serve"]
