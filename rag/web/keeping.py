"""What a visitor keeps: each turn as it is answered, and the conversations that they come back to."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rag.desks import Conversation, Saved, Sought, seen_again
from rag.errors import ArchiveDamaged, PullquoteError
from rag.render import counted
from rag.serving.telling import told
from rag.types import Filters
from rag.web.desk import Desk, looking
from rag.web.visit import Visit

_log = logging.getLogger(__name__)


def kept(desk: Desk, visit: Visit, at: int = -1) -> Desk:
    """With a turn kept in its conversation, or in the place of the one that it replaces; where that fails it is still shown, which is said."""
    if not visit.desks.keeps:
        return desk
    turn = desk.turns[at]
    try:
        if turn.number and visit.desks.exchange(visit.whose, turn.number, turn):
            return desk
        filed = visit.desks.keep(visit.whose, desk.conversation, turn)
    except PullquoteError as error:
        return replace(desk, said=f"{desk.said} This is not kept: {told(error)}.".strip())
    gone = [(filed.turns_gone, "question of this conversation"), (filed.conversations_gone, "conversation")]
    said = [desk.said, *(f"The oldest {what} went to make room." for number, what in gone if number)]
    place = at % len(desk.turns)
    turns = (*desk.turns[:place], replace(turn, number=filed.turn), *desk.turns[place + 1 :])
    return replace(desk, turns=turns, conversation=filed.conversation, keepings=desk.keepings + 1, said=" ".join(said).strip())


def reopened(desk: Desk, visit: Visit, number: int) -> Desk:
    """A conversation as it was shown, with what has become of the articles since. Raises InputError where it is not the visitor's, or not there."""
    turns = seen_again(visit.desks.turns(visit.whose, number), _text_now(visit))
    said = f"{counted(len(turns), 'question')}, as {'it was' if len(turns) == 1 else 'they were'} answered."
    return looking(replace(desk, turns=turns, conversation=number, opened=None, said=said), "ask")


def saved(desk: Desk, visit: Visit, sought: Sought, words: str, filters: Filters, address: str) -> Desk:
    """With a question or a search saved; `address`, relative to the page's, shows it anew. Raises InputError."""
    visit.desks.save(visit.whose, sought, words, filters, address)
    return replace(desk, savings=desk.savings + 1, said=f"The {sought} is saved, in “Conversations”.")


def begun(desk: Desk) -> Desk:
    """An empty desk in the conversation's place, which stays where it is kept."""
    return replace(desk, turns=(), conversation=0, opened=None)


def fields(desk: Desk) -> list[tuple[str, str]]:
    """The field of the page's address that leads to the conversation again; none for one that is not kept."""
    return [("conversation", str(desk.conversation))] if desk.conversation else []


def at_hand(visit: Visit) -> tuple[Conversation | None, list[Saved]]:
    """The latest conversation and all that is saved, to begin from; neither where what is kept cannot be read, since the page opens all the same."""
    try:
        return next(iter(visit.desks.conversations(visit.whose)), None), visit.desks.saved(visit.whose)
    except PullquoteError as error:
        _log.error("what is kept is not shown: %s", error)
        return None, []


def last_visit(visit: Visit) -> datetime | None:
    """When the visitor was here before this visit, which is noted."""
    try:
        return visit.desks.visit(visit.whose)
    except PullquoteError as error:
        _log.error("a visit is not noted: %s", error)
        return None


def _text_now(visit: Visit) -> Callable[[str], str | None]:
    def now(id: str) -> str | None:
        try:
            article = visit.archive.article(id)
        except ArchiveDamaged:
            # nobody can say whether it has changed, and the pane that opens it says what is wrong
            return ""
        return article.sha256 if article else None

    return now
