"""The Milvus collection of an archive: a row for each passage, with its vector, its words and what is filtered by."""

from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.arrays import Numbers, Vectors
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch
from rag.store.shared.bm25 import K1, B
from rag.store.shared.milvus import WAY_OUT, Milvus, pymilvus

NUMBERS = ("passage", "article", "told", "known", "source")
_LONGEST = 65_535
# so that no message is larger than Milvus takes (64 MiB) or gives (100 MB), however long texts and vectors are
_ROWS, _ARTICLES, _VECTORS = 500, 64, 4_096
_OWNER = "pullquote.archive"
# an edge more for each costs memory and finds more (docs/decisions.md)
_GRAPH = {"M": 32, "efConstruction": 200}


@dataclass(frozen=True, slots=True)
class Row:
    """A passage: its number, its article's and its source's (-1 for none), the days told and told or guessed as ordinals (0 for none),
    its stems as `bm25.as_words` writes them, and its vector as it is stored, float32 [dimension] with values of half precision.
    """

    passage: int
    article: int
    told: int
    known: int
    source: int
    words: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Collection:
    """That of the archive with the id `archive`. What it acknowledges is seen by every search that begins afterwards."""

    milvus: Milvus
    archive: str

    def make(self, dimension: int) -> None:
        """Makes it for an archive that is bound to no model yet. Raises ArchiveMismatch where one of its name is somebody else's."""
        if self.milvus.is_there() and self._dimension() != dimension:
            # whoever began to make it had another model, and did not come to its end
            self.milvus.ask("drop_collection")
        if not self.milvus.is_there():
            # readers wait until Milvus has taken in all that was written before they asked: up to 0.2 s while somebody writes, and little otherwise
            schema, properties = _schema(self.archive, dimension), {_OWNER: self.archive}
            self.milvus.ask("create_collection", schema=schema, consistency_level="Strong", properties=properties)
        self.check()
        for field, kind in _indexes(lite=self.milvus.is_lite()).items():
            # also where whoever made it was killed before it had all of them; there is nothing to index yet, so nothing to wait for
            if not self.milvus.ask("list_indexes", field_name=field):
                self.milvus.ask("create_index", index_params=_index(field, kind), sync=False)
        self.milvus.ask("load_collection")

    def check(self) -> Any:
        """What Milvus says of it. Raises ArchiveMismatch where it is not this archive's, and ArchiveDamaged where it is missing."""
        said = self.milvus.ask("describe_collection")
        # Milvus Lite keeps no description
        if self.archive not in (said.get("properties", {}).get(_OWNER), said.get("description")):
            raise ArchiveMismatch(f"the collection of {self.milvus.shown} belongs to another archive or program; choose another name for this one")
        return said

    def insert(self, rows: Sequence[Row]) -> None:
        """Returns when Milvus has all of them. Of rows that are inserted again there is one each. Raises ArchiveMismatch."""
        self.check()
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            taken = self.milvus.ask("upsert", data=[_fields(row) for row in some])["upsert_count"]
            if taken != len(some):
                raise ArchiveError(f"Milvus took {taken} of {len(some)} passages for {self.milvus.shown}; try again")

    def remove(self, articles: Several[int]) -> None:
        """Removes all passages of the articles with these numbers, as many as there are. Raises ArchiveMismatch."""
        self.check()
        for rows in self._of(articles, ["passage"]):
            numbers = [row["passage"] for row in rows]
            for start in range(0, len(numbers), _VECTORS):
                self.milvus.ask("delete", ids=numbers[start : start + _VECTORS])

    def flush(self) -> None:
        """Has Milvus Lite index what was inserted, so that searches are fast again; Milvus does so of itself, and better unasked."""
        if self.milvus.is_lite():
            self.milvus.ask("flush")

    def vectors(self, articles: Several[int]) -> Mapping[int, tuple[Numbers, Vectors]]:
        """The passages of each article that has some: their numbers, in order, and their vectors [n, dimension]."""
        found: dict[int, list[tuple[int, Any]]] = {}
        for rows in self._of(articles, ["passage", "article", "vector"]):
            for row in rows:
                found.setdefault(row["article"], []).append((row["passage"], row["vector"]))
        return {article: _arrays(sorted(some, key=lambda row: row[0])) for article, some in found.items()}

    def vectors_of(self, passages: Numbers) -> Vectors:
        """The vectors [n, dimension] of passages, in their order. Raises ArchiveDamaged where one is missing."""
        found: dict[int, Any] = {}
        for start in range(0, len(passages), _VECTORS):
            wanted = passages[start : start + _VECTORS].tolist()
            rows = self.milvus.ask("query", filter=f"passage in {wanted}", output_fields=["passage", "vector"])
            found |= {row["passage"]: row["vector"] for row in rows}
        if missing := set(passages.tolist()) - found.keys():
            raise ArchiveDamaged(f"{self.milvus.shown} is damaged: {len(missing)} of its passages are missing in Milvus; {WAY_OUT}")
        return np.array([found[number] for number in passages.tolist()], dtype=np.float32)

    def articles_of(self, passages: Numbers) -> Numbers:
        """The numbers of the articles of passages, as Milvus has them, in no order; none of one that Milvus has not."""
        found: list[int] = []
        for start in range(0, len(passages), _VECTORS):
            wanted = passages[start : start + _VECTORS].tolist()
            found += [row["article"] for row in self.milvus.ask("query", filter=f"passage in {wanted}", output_fields=["article"])]
        return np.array(found, dtype=np.int64)

    def _dimension(self) -> int:
        """That of its vectors. Raises what `check` does."""
        fields = self.check()["fields"]
        return int(next(field["params"]["dim"] for field in fields if field["name"] == "vector"))

    def _of(self, articles: Several[int], fields: Sequence[str]) -> Iterator[Any]:
        numbers = sorted(set(map(int, articles)))
        for start in range(0, len(numbers), _ARTICLES):
            yield self.milvus.ask("query", filter=f"article in {numbers[start : start + _ARTICLES]}", output_fields=fields)


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*NUMBERS, "words", "vector")}


def _arrays(rows: Sequence[tuple[int, Any]]) -> tuple[Numbers, Vectors]:
    return np.array([number for number, _ in rows], dtype=np.int64), np.array([vector for _, vector in rows], dtype=np.float32)


def _schema(archive: str, dimension: int) -> Any:
    library = pymilvus()
    kinds = library.DataType
    schema = library.MilvusClient.create_schema(description=archive)
    for name in NUMBERS:
        schema.add_field(name, kinds.INT64, is_primary=name == "passage")
    schema.add_field("words", kinds.VARCHAR, max_length=_LONGEST, enable_analyzer=True, analyzer_params={"type": "standard"})
    schema.add_field("bm25", kinds.SPARSE_FLOAT_VECTOR)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    schema.add_function(library.Function("words_bm25", library.FunctionType.BM25, ["words"], ["bm25"]))
    return schema


def _indexes(*, lite: bool) -> Mapping[str, Mapping[str, Any]]:
    """By the fields that they are of."""
    # the graph of Milvus Lite finds next to nothing where a filter leaves little; Milvus then compares what is left
    graph = {"index_type": "FLAT"} if lite else {"index_type": "HNSW", "params": _GRAPH}
    return {
        "bm25": {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": {"bm25_k1": K1, "bm25_b": B}},
        "vector": {"metric_type": "IP", **graph},
        "article": {"index_type": "INVERTED"},
    }


def _index(field: str, kind: Mapping[str, Any]) -> Any:
    made = pymilvus().MilvusClient.prepare_index_params()
    made.add_index(field, **kind)
    return made
