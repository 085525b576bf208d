"""Pages and files that have an address of their own beside the desk: what each says is escaped, and so many are answered at a time."""

import re
from collections import Counter
from collections.abc import Callable, Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from rag.errors import InputError, PullquoteError
from rag.serving.clients import Receive, Scope, Send, home
from rag.serving.telling import told
from rag.types import Span
from rag.web.markup import html, static
from rag.web.policy import hashed

# requests that are answered at a time, of all visitors and of one: each may hold a large file until the visitor has it
_MOST, _MOST_OF_ONE = 12, 6
_BUSY_SECONDS = 5
_MOST_WINDOWS = 8
_WINDOW = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

# what answers an address, given the fields after its question mark; raises PullquoteError where there is nothing to show
Answering = Callable[[QueryParams], Response]


class Astray(InputError):
    """An address that leads to nothing: `status` is HTTP's (404 for what is not there, 400 for an address that was damaged).

    `instead` is another address, of the article's present text, or empty.
    """

    def __init__(self, reason: str, *, status: int = 404, instead: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.instead = instead


class Addresses:
    """An ASGI app for all of them."""

    def __init__(self, answering: Mapping[str, Answering]) -> None:
        self._answering = answering
        self._inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        client = home(request.client.host if request.client else "")
        if self._inside.total() >= _MOST or self._inside[client] >= _MOST_OF_ONE:
            await PlainTextResponse("Too much is asked for at a time; try again.", 503, {"Retry-After": str(_BUSY_SECONDS)})(scope, receive, send)
            return
        self._inside[client] += 1
        try:
            response = await run_in_threadpool(self._answer, request)
            await response(scope, receive, send)
        finally:
            self._inside[client] -= 1
            self._inside += Counter()  # forgets who is not inside

    def _answer(self, request: Request) -> Response:
        try:
            return self._answering[request.scope["path"]](request.query_params)
        except PullquoteError as error:
            status, instead = (error.status, error.instead) if isinstance(error, Astray) else (404 if isinstance(error, InputError) else 500, "")
            reason = told(error)
            return alone("astray", status=status, reason=f"{reason[:1].upper()}{reason[1:]}.", instead=instead)


def alone(template: str, *, status: int = 200, **values: object) -> Response:
    """A page that stands alone: its policy allows its own style and pictures of this server, and nothing else."""
    style = static("alone.css")
    page = html(template, style=Markup(style), **values)  # noqa: S704 - it is the program's own
    policy = f"default-src 'none'; img-src 'self'; style-src {hashed(style.encode())}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(page, status, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def windows(fields: QueryParams) -> tuple[Span, ...]:
    """The windows of an article's text that an address names: one by `start` and `end`, or several by `at`. Raises Astray for what is none."""
    written = [*fields.getlist("at"), *([f"{fields.get('start', '')}-{fields.get('end', '')}"] if {"start", "end"} & fields.keys() else [])]
    found = [_WINDOW.fullmatch(one) for one in written[:_MOST_WINDOWS]]
    spans = [(int(match[1]), int(match[2])) for match in found if match]
    if len(spans) < len(found) or any(start >= end for start, end in spans):
        raise Astray("this address is damaged: the words that it names have no beginning or no end; copy the link again", status=400)
    return tuple(Span(start, end) for start, end in spans)
