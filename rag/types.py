"""The values that travel: windows onto articles, never copies of their text.

Offsets are Unicode code points into `Article.text`, start in, end out (the
TextPositionSelector of the W3C Web Annotation model).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points. Raises ValueError unless 0 <= start <= end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0 on, not from {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def moved(self, by: int) -> "Span":
        """The span so many code points later. Raises ValueError where it would begin before 0."""
        return Span(self.start + by, self.end + by)

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Provenance(StrEnum):
    """Which part of a document told a fact, the surest first; `GUESSED` is what only a heuristic found."""

    HEADER = "header"
    JSON_LD = "json-ld"
    OPENGRAPH = "opengraph"
    META = "meta"
    BYLINE = "byline"
    FEED = "feed"
    MAIL = "mail"
    PROPERTIES = "document properties"
    FILE_NAME = "file name"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is told of a document, as it is written there."""

    value: str
    told_by: Provenance


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a document; None where nothing tells it. `language` is a code of two letters, such as "en"."""

    id: Fact | None = None
    title: Fact | None = None
    author: Fact | None = None
    source: Fact | None = None
    published: Fact | None = None
    updated: Fact | None = None
    url: Fact | None = None
    language: Fact | None = None

    def or_else(self, others: "Facts") -> "Facts":
        """These, and of the others what these do not tell."""
        return Facts(**{one.name: getattr(self, one.name) or getattr(others, one.name) for one in fields(Facts)})


NOTHING_TOLD = Facts()
# what a row of a table can tell of an article
ARTICLE_COLUMNS = (*(one.name for one in fields(Facts)), "text")


class Kind(StrEnum):
    """What a part of an article's text is."""

    BODY = "body"
    HEADING = "heading"
    TABLE_ROW = "table row"
    CAPTION = "caption"
    BYLINE = "byline"
    DATELINE = "dateline"
    PROMOTION = "promotion"
    PAGE_FURNITURE = "page furniture"
    MACHINE_SUMMARY = "machine summary"
    RELATED = "related"
    COMMENT = "comment"
    CORRECTION = "correction note"

    @property
    def is_own(self) -> bool:
        """Whether the article itself says it, and it may be quoted; a heading only with what it heads."""
        return self in (Kind.BODY, Kind.TABLE_ROW, Kind.HEADING)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: `page` counts from 1, the sides are in points as a PDF counts them, before the page is turned for a viewer."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an article's text, what it is, and where the document that it was read from has it.

    `place` is an XPath in HTML, "paragraph 3" in a Word file, "chapter 2" in a book, "part 1.2" in a mail,
    "row 7" in a table, "page 4" in a PDF; empty where nothing more is known. `box` is where a PDF shows it.
    """

    span: Span
    kind: Kind
    place: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The document that an article was read from: the SHA-256 of its bytes, its format, and which version of the readers read it.

    `data` are its bytes where the article was just read; those of an article in an archive are what `Archive.original` gives.
    """

    sha256: str
    format: str
    reader: int
    data: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """One article in its canonical text. `rag.corpus.article` makes them.

    `sha256` is of the text as UTF-8, in hexadecimal. `origin` is where it was
    read from: a file's path, or empty for an article made in a program.
    `updated` and `language` (a code of two letters) are None where nothing tells
    them. `facts` are what its document told of it, as it is written there; `parts`
    are what stretches of the text are, in its order, and empty where all is body.
    `original` is the document itself, None where it was not kept or there was none.
    `warnings`, for a person to read, tell what of it could not be read as it
    was meant, or was inferred; the archive does not keep them.
    """

    id: str
    title: str
    source: str | None
    author: str | None
    published: date | None
    url: str | None
    text: str = field(repr=False)
    sha256: str
    origin: str = ""
    updated: date | None = None
    language: str | None = field(default=None, compare=False)
    facts: Facts = field(default=NOTHING_TOLD, repr=False, compare=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)
    original: Original | None = field(default=None, repr=False, compare=False)

    @property
    def corrections(self) -> tuple[Span, ...]:
        """Where it says that an earlier text of it was wrong, or was changed."""
        return tuple(part.span for part in self.parts if part.kind is Kind.CORRECTION)

    def parts_in(self, span: Span) -> tuple[Part, ...]:
        """The parts that share a character with `span`, in the text's order."""
        first = bisect_right(self.parts, span.start, key=lambda part: part.span.end)
        return tuple(takewhile(lambda part: part.span.start < span.end, self.parts[first:]))

    def may_quote(self, span: Span) -> bool:
        """Whether all that stands there is the article's own, and more than headings."""
        kinds = {part.kind for part in self.parts_in(span)}
        return self.is_own(span) and kinds != {Kind.HEADING}

    def is_own(self, span: Span) -> bool:
        """Whether the article itself says all that stands there: no caption, comment or other furniture is among it."""
        return all(part.kind.is_own for part in self.parts_in(span))


