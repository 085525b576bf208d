"""What a visitor can do, by name. What comes from a browser is not trusted: it is read here, and refused with a reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from rag import render
from rag.archive import Archive
from rag.errors import InputError, PullquoteError
from rag.feedback import Verdict
from rag.given import valid
from rag.listing import Order
from rag.serving.telling import told
from rag.types import Answer, Filters, Outcome, Span
from rag.web import views
from rag.web.desk import Desk, ShelfView, asked, asked_alone, filtered, lifted, opened_article, opened_edition, opened_quote, stepped, turn_of

Action = Mapping[str, Any]


def perform(action: Action, desk: Desk, archive: Archive) -> Desk:
    """The desk after one action; where it is refused, the same desk with the reason said."""
    try:
        step = _STEPS.get(_text(action, "do"))
        if step is None:
            raise InputError("the page asked for something unknown; load it again")
        return step(replace(desk, said="", file=""), action, archive)
    except PullquoteError as error:
        return replace(desk, said=f"{told(error)}.", file="")


def arrive(fields: Sequence[tuple[str, str]], archive: Archive) -> Desk:
    """The desk of a visitor whose address has these fields: `q` is asked with the filters `after`, `before`, `source`, `guessed` and `undated`.

    Nothing is asked where a filter is refused: an answer without it would be another.
    """
    given = dict(fields)
    sources = [value for name, value in fields if name == "source"]
    desk = Desk()
    try:
        if sources or given.get("after") or given.get("before"):
            desk = _filters(desk, {**given, "sources": sources}, archive)
        return _ask(desk, {"more": given["q"]}, archive) if given.get("q", "").strip() else desk
    except PullquoteError as error:
        return replace(desk, said=f"{told(error)}.")


def _ask(desk: Desk, action: Action, archive: Archive) -> Desk:
    return _told(asked(desk, archive, _text(action, "more")))


def _alone(desk: Desk, action: Action, archive: Archive) -> Desk:
    number = _number(action, "turn")
    return _told(asked_alone(desk, archive, number), number)


def _lift(desk: Desk, action: Action, archive: Archive) -> Desk:
    number = _number(action, "turn")
    return _told(lifted(desk, archive, number), number)


def _again(desk: Desk, action: Action, archive: Archive) -> Desk:
    # copies, which the page is sent anew: one of them never came
    return _told(replace(desk, turns=tuple(map(replace, desk.turns)))) if desk.turns else desk


def _open(desk: Desk, action: Action, archive: Archive) -> Desk:
    return opened_quote(desk, _number(action, "turn"), _number(action, "quote"))


def _step(desk: Desk, action: Action, archive: Archive) -> Desk:
    return stepped(desk, _number(action, "more"))


def _article(desk: Desk, action: Action, archive: Archive) -> Desk:
    return opened_article(desk, archive, _text(action, "more"))


def _edition(desk: Desk, action: Action, archive: Archive) -> Desk:
    return opened_edition(desk, archive, _text(action, "more"))


def _close(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(desk, opened=None)


def _clear(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(desk, turns=(), opened=None, said="The conversation is cleared.")


def _export(desk: Desk, action: Action, archive: Archive) -> Desk:
    turns = desk.turns if _text(action, "turn") == "all" else [turn_of(desk, _number(action, "turn"))]
    answers = [turn.answer for turn in turns if turn.answer]
    if not answers:
        raise InputError("there is no answer to take away yet; ask something first")
    return replace(desk, file=views.download(answers, _text(action, "more")), said="The file is written; your browser saves it.")


def _feedback(desk: Desk, action: Action, archive: Archive) -> Desk:
    turn = turn_of(desk, _number(action, "turn"))
    if turn.answer is None:
        raise InputError("that question has no answer to judge; ask it again")
    try:
        verdict = Verdict(_text(action, "more"))
    except ValueError:
        raise InputError("a verdict is right, wrong or missing") from None
    quote = _number(action, "quote") if _text(action, "quote") else None
    if quote is not None and not 0 <= quote < len(turn.answer.quotes):
        raise InputError("that quote is no longer on the page; ask again")
    archive.give_feedback(turn.answer, verdict, quote, _text(action, "comment"))
    return replace(desk, said="Thank you: noted in this archive, for its evaluation.")


def _note(desk: Desk, action: Action, archive: Archive) -> Desk:
    id, start, end = _text(action, "more"), _number(action, "start"), _number(action, "end")
    current = archive.article(id)
    if current is None or current.sha256 != _text(action, "sha256"):
        raise InputError("the article has changed since it was opened; open it again, then pin the note")
    if not 0 <= start < end:
        raise InputError("nothing is selected; select the words that the note is about")
    archive.write_note(id, Span(start, end), _text(action, "text"))
    return replace(desk, written=desk.written + 1, said="The note is pinned.")


def _unnote(desk: Desk, action: Action, archive: Archive) -> Desk:
    gone = archive.remove_note(_number(action, "more"))
    return replace(desk, written=desk.written + 1, said="The note is removed." if gone else "That note was removed already.")


def _shelf(desk: Desk, action: Action, archive: Archive) -> Desk:
    try:
        order = Order(_text(action, "order"))
    except ValueError:
        raise InputError("articles cannot be sorted so; choose an order of the list") from None
    return replace(desk, shelf=ShelfView(_text(action, "words")[:200], order))


def _page(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, offset=max(0, _number(action, "more")), removing=""))


def _removing(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, removing=_text(action, "more")))


def _keep(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, removing=""))


def _remove(desk: Desk, action: Action, archive: Archive) -> Desk:
    id = _text(action, "more")
    if desk.shelf.removing != id:
        raise InputError("removing an article is asked twice; choose it in the list first")
    removed = archive.remove([id])
    opened = None if desk.opened and desk.opened.article.id == id else desk.opened
    said = "The article is removed." if removed else "That article was removed already."
    return replace(desk, shelf=replace(desk.shelf, removing=""), opened=opened, written=desk.written + 1, said=said)


def _filters(desk: Desk, action: Action, archive: Archive) -> Desk:
    sources = action.get("sources") or []
    if not isinstance(sources, list):
        raise InputError("the sources are no list; load the page again")
    after, before, as_of = (_day(_text(action, name)) for name in ("after", "before", "as_of"))
    guessed, undated = (_whether(_text(action, name)) for name in ("guessed", "undated"))
    narrowed = filtered(desk, Filters(after, before, tuple(map(str, sources)) or None, guessed, undated), as_of)
    left = archive.counted(**asdict(narrowed.filters))
    return replace(narrowed, said=f"The filters leave {render.counted(left.articles, 'article')}.")


def _nofilters(desk: Desk, action: Action, archive: Archive) -> Desk:
    return replace(filtered(desk, Filters(), None), said="The filters are lifted.")


_STEPS: Mapping[str, Callable[[Desk, Action, Archive], Desk]] = {
    "ask": _ask, "alone": _alone, "lift": _lift, "again": _again, "open": _open, "step": _step, "article": _article, "edition": _edition,
    "close": _close, "clear": _clear, "export": _export, "feedback": _feedback, "note": _note, "unnote": _unnote, "shelf": _shelf, "page": _page,
    "removing": _removing, "keep": _keep, "remove": _remove, "filters": _filters, "nofilters": _nofilters,
}  # fmt: skip


def _told(desk: Desk, number: int = -1) -> Desk:
    """With what a turn's answer came to, in a line; the last one's where no other is named."""
    answer = desk.turns[number].answer
    if answer is None:
        return replace(desk, said="This could not be answered.")
    return replace(desk, said=" ".join(line for line in (render.unread(answer.searched.damaged), _came_to(answer)) if line))


def _came_to(answer: Answer) -> str:
    if answer.outcome is not Outcome.ANSWERED:
        # the nearest are in the conversation, not in this line
        return f"{render.MAY_NOT_ANSWER}." if answer.outcome is Outcome.WEAK_EVIDENCE else render.reason(answer)
    articles = {quote.article.id for quote in answer.quotes}
    told = render.origins_text(answer.quotes) or render.counted(len(articles), "article")
    return f"{render.counted(len(answer.quotes), 'quote')} from {told}."


def _text(action: Action, name: str) -> str:
    value = action.get(name, "")
    return valid(name, value if isinstance(value, str) else str(value))


def _number(action: Action, name: str) -> int:
    try:
        return int(_text(action, name))
    except ValueError:
        raise InputError("the page sent something that is no number; load it again") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise InputError(f"{text[:20]!r} is not a day; write it as YYYY-MM-DD") from None


def _whether(text: str) -> bool:
    # a box that is not ticked is not sent
    if text not in ("", "true", "false"):
        raise InputError(f"{text[:20]!r} is neither true nor false")
    return text == "true"
