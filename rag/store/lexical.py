"""The tantivy index of the passages' words: BM25 over English stems, with the filters inside the query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import numpy as np
import tantivy
from tantivy import FieldType, Filter, Occur, Query

from rag.arrays import Numbers, Scores
from rag.english.names import searched
from rag.store.ranking import best
from rag.types import Filters

_ANALYZER = "english"
MOST_TERMS = 64
_HEAP_BYTES = 50_000_000
_LONGEST_TERM = 80
_UNDATED = 0


@dataclass(frozen=True, slots=True)
class Words:
    """A passage as it is indexed: its number and its article's, its text, and of its article the source, the day told and the day told or guessed."""

    number: int
    article: int
    text: str
    source: str | None = None
    told: date | None = None
    known: date | None = None


class LexicalIndex:
    def __init__(self, index: tantivy.Index) -> None:
        index.register_tokenizer(_ANALYZER, _analyzer())
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path | None, rows: Iterable[Words]) -> "LexicalIndex":
        """Indexes rows into an empty folder, or in memory, in their order.

        Where `rows` raises, nothing is written any more once it has been raised on.
        """
        if folder:
            folder.mkdir(parents=True)
        return cls(_written(tantivy.Index(_schema(), path=str(folder) if folder else None), rows))

    @classmethod
    def grow(cls, folder: Path, rows: Iterable[Words], gone: Iterable[int]) -> None:
        """Indexes more rows into a folder, and finds passages of the articles with the numbers `gone` no more.

        tantivy counts these on, until it merges what they are in, when it weighs
        words by how rare they are. It changes no file that is there, but puts others in its place.
        """
        _written(tantivy.Index.open(str(folder)), rows, gone)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        return cls(tantivy.Index.open(str(folder)))

    def search(self, query: str, k: int, filters: Filters, having: Numbers | None = None) -> tuple[Numbers, Scores]:
        """The `k` best passages by BM25, best first and by number where equal; with `having` only of the articles with these numbers."""
        terms = list(dict.fromkeys(stems(query)))[:MOST_TERMS]
        if not terms or filters.sources == ():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        words = Query.boolean_query([(Occur.Should, self._term(term)) for term in terms])
        return best(partial(self._found, self._limited([words], filters, having)), k)

    def every(self, terms: Collection[str], filters: Filters, having: Numbers | None = None) -> tuple[Numbers, Scores]:
        """All passages that have every one of the stems, however many they are, by number, with their BM25; none for no stem."""
        if not terms or filters.sources == ():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        query = self._limited([self._term(term) for term in terms], filters, having)
        found: int = self._searcher.search(query, 1, count=True).count  # type: ignore[attr-defined]  # which its stub lacks
        numbers, scores = self._found(query, max(1, found))
        order = np.argsort(numbers)
        return numbers[order], scores[order]

    def _term(self, stem: str) -> Query:
        return Query.term_query(self._index.schema, "text", stem)

    def _limited(self, words: Iterable[Query], filters: Filters, having: Numbers | None) -> Query:
        schema = self._index.schema
        limits = _limits(schema, filters)
        if having is not None:
            limits.append(Query.term_set_query(schema, "article", having.tolist()) if len(having) else Query.empty_query())
        return Query.boolean_query([(Occur.Must, one) for one in (*words, *(Query.const_score_query(limit, 0.0) for limit in limits))])

    def _found(self, query: Query, k: int) -> tuple[Numbers, Scores]:
        hits = self._searcher.search(query, k, count=False).hits
        numbers = np.array(self._searcher.fast_field_values("number", [address for _, address in hits]), dtype=np.int64)
        return numbers, np.array([score for score, _ in hits], dtype=np.float32)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many passages each of the stems stands."""
        return {stem: self._searcher.doc_freq("text", stem) for stem in stems}


def stems(text: str) -> list[str]:
    """The stems of the text's words in order, as they are indexed: without the commonest English words, case and accents.

    Other forms of words with marks inside ("PGMP15" of PGMP-15) follow at the end.
    """
    found: list[str] = _analyzer().analyze(searched(text))
    return found


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (Filter.remove_long(_LONGEST_TERM), Filter.lowercase(), Filter.ascii_fold(), Filter.stopword("english"), Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("article", indexed=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    for name in ("told", "known"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def _written(index: tantivy.Index, rows: Iterable[Words], gone: Iterable[int] = ()) -> tantivy.Index:
    index.register_tokenizer(_ANALYZER, _analyzer())
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    try:
        for article in gone:
            # by a term it deletes none that is a number
            writer.delete_documents_by_query(Query.term_query(index.schema, "article", article))
        for row in rows:
            writer.add_document(_document(row))
    except BaseException:
        # its thread would go on writing files after whoever gave the folder has cleared it away
        writer.rollback()
        raise
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _document(words: Words) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("number", words.number)
    document.add_unsigned("article", words.article)
    document.add_text("text", searched(words.text))
    if words.source is not None:
        document.add_text("source", words.source)
    for name, day in (("told", words.told), ("known", words.known)):
        document.add_integer(name, day.toordinal() if day else _UNDATED)
    return document


def _limits(schema: tantivy.Schema, filters: Filters) -> list[Query]:
    limits = []
    if filters.by_day:
        day = "known" if filters.guessed else "told"
        after, before = filters.after or date.min, filters.before or date.max
        inside = Query.range_query(schema, day, FieldType.Integer, after.toordinal(), before.toordinal())
        undated = [Query.term_query(schema, day, _UNDATED)] if filters.undated else []
        limits.append(Query.boolean_query([(Occur.Should, query) for query in (inside, *undated)]))
    if filters.sources:
        limits.append(Query.term_set_query(schema, "source", list(filters.sources)))
    return limits
