"""What one visitor has before them: the conversation, the filters, the opened article. Frozen: every step makes a new one."""

from dataclasses import dataclass, replace
from datetime import date

from rag.archive import Archive
from rag.errors import InputError, PullquoteError
from rag.followup import Understood, understood
from rag.listing import Order
from rag.types import Answer, Article, Filters, Quote

ALL = Filters()
# a longer question is no question
MOST_CHARS = 10_000
# older turns go: a visitor's memory on the server is bounded
_MOST_TURNS = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what was searched for it, and its answer or the problem in the way."""

    understood: Understood
    answer: Answer | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An article in the right pane, and which of a turn's shown quotes is looked at: those that answer first, then the near misses."""

    article: Article
    turn: int | None = None
    quote: int | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which articles are listed, and which of them is asked about for the second time before it is removed."""

    words: str = ""
    order: Order = Order.NEWEST
    offset: int = 0
    removing: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """`as_of` is that part of the filters' last day which says what was known then; `said` is what the last step came to.

    `file` is what was last taken away; `written` counts notes and removals, which change what the archive shows.
    """

    turns: tuple[Turn, ...] = ()
    filters: Filters = ALL
    as_of: date | None = None
    opened: Opened | None = None
    shelf: Shelf = Shelf()
    said: str = ""
    file: str = ""
    written: int = 0


def asked(desk: Desk, archive: Archive, question: str, *, alone: bool = False) -> Desk:
    """The question with its answer; unless it is to stand alone, words that it lacks are carried over from the turns before."""
    question = question.strip()[:MOST_CHARS]
    if not question:
        return desk
    earlier = [] if alone else [turn.understood.searched for turn in desk.turns]
    turn = _answered(archive, understood(question, earlier), desk.filters)
    return replace(desk, turns=(*desk.turns, turn)[-_MOST_TURNS:])


def asked_alone(desk: Desk, archive: Archive, number: int) -> Desk:
    """That turn asked again in its own words only, in its place."""
    turn = _turn(desk, number)
    alone = _answered(archive, understood(turn.understood.question, []), desk.filters)
    return _replaced(desk, number, alone)


def lifted(desk: Desk, archive: Archive, number: int) -> Desk:
    """The filters lifted, and that turn asked again without them."""
    again = _answered(archive, _turn(desk, number).understood, ALL)
    return replace(_replaced(desk, number, again), filters=ALL, as_of=None)


def opened_quote(desk: Desk, number: int, quote: int) -> Desk:
    """The article of a shown quote, as it was when it was quoted."""
    quotes = shown(_turn(desk, number))
    if not 0 <= quote < len(quotes):
        raise InputError("that quote is no longer on the page; ask again")
    return replace(desk, opened=Opened(quotes[quote].article, number, quote))


def opened_article(desk: Desk, archive: Archive, id: str) -> Desk:
    article = archive.article(id)
    if article is None:
        raise InputError("that article is no longer in the archive; somebody may have removed it")
    return replace(desk, opened=Opened(article))


def shown(turn: Turn) -> tuple[Quote, ...]:
    """The quotes that answer, then those that come near, as they are numbered on the page."""
    return (*turn.answer.quotes, *turn.answer.near_misses) if turn.answer else ()


def filtered(desk: Desk, after: date | None, before: date | None, as_of: date | None, sources: tuple[str, ...]) -> Desk:
    """Other filters for the questions to come. As of a day, nothing that was published later is known. Raises InputError."""
    end = min((day for day in (before, as_of) if day), default=None)
    if after and end and after > end:
        raise InputError(f"the first day ({after}) is later than the last ({end}): no article can match")
    return replace(desk, filters=Filters(after, end, sources or None), as_of=as_of)


def _answered(archive: Archive, question: Understood, chosen: Filters) -> Turn:
    try:
        return Turn(question, archive.ask(question.searched, after=chosen.after, before=chosen.before, sources=chosen.sources))
    except PullquoteError as error:
        return Turn(question, None, str(error))


def _turn(desk: Desk, number: int) -> Turn:
    if not 0 <= number < len(desk.turns):
        raise InputError("that question is no longer on the page; ask it again")
    return desk.turns[number]


def _replaced(desk: Desk, number: int, turn: Turn) -> Desk:
    return replace(desk, turns=(*desk.turns[:number], turn, *desk.turns[number + 1 :]))
