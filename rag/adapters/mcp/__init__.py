"""The archive as tools of an assistant (Model Context Protocol): `pullquote mcp`. It needs the extra `mcp`."""

from importlib.util import find_spec

from rag.errors import InputError

if find_spec("mcp") is None:
    raise InputError("the MCP door needs the MCP SDK, which is not installed; run in Pullquote's folder: pip install '.[mcp]'")

from rag.adapters.mcp.serving import http_app, serve_http, serve_stdio
from rag.adapters.mcp.tools import door

__all__ = ["door", "http_app", "serve_http", "serve_stdio"]
