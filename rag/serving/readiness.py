"""Whether a server can answer now: its models are loaded, and the archive lets itself be read."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from rag.archive import Archive
from rag.errors import PullquoteError
from rag.serving.telling import said

_log = logging.getLogger(__name__)

# how long whoever asks is kept waiting by an archive that does not answer
WAIT_SECONDS = 2.0
# so old an answer is good enough, so that asking often costs nothing
FRESH_SECONDS = 1.0
# a look that takes so long is given up: what it waits for may have gone without a word
_GIVEN_UP_SECONDS = 30.0
_STARTING = "it is starting: the models are loading, or the archive has not answered yet"
_SILENT = f"the archive has not answered within {WAIT_SECONDS:g} seconds"
_MISTAKEN = "this is a mistake in the program; the server's log has it"


class Readiness:
    """For the event loop of one server. However often it is asked, one thread looks, and another after half a minute where that one is kept."""

    def __init__(self, archive: Archive, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._look: Future[str] | None = None
        self._began = 0.0
        self._has_started = False
        self._logged = ""

    async def missing(self) -> str:
        """What is missing, without a full stop and with nothing secret in it; empty where questions can be answered."""
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._looking())), WAIT_SECONDS)
        except TimeoutError:
            return _SILENT if self._has_started else _STARTING

    def _looking(self) -> Future[str]:
        """The look that is under way, or was just done, else a new one."""
        lasts = FRESH_SECONDS if self._look is None or self._look.done() else _GIVEN_UP_SECONDS
        if self._look is None or self._clock() - self._began >= lasts:
            self._look, self._began = Future(), self._clock()
            # a thread that the archive keeps does not keep the program from ending
            threading.Thread(target=self._see, args=(self._look,), name="readiness", daemon=True).start()
        return self._look

    def _see(self, look: Future[str]) -> None:
        missing, cause = "", ""
        try:
            self._archive.reach()
            self._has_started = True
        except PullquoteError as error:
            missing, cause = said(error), str(error)
        except Exception as error:  # noqa: BLE001 - who asks is told so, whatever it is
            missing, cause = _MISTAKEN, f"{type(error).__name__}: {error}"
        self._tell(cause)
        look.set_result(missing)

    def _tell(self, cause: str) -> None:
        """Logs what has changed, and not each look."""
        if cause != self._logged:
            _log.warning("the server is not ready: %s", cause) if cause else _log.warning("the server is ready again")
        self._logged = cause
