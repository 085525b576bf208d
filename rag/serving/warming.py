"""The start of a program that answers questions for long."""

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rag.archive import Archive
from rag.errors import ArticleDamaged, PullquoteError

_log = logging.getLogger(__name__)


def warm(archive: Archive) -> bool:
    """Loads the models and the search caches; whether that was possible. If not, the log says why."""
    try:
        archive.warm()
        # where one article is damaged, the others can be asked
        with suppress(ArticleDamaged):
            archive.status()
    except PullquoteError as error:
        _log.error("pullquote: the archive cannot be used: %s", error)
        return False
    # what is loaded stays: to look it all through for garbage held up every thread for 0.4 s, several times a minute
    gc.collect()
    gc.freeze()
    return True


@contextmanager
def warming(archive: Archive) -> Iterator[None]:
    """Does it meanwhile, and ends when it is done: a program that ends while a library's own code still loads a model is aborted by that library."""
    thread = threading.Thread(target=warm, args=(archive,))
    thread.start()
    try:
        yield
    finally:
        thread.join()