@dataclass(frozen=True, slots=True)
class Edition:
    """An earlier text of an article, with what was known of it then, and when another text took its place: `replaced` is in UTC, to the second."""

    article: Article
    replaced: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that did not become an article, and why, for a person to read."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that is not looked into, and why, for a person to read."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server called a page when it was fetched: sent back, they ask only whether that has changed (RFC 9110, 8.8).

    They are for `final_url` alone, where redirects led.
    """

    final_url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page at `url`, or where redirects led from there, is what it was when it was fetched before."""

    url: str
    final_url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file or page that was looked into: its path or address, the SHA-256 of its bytes, and which version of the readers read it.

    `sha256` is empty where it cannot be known again: it was not read, or what it only names was. `columns` says, as JSON, where
    they were told to look for facts, `validators` what its server called a page. Among what `rag.corpus.read_documents` gives
    it stands after all that is in the file.
    """

    origin: str
    sha256: str
    reader: int
    columns: str = "{}"
    validators: Validators | None = None

    @property
    def place(self) -> str:
        """Where its articles are from, as they say."""
        return self.validators.final_url if self.validators else self.origin


@dataclass(frozen=True, slots=True)
class Kept:
    """What was in a document when it was read: the ids of its articles, which the archive has as they were, and what was refused of it."""

    document: Document
    ids: tuple[str, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class ArticleWarning:
    """Something about how an article was read that its reader should know; the article was taken all the same."""

    id: str
    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of an article, the unit that is indexed and retrieved."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)

    @property
    def indexed_text(self) -> str:
        """What is encoded and what words are looked for in: its text, below the title that it stands under."""
        return f"{self.article.title}\n{self.text}"

    @property
    def key(self) -> str:
        return f"{self.article.id}:{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. Its rank is its position in the list of hits."""

    passage: Passage
    score: float


# so many of an article's copies are named
MOST_COPIES = 20
# so many articles on a topic are listed
MOST_ON_TOPIC = 40


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, shown as they stand there.

    `score` orders quotes, `confidence` (0 to 1) is how likely it is that the
    quote answers, or in a list of articles on a topic that its article is on it, `context` is the window that it was read in, `speaker` the
    words that name who is speaking, where the article says so. `lead` is an
    earlier sentence of the article, not touching `span`, that the quote's words
    point back to: it is shown before them, with a visible "[…]" between.
    `answer` are the words inside `span` that answer the question, None where no
    words of it were found to. `copies` are the articles that are near-copies of
    this one, of those that the question's filters leave: at most MOST_COPIES, the earliest first.
    """

    article: Article
    span: Span
    score: float
    confidence: float
    context: Span
    speaker: Span | None = None
    lead: Span | None = None
    answer: Span | None = None
    copies: tuple[Article, ...] = ()

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Related:
    """Another article on the matter of an opened one; `score` is the cosine of the two (-1 to 1)."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Overview:
    """What an opened article shows beside its text.

    `keywords` (the most telling first) and `gist` (its main sentences, in its
    order) are windows of its text; `related` are other articles, newest first;
    `copies` are its near-copies, at most MOST_COPIES, the earliest first.
    """

    article: Article
    keywords: tuple[Span, ...]
    gist: tuple[Span, ...]
    related: tuple[Related, ...]
    copies: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a day or a name inside a quote: `quote` is the quote's position in the answer."""

    value: str
    quote: int
    span: Span
    published: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Different answers that articles give to the question, newest first, undated ones last.

    `about` is the word for what is counted, as the newest article that has one says it; empty where nothing is.
    """

    about: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: those of days from `after` to `before` (both included), by `sources`; None means no restriction.

    Each string of `having` is some words, and only those articles may answer of which one passage, with its title, has them
    all: their stems, and what stands in quotation marks as it stands.

    An article's day is that of its publication, as something in its document tells it. Where nothing does, the article is
    undated, and its day may be guessed: then only a heuristic found it. Inside a range of days are

        guessed  undated
        False    False    articles whose day is told and lies in it
        True     False    these, and those whose guessed day lies in it
        False    True     those whose day is told and lies in it, and all that are undated, whatever is guessed of them
        True     True     those whose day, told or guessed, lies in it, and all of which neither is known

    Without `after` and `before` neither restricts or adds anything.
    """

    after: date | None = None
    before: date | None = None
    sources: tuple[str, ...] | None = None
    guessed: bool = False
    undated: bool = False
    having: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether they restrict anything."""
        return self.by_day or self.sources is not None or bool(self.having)

    @property
    def by_day(self) -> bool:
        return self.after is not None or self.before is not None


class Outcome(StrEnum):
    ANSWERED = "answered"
    NOTHING_FOUND = "nothing_found"
    WEAK_EVIDENCE = "weak_evidence"
    OUTSIDE_FILTERS = "outside_filters"
    EMPTY_ARCHIVE = "empty_archive"


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched, after the filters: counts, and the range of publication dates.

    `undated` counts articles whose day of publication nothing tells, `guessed` those of them whose day is guessed.
    `undated_left_out` are those that would be searched too if `Filters.undated` were set, `guessed_left_out` if
    `Filters.guessed` were: of the same articles.
    `damaged` are the ids of articles that are not what was stored, and were found or
    could not be looked for: none of their words was read, and `articles` and
    `passages` count none that could not be looked for.
    """

    articles: int
    passages: int
    earliest: date | None
    latest: date | None
    undated: int
    filters: Filters = Filters()
    damaged: Sequence[str] = ()
    guessed: int = 0
    undated_left_out: int = 0
    guessed_left_out: int = 0


