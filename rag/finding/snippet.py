"""The words of a passage that are shown of it: a window of its article, with the query's words in it."""

from collections.abc import Sequence

from rag.english.sentences import sentences
from rag.store import Wanted, marks
from rag.types import Span

# characters; a longer sentence is cut at a space
_LONGEST = 320


def snippet(text: str, passage: Span, wanted: Wanted) -> tuple[Span, tuple[Span, ...]]:
    """The window inside `passage` that is shown, and where the wanted words stand in it; both count in `text`.

    It is a run of whole sentences: the one with most of the different words, that which
    opens with one of them where several have as many, and the first of these.
    """
    standing = wanted.windows(text, passage)
    whole = [sentence.moved(passage.start) for sentence in sentences(passage.of(text), _LONGEST)] or [passage]
    runs = [_run(whole, first) for first in range(len(whole))]
    best = max(range(len(runs)), key=lambda n: (*_worth(runs[n], whole[n], standing), -n))
    return runs[best], marks(window for window in standing if runs[best].covers(window[0]))


def _run(whole: Sequence[Span], first: int) -> Span:
    """As many sentences from the first on as may be shown."""
    start = whole[first].start
    return Span(start, max(sentence.end for sentence in whole[first:] if sentence is whole[first] or sentence.end - start <= _LONGEST))


def _worth(run: Span, opening: Span, standing: Sequence[tuple[Span, str]]) -> tuple[int, bool, int]:
    inside = [(span, word) for span, word in standing if run.covers(span)]
    return len({word for _, word in inside}), any(opening.covers(span) for span, _ in inside), len(inside)
