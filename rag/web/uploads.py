"""Files that a visitor drops onto the page, into the archive: a line of the list for every item, as it is done."""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from rag.adding import Fate, Pace, Stored
from rag.archive import Archive
from rag.corpus import read_documents
from rag.corpus.canonical_text import one_line
from rag.corpus.files import Position, file_id
from rag.errors import PullquoteError
from rag.serving.telling import told
from rag.types import Article, Refusal
from rag.web.markup import html

MOST_FILES = 200
# the folder that stands in an uploaded file's id: the same name again replaces it
_FOLDER = "uploads"

# a list is shown anew at most so often, in seconds, and is at most so long
_EVERY, _MOST_LINES = 0.3, 500
# from so many seconds on, time is told in minutes
_MINUTE_AND_A_HALF = 90

_Line = tuple[str, str, str]
Reading = Callable[[Sequence[str]], AbstractContextManager[None]]
_log = logging.getLogger(__name__)


def kept(files: Sequence[str]) -> AbstractContextManager[None]:  # noqa: ARG001
    """Files that stay when they are read."""
    return nullcontext()


def added(archive: Archive, files: Sequence[str], reading: Reading = kept) -> Iterator[str]:
    """Adds the files; yields the list of what became of them so far, anew as it grows. They are read within `reading`."""
    if len(files) > MOST_FILES:
        with reading(files):
            pass
        yield html(
            "added", lines=[("refused", f"{len(files)} files", f"add at most {MOST_FILES} at a time")], summary="", more=0, done=0, total=1, going=""
        )
        return
    lines: list[_Line] = []
    reasons: dict[str, str] = {}
    news: queue.SimpleQueue[_Line | Position | Stored | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            with reading(files):
                items = _items(files, reasons, news.put)
                archive.add(items, progress=lambda fate, name: news.put((fate.value, _shown(name), reasons.get(name, ""))), stored=news.put)
        except PullquoteError as error:
            news.put((Fate.REFUSED.value, "the rest", told(error)))
        except Exception:  # noqa: BLE001 - it is in the log
            # whatever stops it, the person who waits is told, and whoever runs the server what it was
            _log.exception("adding uploaded files stopped")
            news.put((Fate.REFUSED.value, "the rest", "this is a mistake in the program; whoever runs this server finds it in its log"))
        finally:
            news.put(None)

    # the archive adds in a thread of its own, so that lines show while the next article is read
    threading.Thread(target=run, daemon=True).start()
    shown, pace, going = 0.0, Pace(), ""
    while (one := news.get()) is not None:
        match one:
            case Position():
                pace.reading(one)
                going = _going(pace)
            case Stored():
                pace.stored(one)
                going = "Making what was added searchable." if one.is_all else _going(pace)
            case _:
                lines.append(one)
        if time.monotonic() - shown > _EVERY:
            shown = time.monotonic()
            yield _list(lines, pace.at.number - 1 if pace.at else 0, len(files), going)
    yield _list(lines, 1, 1)


def _going(pace: Pace) -> str:
    """Which file is read of how many, passages a second, and how long the rest takes, as far as they are known."""
    if pace.at is None:
        return ""
    parts = [f"File {pace.at.number:,} of {pace.at.files:,}"]
    parts += [f"{pace.rate:,.0f} passages a second"] if pace.rate else []
    parts += [_left(pace.left)] if pace.left is not None else []
    return " · ".join(parts)


def _left(seconds: float) -> str:
    return f"about {seconds / 60:,.0f} min left" if seconds > _MINUTE_AND_A_HALF else f"about {max(1, round(seconds))} s left"


def _items(files: Sequence[str], reasons: dict[str, str], progress: Callable[[Position], object]) -> Iterable[Article | Refusal]:
    # a browser uploads files; a folder was sent by hand
    for file in files:
        if not Path(file).is_file():
            reasons[Path(file).name] = "this is not a file, or no longer there; add it again"
            yield Refusal(Path(file).name, reasons[Path(file).name])
    # each is read, whatever is known of an uploaded file that lay in its place
    for item in read_documents(*(file for file in files if Path(file).is_file()), known=lambda _: None, progress=progress):
        if isinstance(item, Refusal):
            reasons[item.origin] = item.reason
            yield item
        elif isinstance(item, Article):
            id = _own_id(item)
            reasons[id] = "; ".join(item.warnings)
            yield replace(item, id=id, origin="")


def _own_id(article: Article) -> str:
    """An uploaded file lies in a folder of passing name: what it is known by is its own."""
    path = Path(article.origin)
    passing, own = one_line("id", file_id(path)) or "", one_line("id", f"{_FOLDER}/{path.name}") or ""
    is_of_file = article.id == passing or article.id.startswith(f"{passing}#")
    return own + article.id.removeprefix(passing) if is_of_file else article.id


def _shown(name: str) -> str:
    return name.rpartition("/")[2]


def _list(lines: Sequence[_Line], done: int, total: int, going: str = "") -> str:
    counts = Counter(fate for fate, _, _ in lines)
    summary = ", ".join(f"{count} {fate}" for fate, count in counts.items())
    # of many lines the refused ones are wanted, and the last
    wanted = [line for n, line in enumerate(lines) if line[0] == Fate.REFUSED or n >= len(lines) - _MOST_LINES][-_MOST_LINES:]
    return html("added", lines=wanted, summary=summary, more=len(lines) - len(wanted), done=done, total=total, going=going)
