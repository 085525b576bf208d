"""Files on their way from a visitor's browser into the archive: bounded one by one, a visitor's together and all together, and gone once read."""

import re
import secrets
import shutil
import threading
from asyncio import get_running_loop
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Message, Receive

from rag.serving.clients import home

_MB = 1024 * 1024
MOST_OF_A_FILE, MOST_AT_A_TIME, MOST_OF_ALL = 20 * _MB, 50 * _MB, 100 * _MB
# of one client; less than all, so that others find room where one leaves files unread
MOST_OF_ONE = 50 * _MB
# how long files wait to be read, while other visitors' are
KEEP_SECONDS = 1_800
_UPLOAD_ID = re.compile(r"\w{1,64}")


class _Refused(MultiPartException):
    """More than is taken."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class _Lying:
    """The bytes of a request so far, and whose they are."""

    client: str
    size: int = 0


class Intake:
    """The folder in which they lie, each request's in one of their own. Its name is known only to who sent them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._lock = threading.Lock()
        self._lying: dict[Path, _Lying] = {}
        self._being_read: set[Path] = set()

    async def take(self, request: Request) -> Response:
        """Answers Gradio's upload: with the files' paths as JSON, or why they are not taken."""
        folder = self._folder / secrets.token_hex(16)
        upload_id = request.query_params.get("upload_id", "")
        progress = file_upload_statuses if _UPLOAD_ID.fullmatch(upload_id) else None
        paths: list[str] = []
        body = _Body(request.receive)
        try:
            counted = Request(request.scope, self._counted(folder, home(request.client.host if request.client else ""), body.receive))
            paths, *_ = await upload_fn(counted, folder, MOST_OF_A_FILE, upload_id, upload_progress=progress)
        except MultiPartException as error:
            await body.let_go()
            # what Gradio's parser itself refuses is a file that is too large, or no form
            return PlainTextResponse(error.message, getattr(error, "status", 413 if "maximum" in error.message else 400))
        except ClientDisconnect:
            # read by nobody; nginx's number for it
            return Response(status_code=499)
        finally:
            if not paths:
                self._drop(folder)
            if progress and not paths:
                progress.set_done(upload_id)
        get_running_loop().call_later(KEEP_SECONDS, self._expire, folder)
        return JSONResponse([str(path) for path in paths])

    @contextmanager
    def reading(self, files: Sequence[str]) -> Iterator[None]:
        """While these are read they stay, however long it takes; then they go."""
        # resolved, so that no "..", which a visitor can send, leads out of the folder
        paths = [Path(file).resolve() for file in files]
        folders = {self._folder / path.relative_to(self._folder).parts[0] for path in paths if self._folder in path.parents}
        with self._lock:
            self._being_read |= folders
        try:
            yield
        finally:
            for folder in folders:
                self._drop(folder)

    def _counted(self, folder: Path, client: str, receive: Receive) -> Receive:
        """Receives what is within the bounds. Raises _Refused, at which Gradio's parser closes and removes what it has written."""

        async def counted() -> Message:
            message = await receive()
            with self._lock:
                mine = self._lying.setdefault(folder, _Lying(client))
                mine.size += len(message.get("body", b""))
                if mine.size > MOST_AT_A_TIME:
                    raise _Refused(413, f"Add at most {MOST_AT_A_TIME // _MB} MB at a time.")
                if sum(one.size for one in self._lying.values() if one.client == client) > MOST_OF_ONE:
                    raise _Refused(429, f"At most {MOST_OF_ONE // _MB} MB of one visitor's files wait to be read; try again later.")
                if sum(one.size for one in self._lying.values()) > MOST_OF_ALL:
                    raise _Refused(503, f"At most {MOST_OF_ALL // _MB} MB of all visitors' files wait to be read; try again later.")
            return message

        return counted

    def _expire(self, folder: Path) -> None:
        if folder not in self._being_read:
            self._drop(folder)

    def _drop(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        with self._lock:
            self._lying.pop(folder, None)
            self._being_read.discard(folder)


class _Body:
    """A request's body as it comes, which knows whether it has come to its end: nothing more would ever come then."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def let_go(self) -> None:
        """Takes the rest for nothing, so much as is ever taken: a browser whose connection closes while it sends does not show the answer."""
        left = MOST_OF_ALL
        while left > 0 and not self._ended:
            left -= len((await self.receive()).get("body", b""))
