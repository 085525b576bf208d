"""A note between its value and its row."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rag.notes import Note
from rag.store.seal import known, seal
from rag.types import Span

# the columns that hold a note's facts, in the order in which they are given and taken here
FACTS = "article, sha256, start, stop, words, text, made, author, answers"


def facts_of(note: Note) -> tuple[str | int | None, ...]:
    return note.article, note.sha256, note.span.start, note.span.end, note.words, note.text, note.made.isoformat(), note.author, note.answers


def seal_of(row: Sequence[object]) -> str:
    """The seal of a note's number and facts; an author or a note that it answers is part of it where there is one."""
    return seal(known(row))


def is_whole(row: Sequence[object]) -> bool:
    """Whether a number, facts and their seal are what was stored."""
    return row[-1] == seal_of(row[:-1])


def note_of(row: Sequence[object]) -> Note | None:
    """The note of a number, facts and their seal; None where they are not what was stored."""
    if not is_whole(row):
        return None
    number, article, sha256, start, stop, words, text, made, author, answers, _ = row
    return Note(
        number=int(str(number)),
        article=str(article),
        sha256=str(sha256),
        span=Span(int(str(start)), int(str(stop))),
        words=str(words),
        text=str(text),
        made=datetime.fromisoformat(str(made)).astimezone(UTC),
        author=None if author is None else str(author),
        answers=None if answers is None else int(str(answers)),
    )
