"""All that a shared archive holds, told by seals, and of which other archive it is a copy."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from rag.errors import ArchiveDamaged
from rag.store.article_rows import moment_of
from rag.store.identity import check_state
from rag.store.inventory import Inventory, Writing, article_seal
from rag.store.seal import seal, total
from rag.store.sealed_rows import row_is_sound
from rag.store.shared.articles import ARRIVED, DOCUMENT, ID, NUMBER, ORIGIN, VECTORS
from rag.store.shared.facts import damaged
from rag.store.shared.parts import Parts

_Read = TypeVar("_Read")
_COPIED, _COPIED_AS = "copied", "copied as"
_SUMS = ("seals of articles", "seals of editions", "seals of notes", "seals of feedback")


def inventory(parts: Parts, connection: Connection) -> Inventory:
    """See `Store.inventory`."""
    articles, numbers, seals = {}, {}, []
    wrong: list[ArchiveDamaged] = []
    for row in parts.articles.each(connection):
        seals.append(row[-1])
        if row_is_sound(row):
            numbers[row[ID]] = row[NUMBER]
            articles[row[ID]] = article_seal(row[ID : ORIGIN + 1], row[DOCUMENT], row[VECTORS], moment_of(row[ARRIVED]))
        else:
            wrong.append(damaged(row[ID]))
    parts.facts.check(connection, "articles", seals)
    notes = _sound(lambda: parts.notes.of(connection, None), wrong)
    feedback = _sound(lambda: parts.feedback.all(connection), wrong)
    _sound(lambda: parts.editions.check(connection), wrong)
    facts, state = parts.facts.all(connection), _state(parts, connection)
    return Inventory(
        token=parts.generations.last(connection).token,
        model=parts.identity(connection),
        passages=facts.get("passages"),
        articles=articles,
        editions=tuple(parts.editions.earlier(connection)),
        writing=Writing(tuple(notes or ()), tuple(feedback or ()), parts.notes.last(connection)),
        documents=parts.documents.seals(connection, numbers),
        copied=facts.get(_COPIED) if facts.get(_COPIED_AS) == state else None,
        damaged=tuple(wrong),
        state=state,
    )


def hold(parts: Parts, connection: Connection, state: str) -> None:
    """Keeps people from writing while the transaction lasts. Raises ArchiveMismatch where somebody has, since the archive was in that state."""
    for table in ("notes", "feedback"):
        parts.facts.hold(connection, table)
    check_state(parts.shown, state, _state(parts, connection))


def take_for_copy(parts: Parts, connection: Connection, token: str) -> str:
    """Records that the archive is, as it is now, a copy of the generation of another that has that token; gives its state."""
    state = _state(parts, connection)
    parts.facts.set(connection, {_COPIED: token, _COPIED_AS: state})
    return state


def _state(parts: Parts, connection: Connection) -> str:
    """What any change of articles, earlier texts, notes or feedback changes."""
    facts = parts.facts.all(connection)
    return seal([parts.generations.last(connection).token, *(facts.get(name) or total([]) for name in _SUMS)])


def _sound(read: Callable[[], _Read], wrong: list[ArchiveDamaged]) -> _Read | None:
    """What is read; None where it is damaged, which is added to what is wrong."""
    try:
        return read()
    except ArchiveDamaged as error:
        wrong.append(error)
        return None
