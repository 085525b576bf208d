"""What a terminal shows while an archive is copied: how many articles of how many, passages a second, and how long the rest takes."""

import time
from types import TracebackType
from typing import NoReturn, Self

from tqdm import tqdm

from rag.copying.report import Step

_FORMAT = "{desc} {n_fmt} of {total_fmt} articles |{bar}| [{elapsed}<{remaining}]{postfix}"
# the time left is told by about the last ten that were shown
_SMOOTHING = 0.1


class CopyingBar:
    """A progress bar over articles, which goes when it is closed; one that is not `shown` does nothing."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar = _bar(Step(0, 0), shown=False)
        self._of: tuple[int, bool] | None = None
        self._begun = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.close()

    def __call__(self, step: Step) -> None:
        if self._of != (step.total, step.compares):
            # another bar, of which nothing is done
            self._bar.close()
            self._bar, self._of, self._begun = _bar(step, shown=self._shown), (step.total, step.compares), time.monotonic()
        if step.passages:
            self._bar.set_postfix_str(f"{step.passages / max(time.monotonic() - self._begun, 1e-3):,.0f} passages/s", refresh=False)
        self._bar.update(step.done - self._bar.n)


def _bar(step: Step, *, shown: bool) -> "tqdm[NoReturn]":
    bar = tqdm(total=step.total, smoothing=_SMOOTHING, miniters=0, bar_format=_FORMAT, disable=not shown, leave=False)
    bar.set_description_str("compared" if step.compares else "copied")
    return bar