class Ranking(StrEnum):
    """How what is found is ordered; by day, what is undated comes last, and what is equal goes by relevance."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Match(StrEnum):
    """What a search came to: `MEANING` where no article has all of its words, `NO_WORDS` where it has none but the commonest."""

    WORDS = "words"
    MEANING = "meaning"
    NO_WORDS = "no_words"
    NOTHING_FOUND = "nothing_found"
    OUTSIDE_FILTERS = "outside_filters"
    EMPTY_ARCHIVE = "empty_archive"


@dataclass(frozen=True, slots=True)
class Finding:
    """An article that was found, or a passage of it: `passage` is the best one, `snippet` a window inside it.

    `words` are where the query's words stand in the snippet, `title_words` where in the
    title. `by_meaning` says that no passage of the article has all of the words. `folded`
    counts other articles of the same story that were found and have no line of their own;
    `copies` are those of `Quote`.
    """

    article: Article
    passage: Span
    snippet: Span
    words: tuple[Span, ...] = ()
    title_words: tuple[Span, ...] = ()
    by_meaning: bool = False
    folded: int = 0
    copies: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the articles that were found have a value: a source, a year (YYYY), a month (YYYY-MM), or words."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts over all articles that have the query's words: by source, the most first; by year and month of a told day, the newest first; by keyword.

    `undated` counts those whose day nothing tells, `unsourced` those without a source.
    `keywords` are names and phrases of the best that was found: what most of all that was found
    has, and few other articles, comes first. Each counts those of which some passage has its
    words, as `Filters.having` leaves them; none is of one article alone.
    """

    sources: tuple[Tally, ...] = ()
    years: tuple[Tally, ...] = ()
    months: tuple[Tally, ...] = ()
    undated: int = 0
    unsourced: int = 0
    keywords: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of what was found for a query: `findings`, from `offset` on of the whole list.

    `articles` counts all articles, and `passages` all passages, that have the query's words;
    `lines` are how many lines of the list these make, and `near` how many lines stand after
    them that are only near in meaning.
    """

    query: str
    match: Match
    findings: Sequence[Finding]
    offset: int
    articles: int
    passages: int
    lines: int
    near: int
    tallies: Tallies
    searched: Searched


@dataclass(frozen=True, slots=True)
class Story:
    """What several articles tell of one event: `article` leads, and `sentences` are its one to three main ones, in its order.

    `others` tell of it too, `copies` are near-copies of one of all these; both newest first, undated ones last. `arrived` is when
    the leading article's text came in, None where nobody knows.
    """

    article: Article
    sentences: tuple[Span, ...]
    others: tuple[Article, ...] = ()
    copies: tuple[Article, ...] = ()
    arrived: datetime | None = None

    @property
    def day(self) -> date | None:
        """The newest day that one of its articles is of."""
        return self.article.published

    @property
    def articles(self) -> int:
        return 1 + len(self.others) + len(self.copies)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The stories of some articles, the newest first, and of one day those that most articles tell.

    `total` counts them all, of which `stories` are the first. `searched` says which articles they are of, by its filters;
    `is_newest` that nobody named a day, and they are of the newest that there is. `left_out` counts older articles of
    these days, beyond as many as are compared. With `arrived_since` they are those whose texts came in then or later.
    """

    stories: tuple[Story, ...]
    total: int
    searched: Searched
    is_newest: bool = False
    left_out: int = 0
    arrived_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model made a vector: its name, the SHA-256 of its weights, the vectors' length."""

    model: str
    sha256: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds and how it is searched.

    `generation` counts what was written; `token` names that generation of this
    archive alone (an archive restored from a copy counts on from the copy's number).
    `undated` and `guessed` are those of `Searched`.
    `damaged` are the ids of articles that are not searched, since they are not what
    was stored. `origins` counts articles that are near-copies of one another once;
    None while it is not known of every article, which its next writer finds out.
    `originals` is how many bytes the documents take that articles were read from,
    None where one of them is lost.
    """

    articles: int
    passages: int
    earliest: date | None
    latest: date | None
    undated: int
    sources: Mapping[str, int]
    generation: int
    token: str
    model: Identity | None
    search: str
    caches: str
    damaged: Sequence[str] = ()
    guessed: int = 0
    originals: int | None = 0
    origins: int | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds that each step of a question took."""

    encode: float = 0.0
    retrieve: float = 0.0
    read: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer, best first, or the outcome that says why there are none.

    With a `topic`, its words in a question about all of it, the quotes are one
    sentence of each article on it: newest first, undated ones last, at most
    MOST_ON_TOPIC. Where no article surely is, the near misses are that.
    """

    question: str
    outcome: Outcome
    quotes: Sequence[Quote]
    near_misses: Sequence[Quote]
    searched: Searched
    seconds: Seconds
    differences: Sequence[Difference] = ()
    topic: str | None = None
