"""The conversations that a visitor keeps, by day, and the questions and searches that they saved."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from rag import render
from rag.desks import Conversation, Saved, Sought
from rag.errors import InputError
from rag.web.action import Action, number, text
from rag.web.desk import ConversationsView, Desk, turn_of
from rag.web.keeping import begun, reopened, saved
from rag.web.markup import html
from rag.web.tabs.tab import Tab
from rag.web.taking import FORMATS, download, permalink
from rag.web.visit import Visit

NAME = "conversations"
PAGE_SIZE = 50


def _show(desk: Desk, visit: Visit) -> str:
    asked = desk.conversations
    found = visit.desks.conversations(visit.whose, asked.words)
    listed = found[asked.offset : asked.offset + PAGE_SIZE]
    return html(
        "conversations",
        keeps=visit.desks.keeps,
        can_write=visit.can_write,
        words=asked.words,
        total=len(found),
        total_text=render.counted(len(found), "conversation") + (" with these words" if asked.words else ""),
        days=_by_day(listed),
        at=desk.conversation,
        renaming=asked.renaming,
        deleting=asked.deleting,
        offset=asked.offset,
        size=PAGE_SIZE,
        formats=FORMATS,
        counted=render.counted,
        saved=[(one, _about(one)) for one in visit.desks.saved(visit.whose)],
    )


def _kept(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, conversations=ConversationsView(text(action, "words")[:200]))


def _further(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, conversations=ConversationsView(desk.conversations.words, max(0, number(action, "more"))))


def _reopen(desk: Desk, action: Action, visit: Visit) -> Desk:
    return reopened(desk, visit, number(action, "more"))


def _renaming(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, conversations=replace(desk.conversations, renaming=number(action, "more"), deleting=0))


def _rename(desk: Desk, action: Action, visit: Visit) -> Desk:
    visit.desks.rename(visit.whose, number(action, "more"), text(action, "title"))
    return replace(_listed(desk), said="The conversation is renamed.")


def _deleting(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, conversations=replace(desk.conversations, deleting=number(action, "more"), renaming=0))


def _delete(desk: Desk, action: Action, visit: Visit) -> Desk:
    chosen = number(action, "more")
    if desk.conversations.deleting != chosen:
        raise InputError("deleting a conversation is asked twice; choose it in the list first")
    gone = visit.desks.delete(visit.whose, chosen)
    left = begun(desk) if chosen == desk.conversation else desk
    return replace(_listed(left), said="The conversation is deleted." if gone else "That conversation was deleted already.")


def _spare(desk: Desk, action: Action, visit: Visit) -> Desk:
    return _listed(desk)


def _take(desk: Desk, action: Action, visit: Visit) -> Desk:
    answers = [turn.answer for turn in visit.desks.turns(visit.whose, number(action, "turn")) if turn.answer]
    if not answers:
        raise InputError("that conversation has no answer to take away")
    return replace(desk, file=download(answers, text(action, "more")), said="The file is written; your browser saves it.")


def _save(desk: Desk, action: Action, visit: Visit) -> Desk:
    turn = turn_of(desk, number(action, "turn"))
    filters = turn.answer.searched.filters if turn.answer else desk.filters
    return saved(desk, visit, Sought.QUESTION, turn.understood.searched, filters, permalink(turn, filters))


def _unsave(desk: Desk, action: Action, visit: Visit) -> Desk:
    gone = visit.desks.unsave(visit.whose, number(action, "more"))
    return replace(desk, savings=desk.savings + 1, said="It is saved no longer." if gone else "That was removed already.")


def _listed(desk: Desk) -> Desk:
    """The list as it is now, with nothing asked about."""
    return replace(desk, conversations=replace(desk.conversations, renaming=0, deleting=0), keepings=desk.keepings + 1)


def _by_day(listed: Iterable[Conversation]) -> list[tuple[str, list[tuple[Conversation, str]]]]:
    """Each day, in this machine's time, with its conversations and when each had its last question."""
    placed = [(one, one.last.astimezone()) for one in listed]
    today = datetime.now(UTC).astimezone()
    names = {today.date(): "Today", (today - timedelta(days=1)).date(): "Yesterday"}
    days = groupby(placed, key=lambda pair: pair[1].date())
    return [(names.get(day, day.isoformat()), [(one, f"{last:%H:%M}") for one, last in those]) for day, those in days]


def _about(one: Saved) -> str:
    return f"{one.sought}, {render.filters_text(one.filters)}" if one.filters else str(one.sought)


TAB = Tab(
    name=NAME,
    label="Conversations",
    # looked at again, it is made anew: another browser may have added to it
    view=lambda desk: (desk.conversations, desk.keepings, desk.savings, desk.conversation, desk.tab == NAME),
    show=_show,
    steps={
        "kept": _kept, "further": _further, "reopen": _reopen, "renaming": _renaming, "rename": _rename, "deleting": _deleting,
        "delete": _delete, "spare": _spare, "take": _take, "save": _save, "unsave": _unsave,
    },
)  # fmt: skip
