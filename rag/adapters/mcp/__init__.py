"""The archive as tools of an assistant (Model Context Protocol): `pullquote mcp`. It needs the extra `mcp`."""

from rag.errors import MissingExtra

try:
    import mcp  # noqa: F401
except ImportError as error:
    raise MissingExtra.of("mcp", error) from None

from rag.adapters.mcp.serving import http_app, serve_http, serve_stdio
from rag.adapters.mcp.tools import door

__all__ = ["door", "http_app", "serve_http", "serve_stdio"]
