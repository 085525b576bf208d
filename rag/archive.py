"""The one object that people embed: a collection of articles that can be added to, searched and asked."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

import numpy as np

from rag import adding, topics
from rag.adding import Choices, Elsewhere, Fate, Progress, Report, Stored
from rag.arrays import Vectors
from rag.briefing import briefing
from rag.copies import CopyMemory
from rag.corpus.files import Item
from rag.corpus.walk import located
from rag.differences import differences, differing
from rag.encoder import Encoder, Exports, sentence_encoder
from rag.errors import ArticleDamaged, InputError
from rag.feedback import LONGEST_COMMENT, Feedback, Shown, Verdict
from rag.finding import Request, find
from rag.given import MOST_STORIES, composed, filters_of, question_of, words_of
from rag.listing import Order, Place, Shelf
from rag.notes import LONGEST, Note, searched
from rag.overview import overview
from rag.reader import Reader, SpanReader, span_reader
from rag.retriever import Retrieved, retrieve
from rag.settings import Settings
from rag.store import Store, folder_beside, is_address, open_store
from rag.types import (
    Answer,
    Article,
    Briefing,
    Edition,
    Filters,
    Found,
    Hit,
    Kept,
    Match,
    Outcome,
    Overview,
    Ranking,
    Searched,
    Seconds,
    Span,
    Status,
    Tallies,
)

__all__ = ["Archive", "Report"]

_log = logging.getLogger(__name__)

_MOST_HITS = 10_000
_MOST_LISTED = 1_000
# the greatest number that a store can look for
_MOST = 2**63 - 1


class Archive:
    """A collection of articles. Safe to share between threads; one writer at a time."""

    def __init__(self, store: Store, encoder: Encoder, spans: SpanReader, settings: Settings) -> None:
        self._store = store
        self._encoder = encoder
        self._spans = spans
        self._settings = settings
        self._reader = Reader(spans, settings)
        self._copies = CopyMemory()

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        spans: SpanReader | None = None,
        *,
        read_only: bool = False,
        state: str = "",
    ) -> Self:
        """The archive in `folder`, which is made when something is first added; or one that many machines share, at an address in its place.

        `encoder` finds passages and `spans` reads them, each the one that the settings
        name where none is given.

        One that is opened `read_only`, or that this user may not write to, leaves no
        trace in the folder: what would change it raises ReadOnly, and search caches
        that are missing or behind are built in a temporary folder. `state` is where
        what stands beside a shared archive has its folder on this machine; without it
        that is PULLQUOTE_STATE, or in the user's home.
        Raises InputError for an address that is none, ArchiveDamaged where its file is damaged, ArchiveError where this user
        may not read it, ArchiveMismatch where another version wrote it.
        """
        settings = settings or Settings.from_environment()
        exports = Exports(folder_beside(folder, state), read_only=read_only, makes=is_address(folder))
        store = open_store(folder, settings, read_only=read_only)
        encoder = encoder or sentence_encoder(settings, exports)
        return cls(store, encoder, spans or span_reader(settings), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def add(
        self,
        items: Iterable[Item],
        *,
        prune: Sequence[str | os.PathLike[str]] = (),
        emptied: bool = False,
        originals: bool = True,
        reread: bool = False,
        progress: Progress | None = None,
        stored: Callable[[Stored], object] | None = None,
        workers: Elsewhere | None = None,
    ) -> Report:
        """Adds articles; those that the archive has unchanged cost nothing, changed ones replace theirs, whose texts `editions` gives from then on.

        `prune` names files and folders that were read in full: articles that came
        from them earlier and are not among `items` now are removed, unless another
        file or page that was read has them too, or what has them cannot be read now. Nor are they where
        the folder that they came from is there but nothing in it could be read, as of a disk that is not
        mounted: it is refused, but with `emptied`. With `originals` the documents that articles
        were read from are kept, once each. What other versions of the readers make of
        a document that is kept replaces nothing but with `reread`. `progress` is
        called with each item's fate and its id (for a refusal, its origin), for an
        article once it is on disk; `stored` with how far the whole is, each time that articles are.
        `workers` (`rag.workers.Workers`) encode instead of this process; what they
        read is given to `read_documents`. Raises WorkersError where they cannot.
        Raises InputError for a string in place of a list, ArchiveLocked while
        somebody else is writing, ArchiveMismatch where the archive was built by
        another model, EncoderError where the model cannot be loaded.
        """
        if isinstance(items, str):
            raise InputError(f"items is the string {items[:60]!a}; give what `read_articles` reads there")
        _refuse_string("prune", prune)
        choices = Choices(
            prune=tuple(located(place) for place in prune),
            emptied=emptied,
            originals=originals,
            reread=reread,
            progress=progress or _no_progress,
            stored=stored or _untold,
        )
        return adding.add(items, self._store, self._encoder, self._settings, choices, workers)

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Removes articles with their earlier texts, also those of an article that is lost; gives back the ids that were there.

        The notes on them are kept: `notes` gives them still, and they stand in
        their article again when it returns.
        Raises ArchiveLocked while somebody else is writing.
        """
        _refuse_string("ids", ids)
        wanted = [composed("id", id) for id in ids]
        with self._store.writing() as writer:
            return list(writer.remove(wanted))

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def span_reader_sha256(self) -> str:
        """Of the weights of what reads passages. Raises ReaderError where it cannot be loaded."""
        return self._spans.sha256

    def kept(self, origin: str) -> Kept | None:
        """What is known of the file or page that was added from there before: while it is unchanged, `read_documents` need not read it again.

        None where nothing is known, or one of its articles is no longer here as it was.
        """
        return self._store.kept(origin)

    def article(self, id: str) -> Article | None:
        return self._store.article(composed("id", id))

    def editions(self, article_id: str | None = None) -> list[Edition]:
        """The earlier texts of an article, or of all articles, what was replaced last first; none is searched or quoted.

        Where a text came back, it is the article's again and no edition. Raises
        ArchiveDamaged for one that is not what was stored.
        """
        return self._store.editions(None if article_id is None else composed("id", article_id))

    def original(self, id: str) -> bytes | None:
        """The document that an article was read from, as it was: a page, a PDF, a mail, the table of a row.

        None for an unknown id, and where the document was not kept. `Article.original`
        says what it is. Raises ArchiveDamaged where it is not what was stored.
        """
        return self._store.original(composed("id", id))

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their ids."""
        return self._store.articles()

    def status(self) -> Status:
        return self._store.status()

    def counted(
        self,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
    ) -> Searched:
        """What these filters leave, without searching. Filters and errors are those of `search`."""
        return self._store.counted(filters_of(after, before, sources, guessed, undated, having))

    def shelf(  # noqa: PLR0913 - each by name
        self,
        *,
        words: str = "",
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
        order: Order = Order.NEWEST,
        offset: int = 0,
        limit: int = 50,
        past: Place | None = None,
        arrived_since: datetime | None = None,
    ) -> Shelf:
        """The articles that the filters leave, as a list: `limit` of them from `offset` on, which counts from 0.

        With `past`, the place of an entry in that order, only those behind it: a list
        read on so misses and repeats nothing when articles come and go.

        With `words`, only those that have every one of them in title, source or
        author, whatever its case; they are literal text, also parts of words.
        With `arrived_since`, a moment of a known time zone, only those whose texts
        came in then or later; when others came is not always known.
        Raises InputError for a negative offset, a limit below 1 or over 1,000, an
        unknown order, over 100 different words, a moment without a time zone, and
        for filters as `search` does.
        """
        if order not in list(Order):
            raise InputError(f"order is {order!r}; it is one of {', '.join(Order)}")
        if not 0 <= offset <= _MOST:
            raise InputError(f"offset is {offset}; it counts articles from 0")
        if not 1 <= limit <= _MOST_LISTED:
            raise InputError(f"limit is {limit}; list 1 to {_MOST_LISTED:,} articles at a time")
        _refuse_no_moment(arrived_since)
        filters = filters_of(after, before, sources, guessed, undated, having)
        past = past and past.checked()
        return self._store.shelf(words_of(words), filters, Order(order), offset, limit, past, arrived_since=arrived_since)

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The titles of those of the articles that are here, by id; texts are not read, and one whose row is damaged has none."""
        _refuse_string("ids", ids)
        return dict(self._store.titles([composed("id", id) for id in ids]))

    def notes(self, article_id: str | None = None, words: str = "") -> list[Note]:
        """The notes on an article, or all notes, in the order in which they were made; also of articles that are not here now.

        With `words`, only those that have every one of them in text, selection,
        author or the article's title, whatever its case, also as parts of words;
        the note that such a note answers, and its answers, are given with it.
        `Note.stands_in` tells whether a note was pinned to the text that the article
        has now, `rag.notes.threads` puts answers under their notes. Raises
        ArchiveDamaged for a note that is not what was stored, InputError for over 100 different words.
        """
        wanted = words_of(words)
        notes = self._store.notes(None if article_id is None else composed("id", article_id))
        return searched(notes, wanted, self._store.titles({note.article for note in notes})) if wanted else notes

    def write_note(self, article_id: str, span: Span, text: str, author: str | None = None) -> Note:
        """Pins a note to a selection of an article's text; on return it is on disk.

        It needs no search cache, and can be written while somebody adds articles.
        `author` is the name of who writes it, None where only one person does.
        Raises InputError for an article that is not here, a span that is empty or
        not in its text, and a text that is blank or over 10,000 characters.
        """
        article = self._store.article(composed("id", article_id))
        if article is None:
            raise InputError(f"no article has the id {article_id!r}")
        if not len(span) or span.end > len(article.text):
            raise InputError(f"characters {span.start} to {span.end} are no selection of {article_id!r}, which has {len(article.text):,}")
        written, author = _note_text("note", text), _author(author)
        return self._store.add_note(Note(0, article.id, article.sha256, span, span.of(article.text), written, _now(), author))

    def answer_note(self, number: int, text: str, author: str | None = None) -> Note:
        """Answers a note; on return the answer is on disk, pinned to the note's words.

        An answer to an answer stands beside it, under the same note. Raises
        InputError where there is no such note, and for a text as `write_note` does.
        """
        text, author = _note_text("answer", text), _author(author)
        answer = self._store.answer_note(number, text, author, _now()) if 0 < number <= _MOST else None
        if answer is None:
            raise InputError(f"there is no note {number}; perhaps it was removed")
        return answer

    def remove_note(self, number: int, author: str | None = None) -> bool:
        """Removes a note for good; whether there was one of that number. Its answers stay.

        A note with an author is removed by that author alone, one without by
        anybody. Raises InputError for another's.
        """
        return 0 < number <= _MOST and self._store.remove_note(number, _author(author))

    def give_feedback(self, answer: Answer, verdict: Verdict, quote: int | None = None, comment: str = "") -> None:
        """Keeps a verdict on an answer and what the answer showed; it leaves this machine only if somebody exports it.

        `quote` is the position, from 0, of the quote that the verdict is about; None
        means the answer as a whole. Raises InputError for a quote that the answer
        does not have, "missing" said of a quote, a comment over 10,000 characters,
        and an answer of an empty archive, where there is nothing to judge.
        """
        if verdict not in list(Verdict):
            raise InputError(f"verdict is {verdict!r}; it is one of {', '.join(Verdict)}")
        if answer.outcome is Outcome.EMPTY_ARCHIVE:
            raise InputError("the archive was empty, so there is nothing to judge; add articles and ask again")
        if quote is not None and not 0 <= quote < len(answer.quotes):
            raise InputError(f"quote is {quote}; the answer has {len(answer.quotes)} quotes, counted from 0")
        if quote is not None and verdict == Verdict.MISSING:
            raise InputError("a quote that is shown is not missing; say it of the answer, without a quote")
        if len(comment) > LONGEST_COMMENT:
            raise InputError(f"the comment has {len(comment):,} characters; the most is {LONGEST_COMMENT:,}")
        self._store.add_feedback(
            Feedback(
                question=answer.question,
                filters=answer.searched.filters,
                outcome=answer.outcome,
                quotes=tuple(Shown.of(shown) for shown in answer.quotes),
                near_misses=tuple(Shown.of(shown) for shown in answer.near_misses),
                verdict=Verdict(verdict),
                quote=quote,
                comment=composed("comment", comment),
                made=_now(),
            )
        )

    def feedback(self) -> list[Feedback]:
        """All feedback, in the order in which it was given. Raises ArchiveDamaged for what is not what was stored."""
        return self._store.feedback()

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
    ) -> list[Hit]:
        """The `k` best passages, best first, of articles published from `after` to `before` (both included) by `sources`.

        Whether those are among them whose day is only `guessed`, or that are `undated`, and what `having` means, is as `Filters` says.
        Raises InputError for an empty query, one of over 10,000 characters, a `k` below 1, dates in the wrong order or
        over 1,000 sources, ArticleDamaged where an article is damaged that was found, or
        that could not be looked for: a list of hits cannot say so.
        """
        return self._found(question_of(query), _passages(k), filters_of(after, before, sources, guessed, undated, having)).retrieved.all()

    def search_many(
        self,
        queries: Sequence[str],
        k: int = 10,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
    ) -> list[list[Hit]]:
        """What `search` finds for each query, in their order: [queries][at most k].

        Filters hold for all of them. Raises what `search` raises, before any is
        searched, and names the query.
        """
        asked, most, filters = _questions("queries", queries), _passages(k), filters_of(after, before, sources, guessed, undated, having)
        return [self._found(query, most, filters).retrieved.all() for query in asked]

    def find(  # noqa: PLR0913 - each by name
        self,
        query: str,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
        order: Ranking = Ranking.RELEVANCE,
        offset: int = 0,
        limit: int = 20,
        folded: bool = True,
        passages: bool = False,
    ) -> Found:
        """All articles of which one passage, with its title, has every word of the query, and behind them those near in meaning.

        Words are known by their stems, and the commonest English ones are not looked for;
        those in quotation marks have to stand so, case aside. `limit` lines from `offset` on,
        which counts from 0, are read. With `folded`, articles of one story share a line. With
        `passages` each passage that itself has the words is a line, and nothing else is.
        Damaged articles are left out, and `Found.searched.damaged` names them.
        Filters and errors are those of `search`; InputError is raised too for an unknown
        order, a negative offset, and a limit below 1 or over 1,000.
        """
        if order not in list(Ranking):
            raise InputError(f"order is {order!r}; it is one of {', '.join(Ranking)}")
        if not 0 <= offset <= _MOST:
            raise InputError(f"offset is {offset}; it counts lines from 0")
        if not 1 <= limit <= _MOST_LISTED:
            raise InputError(f"limit is {limit}; list 1 to {_MOST_LISTED:,} lines at a time")
        filters = filters_of(after, before, sources, guessed, undated, having)
        return self._listed(Request(question_of(query), filters, Ranking(order), offset, limit, folded, passages))

    def ask(
        self,
        question: str,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
    ) -> Answer:
        """Quotes that answer, or the reason why there are none. Filters and errors are those of `search`.

        Damaged articles are left out, and `Answer.searched.damaged` names them: those
        that were found, and those that could not be looked for. ArticleDamaged is
        raised where nothing else was found, ArchiveDamaged where no article is sound.
        """
        return self._answer(question_of(question), filters_of(after, before, sources, guessed, undated, having))

    def ask_many(
        self,
        questions: Sequence[str],
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
    ) -> list[Answer]:
        """What `ask` answers to each question, in their order.

        Filters hold for all of them. Raises what `ask` raises, before any is asked,
        and names the question.
        """
        asked, filters = _questions("questions", questions), filters_of(after, before, sources, guessed, undated, having)
        return [self._answer(question, filters) for question in asked]

    def overview(self, id: str) -> Overview:
        """What an article shows beside its text: keywords, its main sentences, related articles, its copies. Raises InputError for an unknown id.

        The model is not needed for it.
        """
        found = overview(self._store, composed("id", id), self._settings.sentence_chars)
        return replace(found, copies=self._copies_of([found.article], Filters())[found.article.id])

    def briefing(
        self,
        since: date | None = None,
        until: date | None = None,
        *,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        having: Sequence[str] = (),
        limit: int = 30,
        arrived_since: datetime | None = None,
    ) -> Briefing:
        """What is new in the articles published from `since` to `until` (both included), story by story, newest and most reported first.

        Articles of one event are one story: its leading article with one to three of its sentences, and which others tell
        of it or are near-copies. Without `since` it is of the newest day that there is, until `until`. An undated article counts by
        the day (UTC) on which its text came in; with `undated` all of them are told. Of more than 1,000 articles the newest are read. The
        model is not needed for it. `guessed`, `undated` and `having` are those of `Filters`.
        With `arrived_since`, a moment of a known time zone, it is of those whose texts came in then or later, of whatever day.
        Raises InputError for a limit below 1 or over 200 stories, a moment without a time zone, and for days and sources as `search` does.
        """
        if not 1 <= limit <= MOST_STORIES:
            raise InputError(f"limit is {limit}; ask for 1 to {MOST_STORIES} stories")
        filters = filters_of(since, until, sources, guessed, undated, having)
        _refuse_no_moment(arrived_since)
        return briefing(self._store, filters, limit, self._settings.sentence_chars, self._copies, arrived_since)

    def warm(self) -> None:
        """Loads the models and the search caches now, so that the first question need not wait for them."""
        self._encoder.identity  # noqa: B018 - a model loads when its identity is first asked for
        self._spans.sha256  # noqa: B018
        with self._store.reading():
            pass

    def reach(self) -> None:
        """Loads what is not loaded, and looks for one passage, as a question does. Raises what a question does where that cannot be."""
        self.warm()
        identity = self._encoder.identity
        self._store.check(identity)
        with self._store.reading() as snapshot:
            snapshot.nearest(np.eye(1, identity.dimension, dtype=np.float32)[0], 1, Filters())

    def _answer(self, question: str, filters: Filters) -> Answer:
        """What the reader finds; of a question about a whole topic the articles on it, where there are any and it is not answered by a fact."""
        topic = topics.topic_of(question)
        if topic is None:
            return self._read(question, filters)
        if not topic.may_be_fact:
            return self._on_topic(question, topic.words, filters) or self._read(question, filters)
        read = self._read(question, filters)
        if read.outcome not in (Outcome.NOTHING_FOUND, Outcome.WEAK_EVIDENCE):
            return read
        on_topic = self._on_topic(question, topic.words, filters)
        return on_topic if on_topic and on_topic.quotes else read

    def _on_topic(self, question: str, words: str, filters: Filters) -> Answer | None:
        """The articles on a topic, a sentence each; None where there are none."""
        found = self._found(words, topics.PASSAGES, filters)
        if not found.retrieved.hits:
            return None
        started = time.perf_counter()
        asked = topics.Asked(words, found.vector, found.retrieved.hits, filters)
        listing = topics.listed(self._store, asked, self._reader.sentences, self._copies, self._settings.quote_chars)
        if not (listing.on_topic or listing.near):
            return None
        outcome = Outcome.ANSWERED if listing.on_topic else Outcome.WEAK_EVIDENCE
        seconds = replace(found.seconds, read=time.perf_counter() - started)
        searched = replace(found.searched, damaged=_damaged(found.searched, found.retrieved.damaged))
        return Answer(question, outcome, listing.on_topic, listing.near, searched, seconds, topic=words)

    def _read(self, question: str, filters: Filters) -> Answer:
        found = self._found(question, self._settings.skim_hits, filters)
        hits = found.retrieved.hits
        if not hits:
            for error in found.retrieved.damaged:
                raise error
            return Answer(question, _without_hits(found), (), (), found.searched, Seconds())
        started = time.perf_counter()
        reading = self._reader.read(question, hits)
        quotes, near_misses = differing(question, reading.quotes, reading.near_misses)
        compared = differences(question, quotes)
        copies = self._copies_of([quote.article for quote in (*quotes, *near_misses)], filters)
        quotes, near_misses = (tuple(replace(quote, copies=copies[quote.article.id]) for quote in shown) for shown in (quotes, near_misses))
        seconds = replace(found.seconds, read=time.perf_counter() - started)
        searched = replace(found.searched, damaged=_damaged(found.searched, found.retrieved.damaged))
        return Answer(question, reading.outcome, quotes, near_misses, searched, seconds, compared)

    def _listed(self, request: Request) -> Found:
        with self._store.reading() as snapshot:
            searched = snapshot.searched(request.filters)
            if not searched.passages:
                match = Match.OUTSIDE_FILTERS if snapshot.searched(Filters()).articles else Match.EMPTY_ARCHIVE
                return Found(request.query, match, (), request.offset, 0, 0, 0, 0, Tallies(), searched)
        self._store.check(self._encoder.identity)
        (vector,) = self._encoder.encode([request.query])
        with self._store.reading() as snapshot:
            found, damaged = find(snapshot, request, vector, self._settings)
            alike = snapshot.alike({finding.article.id for finding in found.findings}, request.filters)
        copies = self._copies.among([finding.article for finding in found.findings], alike)
        named = _damaged(found.searched, damaged)
        findings = tuple(replace(finding, copies=copies[finding.article.id]) for finding in found.findings)
        return replace(found, findings=findings, searched=replace(found.searched, damaged=named))

    def _copies_of(self, articles: Sequence[Article], filters: Filters) -> dict[str, tuple[Article, ...]]:
        """The near-copies of each article, by its id, among those that the filters leave."""
        with self._store.reading() as snapshot:
            alike = snapshot.alike({article.id for article in articles}, filters)
        return self._copies.among(articles, alike)

    def _found(self, question: str, k: int, filters: Filters) -> "_Found":
        with self._store.reading() as snapshot:
            searched = snapshot.searched(filters)
            if not searched.passages:
                empty = not snapshot.searched(Filters()).articles
                return _Found(np.zeros(0, np.float32), Retrieved((), left_out=snapshot.left_out), searched, Seconds(), empty)
        started = time.perf_counter()
        self._store.check(self._encoder.identity)
        # alone: a vector made in a batch hangs, in its last digits, on what else is in it
        (vector,) = self._encoder.encode([question])
        encoded = time.perf_counter()
        with self._store.reading() as snapshot:
            retrieved = retrieve(snapshot, question, vector, k, filters, self._settings)
            searched = snapshot.searched(filters)
        return _Found(vector, retrieved, searched, Seconds(encoded - started, time.perf_counter() - encoded), archive_is_empty=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question; `vector` is its unit vector [dim], of no length where nothing was searched."""

    vector: Vectors
    retrieved: Retrieved
    searched: Searched
    seconds: Seconds
    archive_is_empty: bool


def _damaged(searched: Searched, found: Sequence[ArticleDamaged]) -> tuple[str, ...]:
    """The ids of the articles that were found or could not be looked for, and are not what was stored; the log has what is wrong."""
    for error in found:
        _log.error("left out of an answer: %s", error)
    return tuple(dict.fromkeys((*searched.damaged, *(error.id for error in found))))


def _without_hits(found: _Found) -> Outcome:
    if found.archive_is_empty:
        return Outcome.EMPTY_ARCHIVE
    return Outcome.NOTHING_FOUND if found.searched.passages else Outcome.OUTSIDE_FILTERS


def _refuse_no_moment(arrived_since: object) -> None:
    if arrived_since is not None and (not isinstance(arrived_since, datetime) or arrived_since.tzinfo is None):
        raise InputError(f"arrived_since is {arrived_since!r}; give a datetime with a time zone, such as datetime.UTC")


def _refuse_string(name: str, given: object) -> None:
    """A string in place of a list would be taken character by character."""
    if isinstance(given, str):
        raise InputError(f"{name} is the string {given[:60]!a}; give a list of them")


def _questions(name: str, texts: Sequence[str]) -> list[str]:
    _refuse_string(name, texts)
    asked = []
    for number, text in enumerate(texts):
        try:
            asked.append(question_of(text))
        except InputError as error:
            raise InputError(f"{name}[{number}]: {error}") from None
    return asked


def _passages(k: int) -> int:
    if not 1 <= k <= _MOST_HITS:
        raise InputError(f"k is {k}; ask for 1 to {_MOST_HITS:,} passages")
    return k


def _note_text(name: str, text: str) -> str:
    if not text.strip():
        raise InputError(f"the {name} is empty; write something")
    if len(text) > LONGEST:
        raise InputError(f"the {name} has {len(text):,} characters; the most is {LONGEST:,}")
    return composed(name, text)


def _author(name: str | None) -> str | None:
    if name is not None and not name.strip():
        raise InputError("the author is empty; give a name, or None where one person writes")
    return name and composed("author", name)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _no_progress(fate: Fate, name: str) -> None:
    pass


def _untold(stored: Stored) -> None:
    pass
