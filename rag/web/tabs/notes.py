"""The notes on all articles with the answers to them, and what a visitor does with a note wherever it stands."""

from dataclasses import replace
from itertools import groupby

from rag import render
from rag.errors import InputError
from rag.notes import Note, Thread, threads
from rag.web.action import Action, number, text
from rag.web.desk import Desk, NotesView, Opened
from rag.web.markup import html
from rag.web.tabs.tab import Tab
from rag.web.visit import Visit

PAGE_SIZE = 50


def _show(desk: Desk, visit: Visit) -> str:
    asked = desk.notes
    found = threads(visit.archive.notes(words=asked.words))
    shown = found[asked.offset : asked.offset + PAGE_SIZE]
    return html(
        "notes",
        words=asked.words,
        days=[(day, list(some)) for day, some in groupby(shown, key=_day)],
        titles=visit.archive.titles({one.first.article for one in shown}),
        total=len(found),
        total_text=render.counted(len(found), "note") + (" with these words" if asked.words else ""),
        offset=asked.offset,
        size=PAGE_SIZE,
        removing=asked.removing,
        can_write=visit.can_write,
        person=visit.person,
        writer=render.writer_text,
    )


def _day(one: Thread) -> str:
    return render.day_text(one.first.made.date())


def _search(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, notes=NotesView(text(action, "words")[:200]))


def _page(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, notes=replace(desk.notes, offset=max(0, number(action, "more")), removing=0))


def _open(desk: Desk, action: Action, visit: Visit) -> Desk:
    """The text that a note is pinned to, at the note's words."""
    note = _note(visit, number(action, "more"))
    texts = [visit.archive.article(note.article), *(edition.article for edition in visit.archive.editions(note.article))]
    pinned = next((one for one in texts if one and note.stands_in(one)), None)
    if pinned is None:
        raise InputError("the text that the note is pinned to is no longer in the archive; somebody may have removed the article")
    return replace(desk, opened=Opened(pinned, window=note.span))


def _answer(desk: Desk, action: Action, visit: Visit) -> Desk:
    visit.archive.answer_note(number(action, "more"), text(action, "text"), visit.person)
    return replace(desk, written=desk.written + 1, said="The answer is kept.")


def _removing(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, notes=replace(desk.notes, removing=number(action, "more")))


def _keep(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, notes=replace(desk.notes, removing=0))


def _remove(desk: Desk, action: Action, visit: Visit) -> Desk:
    asked = number(action, "more")
    if desk.notes.removing != asked:
        raise InputError("removing a note is asked twice; choose it in the list first")
    gone = visit.archive.remove_note(asked, visit.person)
    said = "The note is removed." if gone else "That note was removed already."
    return replace(desk, notes=replace(desk.notes, removing=0), written=desk.written + 1, said=said)


def _note(visit: Visit, wanted: int) -> Note:
    note = next((note for note in visit.archive.notes() if note.number == wanted), None)
    if note is None:
        raise InputError("that note is no longer in the archive; somebody may have removed it")
    return note


TAB = Tab(
    name="notes",
    label="Notes",
    view=lambda desk: desk.notes,
    show=_show,
    steps={
        "notes": _search,
        "notepage": _page,
        "opennote": _open,
        "answer": _answer,
        "unnoting": _removing,
        "keepnote": _keep,
        "unnote": _remove,
    },
)
