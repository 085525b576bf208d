"""Words that a passage has to have: by their stems, and those in quotation marks as they stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from rag.english.names import alike
from rag.store.lexical import stems
from rag.types import Span

_MARKS = '"“”„«»'
_QUOTED = re.compile(f"[{_MARKS}]([^{_MARKS}]+)[{_MARKS}]")
# a word as it is written, with the marks inside it, and the parts that it is indexed by
_WRITTEN = re.compile(r"[^\W_]+(?:[-_'’ʼʻ\u2010\u2011\u00ad\u200b\u2060\ufeff]\n?[^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
# what is typed with one key and printed in other ways
_PRINTED = {"'": "['’ʼʻ‘]", "-": "[-\u2010\u2011]"}
# what may stand unseen between a word's letters; a soft hyphen ends a line, too
_UNSEEN = "(?:\u00ad\n?|\u200b|\u2060|\ufeff)*"
# of what was quoted at greater length the letters have to stand together: an expression for 10,000 of them takes a second to make
_MOST_PARTED = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """`stems` are those of all words, without the commonest English ones, `loose` those of words outside quotation marks.

    `quoted` finds each stretch that stood in quotation marks.
    """

    stems: tuple[str, ...]
    loose: frozenset[str]
    quoted: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        found = (match[1].split() for match in _QUOTED.finditer(text))
        return cls(tuple(dict.fromkeys(stems(text))), frozenset(stems(_QUOTED.sub(" ", text))), tuple(_verbatim(words) for words in found if words))

    def touches(self, text: str) -> bool:
        """Whether any of the words, or of what was quoted, stands in a text."""
        return not set(self.stems).isdisjoint(stems(text)) or any(pattern.search(text) for pattern in self.quoted)

    def stands_in(self, *texts: str) -> bool:
        """Whether each stretch stands in one of the texts, case aside."""
        return all(any(pattern.search(text) for text in texts) for pattern in self.quoted)

    def windows(self, text: str, span: Span) -> list[tuple[Span, str]]:
        """Where in `span` of a text the words stand, in their order, each with what it is of them: a stem, or what was quoted."""
        quoted = [(Span(*match.span()), pattern.pattern) for pattern in self.quoted for match in pattern.finditer(text, span.start, span.end)]
        words = (word for word in _windows(text, span, self.loose) if not any(whole.covers(word[0]) for whole, _ in quoted))
        return sorted((*quoted, *words))


def marks(windows: Iterable[tuple[Span, str]]) -> tuple[Span, ...]:
    """Windows that `Wanted.windows` gave, those that share a character as one: what shows one after the other shows no character twice."""
    found: list[Span] = []
    for window, _ in windows:
        if found and window.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return tuple(found)


def has_all(wanted: Wanted, text: str) -> bool:
    """Whether a text has every word, by their stems, and what was quoted."""
    return frozenset(wanted.stems) <= frozenset(stems(text)) and wanted.stands_in(text)


def _verbatim(words: list[str]) -> re.Pattern[str]:
    """What finds these words in a row, whatever space is between them and whatever is unseen inside them, as whole words."""
    between = _UNSEEN if sum(map(len, words)) <= _MOST_PARTED else ""
    spelt = r"\s+".join(between.join(_PRINTED.get(character, re.escape(character)) for character in alike(word)) for word in words)
    return re.compile(rf"(?<!\w){spelt}(?!\w)", re.IGNORECASE)


def _windows(text: str, span: Span, wanted: frozenset[str]) -> Iterator[tuple[Span, str]]:
    for written in _WRITTEN.finditer(text, span.start, span.end):
        parts = [(Span(*part.span()), _known(part[0]) & wanted) for part in _PART.finditer(text, *written.span())]
        # its forms without the marks are found only as a whole
        other = (_known(written[0]) & wanted).difference(*(known for _, known in parts)) if len(parts) > 1 else frozenset()
        shown = [(Span(*written.span()), other)] if other else parts
        yield from ((place, min(known)) for place, known in shown if known)


@lru_cache(maxsize=20_000)
def _known(word: str) -> frozenset[str]:
    return frozenset(stems(word))
