"""Who a client is: the address that its connection comes from, or, through a proxy that is trusted, the one that the proxy names."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rag.errors import InputError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# what a proxy adds and is believed of
_FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto"})
# what others believe from anybody: Gradio makes its own address of these
_NEVER = frozenset({b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix", b"x-gradio-server", b"forwarded"})


def home(address: str) -> str:
    """Whose address it is: in IPv6 one client has the 2**64 addresses of its network (RFC 4291, 2.5.1)."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False))


def trusted_proxies(addresses: Sequence[str]) -> tuple[str, ...]:
    """The proxies' addresses in one way of writing. Raises InputError for what is no address."""
    try:
        return tuple(str(ip_address(address)) for address in addresses)
    except ValueError as error:
        raise InputError(f"--proxy takes the address that the proxy's connections come from, as in 192.0.2.7: {error}") from None


class Clients:
    """An ASGI middleware that believes `proxies` who their clients are, and nobody else."""

    def __init__(self, app: App, proxies: Sequence[str] = ()) -> None:
        self._app = app
        self._proxies = frozenset(proxies)
        self._through_proxy: Any = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trusted = (scope.get("client") or ("",))[0] in self._proxies
        dropped = _NEVER if trusted else _NEVER | _FORWARDED
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in dropped]
        await (self._through_proxy if trusted else self._app)({**scope, "headers": headers}, receive, send)
