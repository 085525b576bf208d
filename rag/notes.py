"""Readers' notes, pinned to words of an article, and the answers to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.types import Article, Span

LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader wrote about a selection of an article's text, or in answer to such a note.

    `article` is an id, `span` and `words` are the selection in the text whose
    SHA-256 is `sha256`, `text` is the reader's own, `made` is in UTC, to the
    second. `number` names the note in its archive and is never used twice; 0 is
    a note that is not stored yet. `author` is a name, None where one person
    writes, or wrote when notes had no authors. `answers` is the number of the
    note that this one answers, whose selection it shares: that may be removed since.
    """

    number: int
    article: str
    sha256: str
    span: Span
    words: str
    text: str
    made: datetime
    author: str | None = None
    answers: int | None = None

    def stands_in(self, article: Article) -> bool:
        """Whether `article` has the very text that the note was pinned to.

        If not, the article was replaced since: `span` counts in the earlier text,
        and `words` are what stood there.
        """
        return (article.id, article.sha256) == (self.article, self.sha256)

    def has_words(self, words: Iterable[str], title: str) -> bool:
        """Whether every one of `words` is in its text, selection, author or its article's `title`, whatever its case, also as part of a word."""
        told = "\n".join([self.text, self.words, self.author or "", title]).casefold()
        return all(word.casefold() in told for word in words)


@dataclass(frozen=True, slots=True)
class Thread:
    """A note with its answers in the order in which they were made; of a note that was removed they are left, and `note` is None."""

    note: Note | None
    answers: Sequence[Note]

    @property
    def first(self) -> Note:
        """What tells of what the thread is about: the note, or the first of the answers to one that was removed."""
        return self.note or self.answers[0]


def threads(notes: Iterable[Note]) -> list[Thread]:
    """Notes that are in the order in which they were made, each with its answers; the note that was made last is first."""
    by_note: dict[int, list[Note]] = {}
    for note in notes:
        by_note.setdefault(note.answers or note.number, []).append(note)
    return [
        Thread(next((note for note in some if not note.answers), None), tuple(note for note in some if note.answers))
        for _, some in sorted(by_note.items(), reverse=True)
    ]


def searched(notes: Sequence[Note], words: Sequence[str], titles: Mapping[str, str]) -> list[Note]:
    """Those of the threads in which a note has all `words`; `titles` are those of articles by id."""
    found = {note.answers or note.number for note in notes if note.has_words(words, titles.get(note.article, ""))}
    return [note for note in notes if (note.answers or note.number) in found]
