"""The SQL of conversations: every statement names the person whose they are, so that nobody's reach another."""

import logging
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from rag.desks.conversation import LONGEST_TITLE, Conversation
from rag.desks.packing import packed, unpacked
from rag.desks.quoted_articles import QuotedArticles
from rag.desks.turn import Turn, Understood
from rag.given import nfc
from rag.store.seal import digest, seal
from rag.store.side_file import SideFile
from rag.types import Article

_log = logging.getLogger(__name__)

_COLUMNS = "n, person, title, begun, last, seal"
_QUESTIONS = "(SELECT count(*) FROM turns WHERE conversation = conversations.n)"
_IN_QUESTIONS = "EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.n AND instr(folded(question), ?))"
_OWN = "conversation IN (SELECT n FROM conversations WHERE person = ?)"
_DAMAGED = "this answer is not what was kept, since the disk changed it: ask again"


class Conversations:
    """For use in a transaction."""

    def __init__(self, file: SideFile) -> None:
        self._file = file
        self._quoted = QuotedArticles(file)

    def of(self, person: str, words: Sequence[str] = ()) -> list[Conversation]:
        """Those in whose title or questions each word occurs, whatever its case; what had a question last comes first."""
        having = f" AND (instr(folded(title), ?) OR {_IN_QUESTIONS})" * len(words)
        given = [folded for word in words for folded in [word.casefold()] * 2]
        own = f"SELECT {_COLUMNS}, {_QUESTIONS} FROM conversations WHERE person = ?{having} ORDER BY last DESC, n DESC"
        rows = self._file.execute(own, (person, *given))
        return [_conversation(row) for row in rows if _is_whole(row)]

    def begin(self, person: str, title: str, now: datetime) -> int:
        """A new one; its number."""
        moment = now.isoformat()
        cursor = self._file.execute("INSERT INTO conversations VALUES (NULL, ?, ?, ?, ?, '')", (person, title, moment, moment))
        number = int(cursor.lastrowid or 0)
        self._seal(number)
        return number

    def change(self, person: str, number: int, *, title: str | None = None, last: datetime | None = None) -> bool:
        """Whether there is one of that number; one that is not what was kept is none, and would become so under a new seal."""
        row = self._file.execute(f"SELECT {_COLUMNS} FROM conversations WHERE n = ? AND person = ?", (number, person)).fetchone()
        if row is None or not _is_whole(row):
            return False
        self._file.execute(
            "UPDATE conversations SET title = coalesce(?, title), last = coalesce(?, last) WHERE n = ?",
            (title, last.isoformat() if last else None, number),
        )
        self._seal(number)
        return True

    def delete(self, person: str, numbers: Iterable[int]) -> int:
        """With all that only they quote; how many there were."""
        gone = sum(self._file.execute("DELETE FROM conversations WHERE n = ? AND person = ?", (n, person)).rowcount for n in numbers)
        self._quoted.drop_unreferred()
        return gone

    def turns(self, person: str, number: int) -> list[Turn]:
        """In their order. One that is not what was kept has a problem in the place of its answer."""
        rows = self._file.execute(
            f"SELECT n, conversation, question, seal, packed FROM turns WHERE conversation = ? AND {_OWN} ORDER BY n", (number, person)
        )
        kept = rows.fetchall()
        articles = self._quoted.of(number) if kept else {}
        return [_turn(row, articles) for row in kept]

    def add(self, conversation: int, turn: Turn) -> int:
        """Behind the conversation's other turns; its number."""
        body, articles = packed(turn)
        size = len(body) + self._quoted.add(articles)
        cursor = self._file.execute("INSERT INTO turns VALUES (NULL, ?, ?, ?, '', ?)", (conversation, size, searchable(turn), body))
        number = int(cursor.lastrowid or 0)
        self._settle(number, conversation, turn, body, articles)
        return number

    def exchange(self, person: str, number: int, turn: Turn) -> bool:
        """Puts another in a turn's place; whether there is one of that number."""
        found = self._file.execute(f"SELECT conversation FROM turns WHERE n = ? AND {_OWN}", (number, person)).fetchone()
        if found is None:
            return False
        body, articles = packed(turn)
        size = len(body) + self._quoted.add(articles)
        self._file.execute("DELETE FROM quoted WHERE turn = ?", (number,))
        self._file.execute("UPDATE turns SET bytes = ?, question = ?, packed = ? WHERE n = ?", (size, searchable(turn), body, number))
        self._settle(number, found[0], turn, body, articles)
        self._quoted.drop_unreferred()
        return True

    def sizes(self, person: str) -> list[tuple[int, int]]:
        """Of each conversation its number and its bytes, those that had a question last first."""
        rows = self._file.execute(
            "SELECT c.n, coalesce(sum(bytes), 0) FROM conversations c LEFT JOIN turns t ON t.conversation = c.n"
            " WHERE person = ? GROUP BY c.n ORDER BY last DESC, c.n DESC",
            (person,),
        )
        return [(int(number), int(size)) for number, size in rows]

    def drop_oldest_turns(self, conversation: int, most: int, most_bytes: int) -> int:
        """Leaves the newest turns that are within both bounds; how many went."""
        rows = self._file.execute("SELECT n, bytes FROM turns WHERE conversation = ? ORDER BY n DESC", (conversation,)).fetchall()
        total, gone = 0, []
        for place, (number, size) in enumerate(rows):
            total += size
            if place >= most or total > most_bytes:
                gone.append(number)
        for number in gone:
            self._file.execute("DELETE FROM turns WHERE n = ?", (number,))
        if gone:
            self._quoted.drop_unreferred()
        return len(gone)

    def _settle(self, number: int, conversation: int, turn: Turn, body: bytes, articles: Mapping[str, Article]) -> None:
        self._quoted.refer(number, articles)
        self._file.execute("UPDATE turns SET seal = ? WHERE n = ?", (_turn_seal(number, conversation, searchable(turn), body), number))

    def _seal(self, number: int) -> None:
        row = self._file.execute(f"SELECT {_COLUMNS} FROM conversations WHERE n = ?", (number,)).fetchone()
        self._file.execute("UPDATE conversations SET seal = ? WHERE n = ?", (seal(row[:-1]), number))


def searchable(turn: Turn) -> str:
    """The question as it can be looked for, and stored: in NFC, and without halves of characters."""
    return nfc(turn.understood.question.encode(errors="replace").decode())


def titled(turn: Turn) -> str:
    """What a conversation is called by its first question: that in one line, as far as a title goes."""
    return " ".join(searchable(turn).split())[:LONGEST_TITLE] or "(no words)"


def _conversation(row: Sequence[Any]) -> Conversation:
    number, _, title, begun, last, _, questions = row
    return Conversation(number, title, _moment(begun), _moment(last), questions)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _is_whole(row: Sequence[Any]) -> bool:
    whole = bool(row[5] == seal(row[:5]))
    if not whole:
        _log.error("conversation %s is not what was kept, and is left out", row[0])
    return whole


def _turn_seal(number: int, conversation: int, question: str, body: bytes) -> str:
    return seal((number, conversation, question, digest([body])))


def _turn(row: Sequence[Any], articles: Mapping[str, Article]) -> Turn:
    number, conversation, question, sealed, body = row
    try:
        if sealed == _turn_seal(number, conversation, question, body):
            return replace(unpacked(body, articles.__getitem__), number=number)
    except (KeyError, zlib.error, ValueError):
        # an article that it quotes is not what was kept
        pass
    _log.error("turn %s of conversation %s is not what was kept", number, conversation)
    return Turn(Understood(question, question, (), None), None, _DAMAGED, number)
