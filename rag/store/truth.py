"""The truth: one SQLite file with articles, passage windows, vectors and the identity of their model; notes and feedback too.

Everything in it is sealed. An article's row has digests of its text, of its
passages' spans and of their vectors, and a seal over all of the row; what is
read is checked, and raises ArticleDamaged, naming the article, where it is not
what was stored. The sums of all seals tell whether a row is lost: then nobody
can say which articles are there no more, and it is the archive that is damaged.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from rag.arrays import STORED, Numbers, Vectors
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.listing import Listed, Order, Place, Shelf
from rag.store.article_rows import article_of, day_of, document_of, facts_of, moment_of, parts_of, second_of, with_original
from rag.store.base import Delivery, Entry, Passages
from rag.store.database import Access, Database
from rag.store.documents import Documents
from rag.store.editions import Editions
from rag.store.feedback import FeedbackLog
from rag.store.identity import check_state
from rag.store.inventory import Inventory, Writing, article_seal
from rag.store.likenesses import Likenesses
from rag.store.meta import WAY_OUT, Meta
from rag.store.notes import Notes
from rag.store.originals import Originals
from rag.store.packed import Packed
from rag.store.seal import digest, seal, total
from rag.store.sealed_rows import SEALED, Row, lacks, row_is_sound, row_seal
from rag.types import MOST_COPIES, Article, Edition, Filters, Identity, Kept, Original, Passage, Searched, Span

_ROW = f"n, {SEALED}, seal"
# as bytes: SQLite cannot hand on what damage made no text
_GUESSED = "guessed_day(CAST(document AS BLOB))"
_LISTED = f"id, title, source, author, published, url, characters, iif(published IS NULL, {_GUESSED}, NULL), arrived"
# where the words that a list is searched for may stand: no word has a line feed in it, so none runs across two names
_NAMES = "a.title || char(10) || coalesce(a.source, '') || char(10) || coalesce(a.author, '')"
# what a list is sorted by, how a place's key is compared with that, and which way it runs; NULLs are last
_ORDERS = {
    Order.NEWEST: ("a.published", "?", "DESC"),
    Order.OLDEST: ("a.published", "?", "ASC"),
    Order.TITLE: ("folded(a.title)", "folded(?)", "ASC"),
    Order.SOURCE: ("folded(a.source)", "folded(?)", "ASC"),
    Order.LONGEST: ("a.characters", "?", "DESC"),
    Order.ARRIVED: ("a.arrived", "?", "DESC"),
}
# an article's day, and the one that it has where guessed days count
_DAY, _GUESSED_TOO = "a.published", f"coalesce(a.published, {_GUESSED})"
# the day, of UTC, on which a text came in
_ARRIVAL_DAY = "substr(a.arrived, 1, 10)"
# under which names the file says which generation of another archive it is a copy of, and what it was like then
_COPIED, _COPIED_AS = "copied", "copied_as"
# so many articles of which it is not known whether they are copies are told of in one transaction
_TOLD_TOGETHER = 64

# where some of the facts stand in a row
ORIGIN, _DOCUMENT = 7, 12
_TITLE, _SHA256, _SPANS, _VECTORS, _ARRIVED = 2, 7, 11, 12, 14


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as it is searched: its number, its passages by number, and their vectors, float32 [passages, dimension]."""

    number: int
    article: Article
    spans: Sequence[tuple[int, Span]]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An article that cannot be searched, since it is not what was stored: the number of its row, and its id as it reads."""

    number: int
    id: str

    @property
    def error(self) -> ArticleDamaged:
        return ArticleDamaged(f"article {self.id} is not what was stored; {WAY_OUT}", self.id)


class Truth:
    """One connection to the file; a file that is not there yet reads as an empty one. Raises ArchiveDamaged."""

    def __init__(self, folder: Path, access: Access = Access.READ) -> None:
        self._db = Database(folder, access)
        self._meta = Meta(self._db)
        self._checked: str | None = None
        # the last number that was read of a row, and of each id the number of its row
        self._known: tuple[int, dict[str, int]] = 0, {}
        self.notes = Notes(self._db, self._meta)
        self.feedback = FeedbackLog(self._db, self._meta)
        self.documents = Documents(self._db)
        self.editions = Editions(self._db, self._meta)
        self.originals = Originals(self._db, self._meta)
        self._likenesses = Likenesses(self._db, self._at)

    def close(self) -> None:
        self._db.close()

    def copy_to(self, folder: Path) -> None:
        """Copies this generation's file into a folder, whole, also while others write."""
        self._db.copy_to(folder)

    def settle(self) -> None:
        """Brings what the log holds into the file, so that it is whole by itself."""
        self._db.settle()

    @property
    def path(self) -> Path:
        return self._db.path

    @property
    def is_there(self) -> bool:
        """Whether there was a file to open, and not one that is just being made."""
        return self._db.is_there

    @property
    def is_current(self) -> bool:
        """Whether this connection sees what is written from now on."""
        return self._db.is_current

    @property
    def generation(self) -> int:
        return int(self._meta.facts()["generation"])

    @property
    def token(self) -> str:
        """A name for this generation that no other has: a file restored from a copy counts on from the copy's number."""
        return self._meta.facts()["token"]

    def has_been(self, token: str) -> bool:
        """Whether this or an earlier generation has that token."""
        return self._db.execute("SELECT 1 FROM generations WHERE token = ?", (token,)).fetchone() is not None

    @property
    def identity(self) -> Identity | None:
        """The model of the vectors, or None while there are none."""
        facts = self._meta.facts()
        return Identity(facts["model"], facts["weights"], int(facts["dimension"])) if "model" in facts else None

    @property
    def passage_settings(self) -> str | None:
        return self._meta.facts().get("passages")

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """One generation to read, or with "IMMEDIATE" one to write: all of it, or on an exception none."""
        with self._db.transaction(kind):
            yield

    def bind(self, identity: Identity, passage_settings: str) -> None:
        """Records what the vectors are made with. For use in a writing transaction."""
        self._meta.change({"model": identity.model, "weights": identity.sha256, "dimension": str(identity.dimension), "passages": passage_settings})

    def put(self, entries: Sequence[Entry]) -> dict[str, str]:
        """Writes articles in place of those with their ids, whose texts are kept as editions; gives the id of what each near-copy copies.

        For use in a writing transaction.
        """
        entries = [self._as_it_came(entry) for entry in entries]
        self._keep_texts([entry.article for entry in entries])
        return self._exchanged([entry.article.id for entry in entries], entries)

    def take_over(self, delivery: Delivery) -> str:
        """See `Writer.take_over`. For use in a writing transaction."""
        check_state(self._db.path.parent, delivery.state, self._state())
        if delivery.model and delivery.passages:
            self.bind(delivery.model, delivery.passages)
        if delivery.gone or delivery.entries:
            self._exchanged([*delivery.gone, *(entry.article.id for entry in delivery.entries)], delivery.entries)
        if delivery.editions_after is not None:
            self._take_editions(delivery.editions_after, delivery.editions)
        if delivery.writing:
            self.take_writing(delivery.writing)
        state = self._state()
        self._meta.change({_COPIED: delivery.token, _COPIED_AS: state})
        return state

    def take_writing(self, writing: Writing) -> None:
        """Makes these all notes and all feedback. For use in a writing transaction."""
        self.notes.take_over(writing.notes, writing.last_note)
        self.feedback.take_over(writing.feedback)

    def inventory(self) -> Inventory:
        """See `Store.inventory`."""
        rows, unsound = self._rows()
        sound = [row for row in rows if row_is_sound(row)] if unsound else rows
        wrong: list[ArchiveDamaged] = [_left_out(row).error for row in unsound]
        for check in (lambda: self.editions.counts(()), lambda: self.notes.of(None), self.feedback.all):
            try:
                check()
            except ArchiveDamaged as error:
                wrong.append(error)
        facts, state = self._meta.facts(), self._state()
        return Inventory(
            token=self.token,
            model=self.identity,
            passages=self.passage_settings,
            articles={row[1]: article_seal(row[1 : ORIGIN + 2], row[_DOCUMENT + 1], row[_VECTORS], self._arrival(row)) for row in sound},
            editions=tuple(self.editions.earlier()),
            writing=Writing(tuple(one for one in self.notes.each() if one), tuple(one for one in self.feedback.each() if one), self.notes.last),
            documents=self.documents.seals({row[1]: row[0] for row in sound}),
            copied=facts.get(_COPIED) if facts.get(_COPIED_AS) == state else None,
            damaged=tuple(wrong),
            state=state,
        )

    def _exchanged(self, ids: Sequence[str], entries: Sequence[Entry]) -> dict[str, str]:
        """Writes articles as they are and removes all that have `ids` now; gives the id of what each near-copy copies."""
        gone = self._taken_out(ids)
        self._meta.exchange("articles", gone=gone.values(), come=[self._put(entry) for entry in entries])
        self._advance()
        return self._copies_among([entry.article for entry in entries])

    def _take_editions(self, after: int, editions: Sequence[Edition]) -> None:
        kept = [replace(one, article=self._with_its_original(one.article)) for one in editions]
        if self.editions.remove_after(after) or kept:
            self.editions.add(kept)
            self._advance()

    def _state(self) -> str:
        """What any change of articles, earlier texts, notes or feedback changes."""
        facts = self._meta.facts()
        return seal([facts[name] for name in ("token", "articles", "editions", "notes", "feedback")])

    def tell_missing(self) -> None:
        """Tells which articles are near-copies where that is not known yet, some at a time: what was told stays where it ends early."""
        # what likenesses say is no truth: where they cannot be read, whoever writes is told by what they write
        with self._db.tolerant():
            with self.transaction():
                missing = self._likenesses.missing()
            for start in range(0, len(missing), _TOLD_TOGETHER):
                with self.transaction("IMMEDIATE"):
                    for number in missing[start : start + _TOLD_TOGETHER]:
                        article = self._at(number)
                        if article:
                            self._likenesses.tell(number, article)

    def alike(self, ids: Collection[str], filters: Filters, having: Numbers | None = None) -> dict[str, list[Article]]:
        """Of each article that shares its story with others, those that the filters leave, the earliest first; one that is damaged is left out."""
        found: dict[str, list[Article]] = {}
        # damaged, they cost no answer
        with self._db.tolerant():
            for id in ids:
                row = self._row("id = ?", id)
                story = self._likenesses.stories_of([row[0]]).get(row[0]) if row else None
                if row and story is not None:
                    found[id] = self._of_story(story, row[0], filters, having)
        return found

    def remove(self, ids: Sequence[str]) -> dict[str, int]:
        """Removes articles with their editions, and gives of each of which something was there how many it had. For use in a writing transaction."""
        gone, editions = self._taken_out(ids), self.editions.remove_all(ids)
        if gone or editions:
            self._meta.exchange("articles", gone=gone.values())
            self.originals.drop_unreferred()
            self._advance()
        return {id: editions.get(id, 0) for id in dict.fromkeys((*gone, *editions))}

    def relocate(self, id: str, origin: str, original: Original | None = None) -> None:
        """Records that an article was read from elsewhere, and the document where none was kept. For use in a writing transaction."""
        row = self._row("id = ?", id)
        if row:
            facts = list(_checked(row))
            facts[ORIGIN] = origin
            if original and (kept := self.originals.keep(original)):
                facts[_DOCUMENT] = with_original(facts[_DOCUMENT], kept)
            moved = row_seal(tuple(facts))
            self._db.execute("UPDATE articles SET origin = ?, document = ?, seal = ? WHERE n = ?", (origin, facts[_DOCUMENT], moved, row[0]))
            self._meta.exchange("articles", gone=[row[-1]], come=[moved])

    def keep(self, documents: Iterable[Kept]) -> None:
        """Records what was in documents, as far as all of it is here. For use in a writing transaction."""
        for kept in documents:
            numbers = self._row_numbers(kept.ids)
            if len(numbers) == len(kept.ids):
                self.documents.keep(kept, numbers)

    def kept(self, origin: str) -> Kept | None:
        """What was in a document, whose articles are all here as they were then."""
        kept, numbers = self.documents.kept(origin) or (None, {})
        return kept if self._row_numbers(numbers) == numbers else None

    def holding(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Each of the articles with the place of each document that it was read from."""
        return list(self.documents.holding(self._row_numbers(ids)))

    def _row_numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the articles' rows, of those that are there and what was stored."""
        rows = {id: self._row("id = ?", id) for id in ids}
        return {id: row[0] for id, row in rows.items() if row and row_is_sound(row)}

    def article(self, id: str) -> Article | None:
        row = self._found(id)
        return self._article(row) if row else None

    def original(self, id: str) -> Packed | None:
        """The document that an article was read from; None for an unknown id, and where it was not kept. Raises ArchiveDamaged where it is lost."""
        article = self.article(id)
        if article is None or article.original is None:
            return None
        packed = self.originals.packed(article.original.sha256)
        if packed is None:
            raise ArchiveDamaged(f"the file that article {id} was read from is lost; {WAY_OUT}")
        return packed

    def ids(self) -> list[str]:
        self.check_rows()
        return [id for (id,) in self._db.execute("SELECT id FROM articles NOT INDEXED ORDER BY id")]

    def origins(self) -> dict[str, str]:
        """Where each article was read from, by its id."""
        self.check_rows()
        return dict(self._db.execute("SELECT id, origin FROM articles NOT INDEXED"))

    def passages(self, numbers: Iterable[int]) -> Passages:
        """The passages by number; those of one article share it, and one that is gone is left out."""
        known: dict[int, tuple[Article, dict[int, Span]] | ArticleDamaged] = {}
        found = {}
        for number in map(int, numbers):
            owner = self._db.execute("SELECT article FROM passages WHERE n = ?", (number,)).fetchone()
            if owner is None:
                continue
            if owner[0] not in known:
                row = self._row("n = ?", owner[0])
                if row is None:
                    raise ArchiveDamaged(f"{self._db.path} is damaged: passage {number} is of an article that is lost; {WAY_OUT}")
                try:
                    known[owner[0]] = self._article(row), dict(self._spans(row))
                except ArticleDamaged as error:
                    known[owner[0]] = error
            match known[owner[0]]:
                case (_, spans) if number not in spans:
                    # a table and its index say different things
                    raise ArchiveDamaged(f"{self._db.path} is damaged: passage {number} is of an article that does not have it; {WAY_OUT}")
                case (article, spans):
                    found[number] = Passage(article, spans[number])
        return Passages(found, [one for one in known.values() if isinstance(one, ArticleDamaged)])

    def entry(self, id: str) -> Entry | None:
        """An article with its passages and their vectors, float32 [passages, dimension]; None for an unknown id."""
        row = self._found(id)
        return self._entry(row, self._article(row)) if row else None

    def check_rows(self) -> None:
        """Raises ArchiveDamaged where an article's row is not what was stored, or one is lost; texts, passages and vectors are not read."""
        for row in self._damaged_rows():
            raise _damaged(row)

    def numbers(self) -> tuple[Numbers, list[LeftOut]]:
        """The numbers of the articles whose rows are what was stored, ascending, and those whose rows are not. Raises what `indexed` raises."""
        rows, damaged = self._rows()
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        return np.setdiff1d(numbers, [row[0] for row in damaged]), [_left_out(row) for row in damaged]

    def indexed(self, numbers: Iterable[int] | None = None) -> Iterator[Indexed | LeftOut]:
        """All that is searched and all that cannot be, each article checked, in the order of their numbers; with `numbers` these alone.

        Raises ArchiveDamaged where it cannot be told which of all articles are damaged,
        or no row is what was stored.
        """
        if numbers is not None:
            yield from (self._indexed(row) for number in numbers if (row := self._row("n = ?", number)))
            return
        damaged = set()
        for row in self._rows()[0]:
            found = self._indexed(row)
            if isinstance(found, LeftOut):
                damaged.add(found.number)
            yield found
        self._check_owners(damaged)

    def is_sound(self, number: int) -> bool:
        """Whether the article of that number is there and all of it is what was stored."""
        row = self._row("n = ?", number)
        return row is not None and isinstance(self._indexed(row), Indexed)

    def left_out(self, number: int) -> LeftOut:
        """The damaged article of that number, of which a passage is gone. Raises ArchiveDamaged where it is lost, or nothing is wrong with it."""
        row = self._row("n = ?", number)
        found = self._indexed(row) if row else None
        if not isinstance(found, LeftOut):
            raise ArchiveDamaged(f"{self._db.path} is damaged: a passage is lost; {WAY_OUT}")
        return found

    def searched(self, filters: Filters, having: Numbers | None = None) -> Searched:
        """What the filters leave of the articles whose rows are what was stored, with `having` of those with these numbers; the others are named."""
        damaged = [_left_out(row) for row in self._damaged_rows()]
        where, values = _where(filters, having)
        # in this order: what a damaged row has for a document may be none
        where = f"CASE WHEN a.n IN ({', '.join(str(one.number) for one in damaged)}) THEN FALSE ELSE {where} END"
        count, passages, earliest, latest, dated, known = self._db.execute(
            f"SELECT count(*), coalesce(sum(passages), 0), min(published), max(published), count({_DAY}), count({_GUESSED_TOO}) "
            f"FROM articles a NOT INDEXED WHERE {where}",
            values,
        ).fetchone()
        names = tuple(one.id for one in damaged)
        return Searched(count, passages, day_of(earliest), day_of(latest), count - dated, filters, names, guessed=known - dated)

    def shelf(  # noqa: PLR0913 - each by name
        self,
        words: Sequence[str],
        filters: Filters,
        order: Order,
        offset: int,
        limit: int,
        past: Place | None,
        *,
        having: Numbers | None,
        arrived_since: datetime | None,
        arrivals: bool,
    ) -> Shelf:
        """The articles that the filters leave and that have every one of `words` in title, source or author; those behind `past`."""
        self.check_rows()
        where, values = _where(filters, having, arrivals=arrivals)
        where += f" AND instr(folded({_NAMES}), ?)" * len(words)
        values += [word.casefold() for word in words]
        if arrived_since:
            where += " AND a.arrived >= ?"
            values.append(second_of(arrived_since))
        total = self._db.execute(f"SELECT count(*) FROM articles a NOT INDEXED WHERE {where}", values).fetchone()[0]
        origins = self._stories(where, values)
        behind, place = _behind(order, past)
        column, _, way = _ORDERS[order]
        found = self._db.execute(
            f"SELECT {_LISTED} FROM articles a NOT INDEXED WHERE {where}{behind} ORDER BY {column} {way} NULLS LAST, a.id LIMIT ? OFFSET ?",
            [*values, *place, limit, min(offset, total)],
        ).fetchall()
        editions = self.editions.counts([row[0] for row in found])
        return Shelf(total, tuple(_listed(row, editions[row[0]]) for row in found), origins)

    def passage_texts(self, numbers: Numbers) -> Iterator[tuple[int, str, str]]:
        """Number, article's title and own text of each passage that is there: to be looked through, not to be shown, as nothing is checked."""
        return self._db.execute(
            "SELECT p.n, a.title, substr(a.text, start + 1, stop - start) FROM passages p JOIN articles a ON a.n = p.article "
            "WHERE p.n IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers.tolist()),),
        )

    def titles_by_number(self, articles: Numbers) -> dict[int, str]:
        """Those of the articles that are there, by their numbers: to be looked through, not to be shown, as nothing is checked."""
        return dict(self._db.execute("SELECT n, title FROM articles WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(articles.tolist()),)))

    def stories_of(self, articles: Numbers) -> dict[int, int]:
        """The story of each of the articles, by their numbers, of which one is known."""
        with self._db.tolerant():
            return self._likenesses.stories_of(articles.tolist())
        return {}

    @property
    def stories(self) -> int | None:
        """How many stories all articles are of, near-copies one; None where it is not known of each."""
        return self._stories("TRUE", [])

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The title of each of the articles that is here and whose row is what was stored."""
        rows = {id: self._row("id = ?", id) for id in ids}
        return {id: row[_TITLE] for id, row in rows.items() if row and row_is_sound(row)}

    def sources(self) -> dict[str, int]:
        """How many articles each named source has."""
        self.check_rows()
        return dict(self._db.execute("SELECT source, count(*) FROM articles NOT INDEXED WHERE source IS NOT NULL GROUP BY source ORDER BY source"))

    def _stories(self, where: str, values: Sequence[str]) -> int | None:
        # what cannot be read is not known
        with self._db.tolerant():
            return self._likenesses.stories(where, values)
        return None

    def _of_story(self, story: int, but: int, filters: Filters, having: Numbers | None) -> list[Article]:
        where, values = _where(filters, having)
        rows = self._db.execute(
            f"SELECT {_ROW} FROM articles a JOIN likenesses ON article = n WHERE {where} AND story = ? AND n <> ? "
            "ORDER BY published NULLS LAST, id LIMIT ?",
            (*values, story, but, MOST_COPIES),
        ).fetchall()
        return [article for row in rows if (article := self._sound(row))]

    def _copies_among(self, articles: Iterable[Article]) -> dict[str, str]:
        """Tells of articles that were just written, and gives of each near-copy the id of the likeliest article that it is one of."""
        copied = {}
        for article in articles:
            (number,) = self._db.execute("SELECT n FROM articles WHERE id = ?", (article.id,)).fetchone()
            other = self._likenesses.tell(number, article)
            if other is not None:
                (copied[article.id],) = self._db.execute("SELECT id FROM articles WHERE n = ?", (other,)).fetchone()
        return copied

    def _at(self, number: int) -> Article | None:
        """The article of that number; None where there is none, or it is not what was stored."""
        row = self._row("n = ?", number)
        return self._sound(row) if row else None

    def _sound(self, row: Row) -> Article | None:
        try:
            return self._article(row)
        except ArticleDamaged:
            return None

    def _known_numbers(self) -> dict[str, int]:
        """Of each id that the table has, or had, the number of its row: rows are read once, as whoever adds articles asks for many new ids."""
        last, known = self._known
        for number, id in self._db.execute("SELECT n, id FROM articles NOT INDEXED WHERE n > ? ORDER BY n", (last,)):
            known[id] = last = number
        self._known = last, known
        return known

    def _damaged_rows(self) -> list[Row]:
        """Those that are not what was stored. Raises what `_rows` raises."""
        token = self.token
        damaged = [] if self._checked == token else self._rows()[1]
        if not damaged:
            self._checked = token
        return damaged

    def _rows(self) -> tuple[list[Row], list[Row]]:
        """The rows of all articles in the order of their numbers, and those of them that are not what was stored.

        Raises ArchiveDamaged where one is lost, two have one id or none is sound.
        """
        rows: list[Row] = self._db.execute(f"SELECT {_ROW} FROM articles NOT INDEXED ORDER BY n").fetchall()
        damaged = [row for row in rows if not row_is_sound(row)]
        lacking = self._meta.lacking("articles", (row[-1] for row in rows))
        if lacking not in {total([]), *map(lacks, damaged)}:
            among = f", {_left_out(damaged[0]).id} among them" if damaged else ""
            raise ArchiveDamaged(f"{self._db.path} is damaged: of its articles some are lost, or are not what was stored{among}; {WAY_OUT}")
        if len({row[1] for row in rows}) < len(rows):
            raise ArchiveDamaged(f"{self._db.path} is damaged: two articles have one id; {WAY_OUT}")
        if damaged and len(damaged) == len(rows):
            # there are no others that can be used
            raise ArchiveDamaged(str(_damaged(damaged[0])))
        return rows, damaged

    def _indexed(self, row: Row) -> Indexed | LeftOut:
        try:
            return Indexed(row[0], self._article(row), self._spans(row), self._unit_vectors(row))
        except ArticleDamaged:
            return _left_out(row)

    def _entry(self, row: Row, article: Article) -> Entry:
        return Entry(article, [span for _, span in self._spans(row)], self._unit_vectors(row), self._arrival(row))

    def _check_owners(self, damaged: Collection[int] = ()) -> None:
        """Raises ArchiveDamaged where an article but those of the numbers `damaged` has not as many passages as it had, or one is of no article."""
        counted = self._db.execute("SELECT article, count(*) FROM passages NOT INDEXED GROUP BY article")
        there = {article: count for article, count in counted if article not in damaged}
        had = self._db.execute("SELECT n, passages FROM articles NOT INDEXED WHERE passages > 0")
        if there != {article: count for article, count in had if article not in damaged}:
            raise ArchiveDamaged(f"{self._db.path} is damaged: its passages are not those that its articles had; {WAY_OUT}")

    def _put(self, entry: Entry) -> str:
        """Writes an article's rows and gives its seal."""
        article, blobs = entry.article, [vector.astype(STORED).tobytes() for vector in entry.vectors]
        article = self._with_its_original(article)
        names, parts = facts_of(article), parts_of(article)
        lengths = (len(article.text), len(blobs))
        document = document_of(article, parts)
        arrived = second_of(entry.arrived) if entry.arrived else None
        written = self._db.execute(
            f"INSERT INTO articles ({SEALED}, seal, text, parts) VALUES ({', '.join('?' * 17)})",
            (*names, *lengths, "", "", document, arrived, "", article.text, parts),
        )
        rows = [
            (self._db.execute("INSERT INTO passages (article, start, stop, vector) VALUES (?, ?, ?, ?)", values).lastrowid, *values[1:3])
            for values in ((written.lastrowid, span.start, span.end, blob) for span, blob in zip(entry.spans, blobs, strict=True))
        ]
        sums = seal(rows), digest(blobs)
        sealed = row_seal((*names, *lengths, *sums, document, arrived))
        self._db.execute("UPDATE articles SET spans = ?, vectors = ?, seal = ? WHERE n = ?", (*sums, sealed, written.lastrowid))
        return sealed

    def _with_its_original(self, article: Article) -> Article:
        """The article, once what it was read from is kept: without it where nobody gave it."""
        return replace(article, original=article.original and self.originals.keep(article.original))

    def _as_it_came(self, entry: Entry) -> Entry:
        """The entry, with when its text came in where that is the article's already."""
        row = self._row("id = ?", entry.article.id)
        if row and row_is_sound(row) and row[_SHA256] == entry.article.sha256:
            return replace(entry, arrived=self._arrival(row))
        return entry

    def _keep_texts(self, articles: Sequence[Article]) -> None:
        """Keeps the texts of those that now have another; a text that is not what was stored cannot be kept."""
        before = []
        for article in articles:
            row = self._row("id = ?", article.id)
            if row and row[_SHA256] != article.sha256:
                with suppress(ArticleDamaged):
                    before.append(Edition(self._article(row), datetime.now(UTC).replace(microsecond=0)))
        self.editions.remove({(article.id, article.sha256) for article in articles})
        self.editions.add(before)

    def _taken_out(self, ids: Sequence[str]) -> dict[str, str]:
        """Removes those of the articles that are there, and gives of each the seal that the sum of all seals has."""
        rows = {id: row for id in ids if (row := self._row("id = ?", id))}
        lacking = total([])
        if not all(map(row_is_sound, rows.values())):
            lacking = self._meta.lacking("articles", (sealed for (sealed,) in self._db.execute("SELECT seal FROM articles NOT INDEXED")))
        self._db.executemany("DELETE FROM articles WHERE id = ?", [(id,) for id in rows])
        return {id: row_seal(row[1:-1]) if lacks(row) == lacking else row[-1] for id, row in rows.items()}

    def _found(self, id: str) -> Row | None:
        row = self._row("id = ?", id)
        if row is None and id in (numbers := self._known_numbers()):
            # the index has lost it, or it was removed
            row = self._row("n = ?", numbers[id])
        return row

    def _row(self, where: str, value: object) -> Row | None:
        row: Row | None = self._db.execute(f"SELECT {_ROW} FROM articles WHERE {where}", (value,)).fetchone()
        return row

    def _article(self, row: Row) -> Article:
        facts = _checked(row)
        stored = [tuple(map(str, texts)) for texts in self._stored(row, "SELECT text, parts FROM articles WHERE n = ?")]
        article = article_of(facts[: ORIGIN + 1], facts[_DOCUMENT], *stored[0]) if stored else None
        if article is None:
            raise _damaged(row)
        return article

    def _arrival(self, row: Row) -> datetime | None:
        """When the text of an article came in whose row is what was stored."""
        return moment_of(row[_ARRIVED])

    def _spans(self, row: Row) -> list[tuple[int, Span]]:
        """The numbers and spans of an article's passages, in their order."""
        rows = self._stored(row, "SELECT n, start, stop FROM passages WHERE article = ? ORDER BY n")
        if seal(rows) != row[_SPANS]:
            raise _damaged(row)
        return [(n, Span(start, stop)) for n, start, stop in rows]

    def _unit_vectors(self, row: Row) -> Vectors:
        """The vectors of an article's passages, float32 [passages, dimension]."""
        blobs = [blob for (blob,) in self._stored(row, "SELECT vector FROM passages WHERE article = ? ORDER BY n")]
        if digest(blobs) != row[_VECTORS]:
            raise _damaged(row)
        dimension = int(self._meta.facts()["dimension"])
        return np.frombuffer(b"".join(blobs), dtype=STORED).astype(np.float32).reshape(len(blobs), dimension)

    def _stored(self, row: Row, sql: str) -> list[tuple[Any, ...]]:
        """What is stored of an article beside its row; where that cannot be read, the article is damaged."""
        try:
            with self._db.told():
                return self._db.execute(sql, row[:1]).fetchall()
        except ArchiveDamaged as error:
            raise _damaged(row) from error

    def _advance(self) -> None:
        token = uuid.uuid4().hex
        written = self._db.execute("INSERT INTO generations (token) VALUES (?)", (token,))
        self._meta.change({"generation": str(written.lastrowid), "token": token})


def _checked(row: Row) -> Row:
    """The facts of an article's row."""
    if not row_is_sound(row):
        raise _damaged(row)
    return row[1:-1]


def _left_out(row: Row) -> LeftOut:
    return LeftOut(row[0], str(row[1]))


def _damaged(row: Row) -> ArticleDamaged:
    return _left_out(row).error


def _listed(row: Row, editions: int) -> Listed:
    id, title, source, author, published, url, characters, about, arrived = row
    return Listed(id, title, source, author, day_of(published), url, characters, about, editions, moment_of(arrived))


def _where(filters: Filters, having: Numbers | None, *, arrivals: bool = False) -> tuple[str, list[str]]:
    """What holds of the articles `a` that the filters leave, and its values. NULL, an unknown source, is outside every filter.

    With `arrivals` an undated article's day is that on which its text came in.
    """
    clauses, values = ["TRUE"], []
    if filters.by_day:
        day = _GUESSED_TOO if filters.guessed else _DAY
        undated = f" OR {day} IS NULL" if filters.undated else ""
        clauses.append(f"({f'coalesce({day}, {_ARRIVAL_DAY})' if arrivals else day} BETWEEN ? AND ?{undated})")
        values += [(filters.after or date.min).isoformat(), (filters.before or date.max).isoformat()]
    if filters.sources is not None:
        clauses.append(f"a.source IN ({', '.join('?' * len(filters.sources))})")
        values += filters.sources
    if having is not None:
        clauses.append("a.n IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(having.tolist()))
    return " AND ".join(clauses), values


def _behind(order: Order, past: Place | None) -> tuple[str, list[str | int]]:
    """More of a WHERE clause, for what stands behind that place, and its values."""
    if past is None:
        return "", []
    column, key, way = _ORDERS[order]
    if past.key is None:
        return f" AND {column} IS NULL AND a.id > ?", [past.id]
    beyond = "<" if way == "DESC" else ">"
    return f" AND ({column} IS NULL OR {column} {beyond} {key} OR ({column} = {key} AND a.id > ?))", [past.key, past.key, past.id]
