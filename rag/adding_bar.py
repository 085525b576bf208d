"""What a terminal shows while articles are added: how much is read of how much, passages a second, and how long the rest takes."""

from types import TracebackType
from typing import Self

from tqdm import tqdm

from rag.adding import Pace, Stored
from rag.corpus.files import Position, is_url
from rag.render import printable

_BYTES = "{desc} |{bar}| {n_fmt}B of {total_fmt}B [{elapsed}<{remaining}]{postfix}"
# of pages nobody knows how many bytes they have
_PAGES = "{desc} |{bar}| [{elapsed}<{remaining}]{postfix}"
_LAST = "{desc} [{elapsed}]"
# of a file's name, in characters
_LONGEST_NAME = 30
# the time left is told by about the last ten that were shown
_SMOOTHING = 0.1


class AddingBar:
    """A progress bar over bytes, which goes when it is closed; one that is not `shown` does nothing."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self._bar = tqdm(total=0, unit_scale=True, smoothing=_SMOOTHING, miniters=0, bar_format=_BYTES, disable=not shown, leave=False)
        self._pace = Pace()
        self._name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.close()

    def reading(self, at: Position) -> None:
        if not self.shown:
            return
        bar, self._name = self._bar, printable(at.name.rpartition("/")[2])[:_LONGEST_NAME]
        read, bar.total, what = (at.read, at.bytes, "files") if at.bytes else (at.number - 1, at.files, "pages" if is_url(at.name) else "files")
        bar.bar_format = _BYTES if at.bytes else _PAGES
        bar.set_description_str(f"{at.number:,} of {at.files:,} {what}", refresh=False)
        self._show_rate()
        bar.update(read - bar.n)
        if at.number == 1 and not at.read:
            # the first may take long
            bar.refresh()

    def stored(self, so_far: Stored) -> None:
        if not self.shown:
            return
        if so_far.is_all:
            self._bar.bar_format = _LAST
            self._bar.set_description_str("Making what was added searchable")
        else:
            self._pace.stored(so_far)
            self._show_rate()
            self._bar.refresh()

    def _show_rate(self) -> None:
        rate = f"{self._pace.rate:,.0f} passages/s, " if self._pace.rate else ""
        self._bar.set_postfix_str(rate + self._name, refresh=False)
