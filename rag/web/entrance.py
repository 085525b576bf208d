"""Where people log in and out: a form, and an ASGI middleware that lets nobody else in."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from rag.errors import InputError
from rag.serving.clients import App, Receive, Scope, Send, home
from rag.serving.people import MOST_NAME, MOST_PASSWORD, People, key
from rag.serving.sessions import LIFETIME, Session, Sessions
from rag.serving.telling import told
from rag.web.login import Guesses, too_many
from rag.web.markup import html, static
from rag.web.policy import hashed

LOGIN, LOGOUT = "/login", "/logout"
# of a form: the longest name and password, each letter as four bytes of three characters, and an address
_MOST_BODY, _MOST_FIELDS = 32 * 1024, 8
# passwords that are compared at once, each in 64 MiB
_AT_ONCE = 2
# a place on this server, to which a browser may be sent after login: two strokes, or what it takes for one, would begin another server's name
_PLACE = re.compile(r"/(?![/\\])[!-\[\]-~]{0,8000}")
_WRONG = "The name or the password is not right."


class Entrance:
    """Whoever has logged in is named to what is behind: `scope["login"]` is their Session."""

    def __init__(self, app: App, people: People, sessions: Sessions) -> None:
        self._app = app
        self._people = people
        self._sessions = sessions
        self._guesses = Guesses()
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            session = self._sessions.session(request.cookies.get(self._cookie(request), ""))
            if session and scope["path"] not in (LOGIN, LOGOUT):
                await self._app({**scope, "login": session}, receive, _unkept(send))
                return
            response = await self._answer(request, session)
        except InputError as error:
            # the file of the sessions is damaged or cannot be written
            response = PlainTextResponse(f"{told(error)}.", 500)
        except ClientDisconnect:
            return
        await response(scope, receive, _unkept(send))

    async def _answer(self, request: Request, session: Session | None) -> Response:
        if request.url.path == LOGIN:
            return await self._log_in(request, session)
        if request.url.path == LOGOUT:
            return await self._log_out(request, session)
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"{LOGIN}?{urlencode({'next': _asked(request)})}", 303)
        return PlainTextResponse("Log in first.", 401)

    def _cookie(self, request: Request) -> str:
        return self._sessions.cookie_name(is_https=_is_https(request))

    async def _log_in(self, request: Request, session: Session | None) -> Response:
        if request.method != "POST":
            place = _place(request.query_params.get("next", ""))
            return RedirectResponse(place, 303) if session else _form(place)
        fields = await _fields(request)
        if fields is None:
            return PlainTextResponse("This is more than a name and a password.", 413)
        name, place = fields.get("name", ""), _place(fields.get("next", ""))
        client = home(request.client.host if request.client else "unknown")
        if seconds := self._guesses.wait(client, key(name)):
            return _form(place, name, too_many(seconds), 429, {"Retry-After": str(seconds)})
        async with self._at_once:
            somebody = await run_in_threadpool(self._people.verified, name, fields.get("password", ""))
        if somebody is None:
            return _form(place, name, _WRONG, 400)
        self._guesses.right(client, key(name))
        if session:
            await run_in_threadpool(self._sessions.end, session)
        response = RedirectResponse(place, 303)
        cookie = self._sessions.begin(somebody)
        response.set_cookie(self._cookie(request), cookie, LIFETIME, secure=_is_https(request), httponly=True, samesite="lax")
        return response

    async def _log_out(self, request: Request, session: Session | None) -> Response:
        if session:
            await run_in_threadpool(self._sessions.end, session)
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(self._cookie(request), secure=_is_https(request), httponly=True, samesite="lax")
        return response


def _is_https(request: Request) -> bool:
    """Whether the visitor's browser speaks https with this server, or with a trusted proxy in front of it."""
    return request.url.scheme == "https"


def _asked(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _place(given: str) -> str:
    """Where to go after login: a place on this server, or, for anything else, the page."""
    return given if _PLACE.fullmatch(given) else "/"


async def _fields(request: Request) -> dict[str, str] | None:
    """A form's fields; None where they are more than anybody fills in."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BODY:
            return None
    try:
        return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        # more fields than the form has
        return None


def _form(place: str, name: str = "", problem: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    style = static("login.css")
    page = html("login", style=Markup(style), place=place, name=name[:MOST_NAME], problem=problem, most_name=MOST_NAME, most_password=MOST_PASSWORD)  # noqa: S704 - it is the program's own
    policy = f"default-src 'none'; img-src data:; style-src {hashed(style.encode())}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    # without a referrer a browser would not say either that it is this page's form that it sends
    return HTMLResponse(page, status, {**(headers or {}), "Content-Security-Policy": policy, "Referrer-Policy": "same-origin"})


def _unkept(send: Send) -> Send:
    """Has a browser keep no page: another person may be the next who sits at it."""

    async def sent(message: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            if headers.get("content-type", "text/html").startswith("text/html"):
                headers["cache-control"] = "no-store"
            message = {**message, "headers": headers.raw}
        await send(message)

    return sent
