"""The sentences around a quote and the quotations in them: what a rule looks at, within bounds however long the text is."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from rag.english.phrases import Referent, Token, kind, tokens
from rag.english.quotations import CLOSING, quotations
from rag.english.words import ARTICLES, NAMELESS, SOMEONE, TIMES
from rag.types import Span

# How many sentences are looked at before and after, and within how many characters.
_BACK, _FORWARD, _FAR = 20, 12, 6_000
# How many characters before are searched for a person's whole name.
_NAMED = 20_000
_FULL_NAME = re.compile(r"(?<![\w.])([A-Z][\w’'.-]{0,20}) ([A-Z][\w-]{1,30})\b(?! [A-Z])")


@dataclass(frozen=True)
class Surroundings:
    """Sentences that follow one another in `text`, and the quotations in them."""

    text: str
    sentences: Sequence[Span]
    quoted: Sequence[Span]

    @classmethod
    def of(cls, text: str, sentences: Sequence[Span], first: int, last: int) -> tuple[Self, int]:
        """What is around the sentences [first, last) of all those of `text`, and how many sentences before it are left out."""
        near_start = bisect_left(sentences, sentences[first].start - _FAR, key=lambda span: span.start)
        near_end = bisect_right(sentences, sentences[last - 1].end + _FAR, key=lambda span: span.end)
        low = max(0, first - _BACK, min(first, near_start))
        some = sentences[low : min(last + _FORWARD, max(last, near_end))]
        return cls(text, some, quotations(text, Span(some[0].start, some[-1].end))), low

    def words(self, number: int) -> list[Token]:
        return tokens(self.text, self.sentences[number], self.quoted)

    def shown(self, number: int) -> str:
        return self.sentences[number].of(self.text)

    def span(self, low: int, high: int) -> Span:
        return Span(self.sentences[low].start, self.sentences[high].end)

    def breaks(self, low: int, high: int) -> int:
        """How many paragraphs begin between sentence `low` and sentence `high`."""
        return sum("\n" in self.text[self.sentences[at].end : self.sentences[at + 1].start] for at in range(low, high))

    def heading(self, number: int) -> bool:
        """Whether a sentence ends without a stop: a heading, a caption, a button."""
        ending = self.shown(number)[-4:].rstrip(f"{CLOSING})]")
        return not ending.endswith((".", "!", "?", "…", ":", ";", ","))

    def follows(self, low: int, high: int, longest: int) -> bool:
        """Whether sentences `low` to `high` can be shown in one: they fit, under one heading, over one paragraph break at most."""
        return len(self.span(low, high)) <= longest and self.breaks(low, high) <= 1 and not any(self.heading(at) for at in range(low, high))

    def holding(self, at: int) -> int:
        """The sentence that the character at `at` is in, or the one after."""
        return min(bisect_right(self.sentences, at, key=lambda span: span.end), len(self.sentences) - 1)

    def around(self, span: Span) -> Span | None:
        """The quotation that `span` is wholly in."""
        last = bisect_right(self.quoted, span.start, key=lambda quoted: quoted.start) - 1
        return self.quoted[last] if last >= 0 and self.quoted[last].covers(span) else None

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of names of two and more, in what is read and the text before it."""
        start = max(0, self.sentences[-1].end - _NAMED)
        found = _FULL_NAME.findall(self.text, start, self.sentences[-1].end)
        return frozenset(last for before, last in found if before.lower() not in NAMELESS | TIMES)

    def kind(self, phrase: Sequence[Token]) -> Referent:
        """What the phrase names: a person by a surname, too, but no one by a name after "a" or "the"."""
        last = phrase[-1].bare
        named = kind([*phrase[:-1], Token(last, phrase[-1].span)])
        if named is Referent.UNKNOWN and last in self.surnames:
            return Referent.PERSON
        if named is Referent.PERSON and phrase[0].lower in ARTICLES and last.lower() not in SOMEONE:
            return Referent.UNKNOWN
        return named

    def capital_inside(self, word: str) -> bool:
        """Whether `word`, as it is written, stands after another too: then its capital is not only that of a sentence."""
        start, end = self.sentences[0].start, self.sentences[-1].end
        return any(self.text.find(f"{before} {word}", start, end) >= 0 for before in "abcdefghijklmnopqrstuvwxyz,")
