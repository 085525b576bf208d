"""The one object for what people keep beside an archive: each person's own, and nothing of another's."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from rag.desks.conversation import LONGEST_TITLE, Conversation
from rag.desks.conversations import Conversations, titled
from rag.desks.form import FILE, FORM
from rag.desks.saved import LONGEST_ADDRESS, LONGEST_WORDS, Saved, Sought
from rag.desks.saved_rows import SavedRows
from rag.desks.turn import Turn
from rag.desks.visits import Visits
from rag.errors import ArchiveError, InputError, ReadOnly
from rag.given import composed, words_of
from rag.store.side_file import SideFile
from rag.types import Filters

_log = logging.getLogger(__name__)

# the greatest number that SQLite can look for
_MOST = 2**63 - 1
_NOT_THERE = "that conversation is not here; it may have been deleted"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a person keeps: beyond `conversations`, their `turns` and their `bytes` the oldest go; more than `saved` is refused."""

    conversations: int = 1_000
    turns: int = 50
    bytes: int = 500_000_000
    saved: int = 100


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a turn is kept: the numbers of its conversation and of itself, and how many turns and conversations went to make room."""

    conversation: int
    turn: int
    turns_gone: int = 0
    conversations_gone: int = 0


class Desks:
    """Safe to share between threads. A `person` is a name, empty where there are no users and all is one person's.

    What writes raises ReadOnly where nothing is kept, ArchiveError where it cannot be written (a full disk), and
    ArchiveDamaged where the file turns out to be damaged: then it was put aside, and a new one is begun.
    """

    def __init__(self, file: SideFile | None, limits: Limits = Limits(), clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file = file
        self._limits = limits
        self._clock = clock

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, read_only: bool = False, limits: Limits = Limits()) -> Self:
        """Those beside the archive in `folder`. Nothing is kept where that may not be, or a newer program wrote them; the log says why."""
        path = Path(folder) / FILE
        if read_only:
            return cls(None, limits)
        try:
            return cls(SideFile(path, FORM), limits)
        except ArchiveError as error:
            _log.error("no conversation is kept: %s", error)
            return cls(None, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def keeps(self) -> bool:
        """Whether anything is kept; if not, lists are empty."""
        return self._file is not None

    def keep(self, person: str, conversation: int, turn: Turn) -> Filed:
        """Keeps a turn behind those of a conversation, on return on disk. One that is not there, such as 0, is begun.

        Raises InputError for a turn that alone is more than a person can keep.
        """
        file, now = self._open_file(), self._now()
        rows = Conversations(file)
        with file.transaction("IMMEDIATE"):
            number = conversation if rows.change(person, conversation, last=now) else rows.begin(person, titled(turn), now)
            added = rows.add(number, turn)
            return self._bounded(rows, person, Filed(number, added))

    def exchange(self, person: str, number: int, turn: Turn) -> bool:
        """Keeps a turn in the place of the one of that number; whether there is one."""
        file = self._open_file()
        with file.transaction("IMMEDIATE"):
            return Conversations(file).exchange(person, number, turn)

    def conversations(self, person: str, words: str = "") -> list[Conversation]:
        """Those in whose title or questions all of the words occur, whatever their case, the latest first. Raises InputError for too many words."""
        wanted = words_of(words)
        if self._file is None:
            return []
        with self._file.transaction():
            return Conversations(self._file).of(person, wanted)

    def turns(self, person: str, conversation: int) -> list[Turn]:
        """A conversation as it was shown. Raises InputError where the person has none of that number."""
        if self._file is None or not 0 < conversation <= _MOST:
            raise InputError(_NOT_THERE)
        with self._file.transaction():
            found = Conversations(self._file).turns(person, conversation)
        if not found:
            raise InputError(_NOT_THERE)
        return found

    def rename(self, person: str, conversation: int, title: str) -> None:
        """Raises InputError for a title that is blank or over 200 characters, and where the person has no conversation of that number."""
        title = " ".join(composed("title", title).split())
        if not title:
            raise InputError("the title is empty; write something")
        if len(title) > LONGEST_TITLE:
            raise InputError(f"the title has {len(title):,} characters; the most is {LONGEST_TITLE}")
        file = self._open_file()
        with file.transaction("IMMEDIATE"):
            if not (0 < conversation <= _MOST and Conversations(file).change(person, conversation, title=title)):
                raise InputError(_NOT_THERE)

    def delete(self, person: str, conversation: int) -> bool:
        """Deletes a conversation for good, with the texts that only it quotes; whether there was one of that number."""
        file = self._open_file()
        with file.transaction("IMMEDIATE"):
            gone = 0 < conversation <= _MOST and Conversations(file).delete(person, [conversation]) > 0
        file.settle()
        return gone

    def save(self, person: str, sought: Sought, words: str, filters: Filters, address: str) -> Saved:
        """Saves a question or a search; one that is saved already is given back as it is.

        Raises InputError for words or an address that are empty or too long, and where no more can be saved.
        """
        for name, text, most in (("question or search", words, LONGEST_WORDS), ("address", address, LONGEST_ADDRESS)):
            if not text.strip() or len(text) > most:
                raise InputError(f"the {name} has {len(text.strip()):,} characters; give 1 to {most:,}")
        new = Saved(0, Sought(sought), composed("words", words.strip()), filters, composed("address", address), self._now())
        file = self._open_file()
        rows = SavedRows(file)
        with file.transaction("IMMEDIATE"):
            there = rows.of(person)
            same = next((one for one in there if (one.sought, one.address) == (new.sought, new.address)), None)
            if same:
                return same
            if len(there) >= self._limits.saved:
                raise InputError(f"{self._limits.saved} questions and searches are saved, which is the most; remove one first")
            return replace(new, number=rows.add(person, new))

    def saved(self, person: str) -> list[Saved]:
        """What was saved last comes first."""
        if self._file is None:
            return []
        with self._file.transaction():
            return SavedRows(self._file).of(person)

    def unsave(self, person: str, number: int) -> bool:
        """Whether there was something saved of that number."""
        file = self._open_file()
        with file.transaction("IMMEDIATE"):
            return 0 < number <= _MOST and SavedRows(file).delete(person, number)

    def visit(self, person: str) -> datetime | None:
        """Notes that a person is here; when they were last here before this visit, in UTC, None on the first. An hour's absence ends a visit."""
        if self._file is None:
            return None
        now = self._now()
        rows = Visits(self._file)
        with self._file.transaction("IMMEDIATE"):
            before = rows.before(person, now)
            rows.note(person, now)
        return before

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _open_file(self) -> SideFile:
        if self._file is None:
            raise ReadOnly("nothing is kept here: the page is read-only, or the archive's folder may not be written to")
        return self._file

    def _bounded(self, rows: Conversations, person: str, filed: Filed) -> Filed:
        """After what had to go to make room for a turn."""
        limits = self._limits
        turns = rows.drop_oldest_turns(filed.conversation, limits.turns, limits.bytes)
        sizes = dict(rows.sizes(person))
        total = sizes.pop(filed.conversation)
        if not total:
            raise InputError("this answer quotes more than is kept of all answers together")
        old = []
        for place, (number, size) in enumerate(sizes.items(), start=1):
            total += size
            if place >= limits.conversations or total > limits.bytes:
                old.append(number)
        if old:
            rows.delete(person, old)
        return replace(filed, turns_gone=turns, conversations_gone=len(old))

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)


# for a page beside which nothing is kept
NO_DESKS = Desks(None)
