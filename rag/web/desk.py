"""What one visitor has before them: the conversation, the filters, the opened article. Frozen: every step makes a new one."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from rag.archive import Archive
from rag.desks import Turn, Understood
from rag.errors import InputError, PullquoteError
from rag.given import question_of
from rag.listing import Order
from rag.serving.telling import told
from rag.types import Article, Filters, Quote, Ranking, Span
from rag.web.followup import understood

ALL = Filters()
# older turns go: a visitor's memory on the server is bounded
_MOST_TURNS = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """An article in the right pane; where it was opened by a quote, the quotes beside that one, and which of them is looked at.

    The first `answering` of the quotes answer, the others come near. Where it was opened by a search, `window` is
    what that showed of it, and `words` are where the words stand there; where by a note, `window` are that note's words.
    """

    article: Article
    quotes: tuple[Quote, ...] = ()
    answering: int = 0
    at: int | None = None
    window: Span | None = None
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchView:
    """What is searched for, among which articles, and from which line on it is shown."""

    words: str = ""
    filters: Filters = ALL
    ranking: Ranking = Ranking.RELEVANCE
    passages: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ShelfView:
    """Which articles are listed, and which of them is asked about for the second time before it is removed."""

    words: str = ""
    order: Order = Order.NEWEST
    offset: int = 0
    removing: str = ""


@dataclass(frozen=True, slots=True)
class ConversationsView:
    """Which of the kept conversations are listed, and which of them, if any, is being renamed or asked about a second time before it is deleted."""

    words: str = ""
    offset: int = 0
    renaming: int = 0
    deleting: int = 0


@dataclass(frozen=True, slots=True)
class NotesView:
    """Which notes are listed, and the number of the one that is asked about for the second time before it is removed."""

    words: str = ""
    offset: int = 0
    removing: int = 0


@dataclass(frozen=True, slots=True)
class TodayView:
    """Since which day it is told what is new, None for the newest day that there is; or what came in since the visitor was last here."""

    since: date | None = None
    lately: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """`until` and `as_of` are what the filters' last day is made of, as they were asked for; `said` is what the last step came to.

    `file` is what was last taken away; `written` counts notes and removals, which change what the archive shows.
    `tab` is the one that is looked at, `looked` are those that were, whose parts are kept up to date; `led` counts
    how often a step led to a tab that the visitor did not open. `conversation` is the number of the one whose turns
    these are, 0 while it is not kept; `keepings` counts changes of the conversations that are kept, `savings` those of
    what is saved; `since` is when the visitor was last here before this visit, None on the first.
    """

    turns: tuple[Turn, ...] = ()
    filters: Filters = ALL
    until: date | None = None
    as_of: date | None = None
    opened: Opened | None = None
    shelf: ShelfView = ShelfView()
    search: SearchView = SearchView()
    notes: NotesView = NotesView()
    today: TodayView = TodayView()
    said: str = ""
    file: str = ""
    written: int = 0
    tab: str = "ask"
    looked: frozenset[str] = frozenset({"ask"})
    led: int = 0
    conversations: ConversationsView = ConversationsView()
    conversation: int = 0
    keepings: int = 0
    savings: int = 0
    since: datetime | None = None


def asked(desk: Desk, archive: Archive, question: str) -> Desk:
    """The question with its answer; words that it lacks are carried over from the turns before.

    Raises InputError for a question that is empty or over 10,000 characters.
    """
    if not question.strip():
        raise InputError("there is no question yet; type one first")
    question_of(question)
    # shown as it was typed; the archive composes its accents
    turn = _answered(archive, understood(question.strip(), [turn.understood.searched for turn in desk.turns]), desk.filters)
    return replace(desk, turns=(*desk.turns, turn)[-_MOST_TURNS:])


def asked_alone(desk: Desk, archive: Archive, number: int) -> Desk:
    """That turn asked again in its own words only, in its place and with the filters that it had."""
    turn = turn_of(desk, number)
    chosen = turn.answer.searched.filters if turn.answer else desk.filters
    alone = _answered(archive, understood(turn.understood.question, []), chosen)
    return _replaced(desk, number, alone)


def lifted(desk: Desk, archive: Archive, number: int) -> Desk:
    """The filters lifted, and that turn asked again without them."""
    again = _answered(archive, turn_of(desk, number).understood, ALL)
    return replace(_replaced(desk, number, again), filters=ALL, until=None, as_of=None)


def opened_quote(desk: Desk, number: int, quote: int) -> Desk:
    """The article of a shown quote, as it was when it was quoted."""
    turn = turn_of(desk, number)
    return _at(desk, shown(turn), len(turn.answer.quotes) if turn.answer else 0, quote)


def stepped(desk: Desk, steps: int) -> Desk:
    """The article of a quote beside the one that is looked at."""
    opened = desk.opened
    return desk if opened is None or opened.at is None else _at(desk, opened.quotes, opened.answering, opened.at + steps)


def opened_article(desk: Desk, archive: Archive, id: str) -> Desk:
    article = archive.article(id)
    if article is None:
        raise InputError("that article is no longer in the archive; somebody may have removed it")
    return replace(desk, opened=Opened(article))


def opened_edition(desk: Desk, archive: Archive, sha256: str) -> Desk:
    """An earlier text of the opened article."""
    editions = archive.editions(desk.opened.article.id) if desk.opened else ()
    article = next((edition.article for edition in editions if edition.article.sha256 == sha256), None)
    if article is None:
        raise InputError("that earlier text is no longer in the archive; somebody may have removed the article")
    return replace(desk, opened=Opened(article))


def looking(desk: Desk, tab: str) -> Desk:
    """The visitor led to that tab."""
    return replace(desk, tab=tab, looked=desk.looked | {tab}, led=desk.led + 1)


def shown(turn: Turn) -> tuple[Quote, ...]:
    """The quotes that answer, then those that come near, as they are numbered on the page."""
    return (*turn.answer.quotes, *turn.answer.near_misses) if turn.answer else ()


def filtered(desk: Desk, chosen: Filters, as_of: date | None) -> Desk:
    """Other filters for the questions to come. As of a day, nothing that was published later is known. Raises InputError."""
    end = min((day for day in (chosen.before, as_of) if day), default=None)
    if chosen.after and end and chosen.after > end:
        raise InputError(f"the first day ({chosen.after}) is later than the last ({end}): no article can match")
    return replace(desk, filters=replace(chosen, before=end), until=chosen.before, as_of=as_of)


def turn_of(desk: Desk, number: int) -> Turn:
    """Raises InputError where there is no such turn any more."""
    if not 0 <= number < len(desk.turns):
        raise InputError("that question is no longer on the page; ask it again")
    return desk.turns[number]


def _at(desk: Desk, quotes: tuple[Quote, ...], answering: int, at: int) -> Desk:
    if not 0 <= at < len(quotes):
        raise InputError("that quote is no longer on the page; ask again")
    return replace(desk, opened=Opened(quotes[at].article, quotes, answering, at))


def _answered(archive: Archive, question: Understood, chosen: Filters) -> Turn:
    try:
        return Turn(question, archive.ask(question.searched, **asdict(chosen)))
    except PullquoteError as error:
        return Turn(question, None, told(error))


def _replaced(desk: Desk, number: int, turn: Turn) -> Desk:
    there = desk.turns[number]
    return replace(desk, turns=(*desk.turns[:number], replace(turn, number=there.number), *desk.turns[number + 1 :]))
