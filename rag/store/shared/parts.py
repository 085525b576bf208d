"""What a shared archive is made of: the tables' parts, which are used in a transaction, and the collection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from sqlalchemy import Connection

from rag.arrays import Numbers, Vectors
from rag.errors import ArchiveDamaged
from rag.store.article_rows import moment_of
from rag.store.base import Entries, Entry
from rag.store.inventory import vectors_digest
from rag.store.sealed_rows import Row
from rag.store.shared.address import Address
from rag.store.shared.articles import ARRIVED, NUMBER, VECTORS, Articles, Whole
from rag.store.shared.collection import Collection
from rag.store.shared.counts import Counts
from rag.store.shared.database import Database
from rag.store.shared.documents import Documents
from rag.store.shared.editions import Editions
from rag.store.shared.facts import WAY_OUT, Facts, damaged
from rag.store.shared.feedback import FeedbackLog
from rag.store.shared.generations import Generations
from rag.store.shared.likeness_rows import LikenessRows
from rag.store.shared.likenesses import Likenesses
from rag.store.shared.milvus import Milvus
from rag.store.shared.notes import Notes
from rag.store.shared.originals import Originals
from rag.store.shared.sources import Sources
from rag.store.shared.stem_counts import StemCounts
from rag.types import Identity

# the fact that names an archive as no other is named, in Milvus too
ARCHIVE = "archive"
# the facts that bind it to a model and to a way of cutting passages, all of them or none
BOUND = frozenset(("model", "weights", "dimension", "passages"))


@dataclass(frozen=True, slots=True)
class Parts:
    shown: str
    database: Database
    milvus: Milvus
    facts: Facts
    generations: Generations
    articles: Articles
    counts: Counts
    likenesses: Likenesses
    likeness_rows: LikenessRows
    stems: StemCounts
    sources: Sources
    editions: Editions
    originals: Originals
    documents: Documents
    notes: Notes
    feedback: FeedbackLog

    @classmethod
    def of(cls, address: Address, *, read_only: bool) -> Self:
        database = Database(address, read_only=read_only)
        tables, facts = database.tables, Facts(database.tables, address.shown)
        generations, originals = Generations(tables, facts), Originals(tables, facts)
        return cls(
            shown=address.shown,
            database=database,
            milvus=Milvus(address),
            facts=facts,
            generations=generations,
            articles=Articles(tables, generations),
            counts=Counts(),
            likenesses=Likenesses(tables),
            likeness_rows=LikenessRows(tables),
            stems=StemCounts(tables),
            sources=Sources(tables),
            editions=Editions(tables, facts, originals),
            originals=originals,
            documents=Documents(tables),
            notes=Notes(tables, facts),
            feedback=FeedbackLog(tables, facts),
        )

    def collection(self, connection: Connection) -> Collection:
        """Milvus's part of this very archive."""
        return Collection(self.milvus, self.facts.get(connection, ARCHIVE) or "")

    def identity(self, connection: Connection) -> Identity | None:
        """The model of the vectors, or None while there are none. Raises ArchiveDamaged."""
        facts = self.facts.all(connection)
        lacking = BOUND - facts.keys()
        if lacking == BOUND:
            return None
        if lacking:
            raise ArchiveDamaged(f"{self.shown} is damaged: what it says of its model ({', '.join(sorted(lacking))}) is lost; {WAY_OUT}")
        return Identity(facts["model"], facts["weights"], int(facts["dimension"]))

    def entries(self, connection: Connection, rows: Mapping[str, Row]) -> Entries:
        """The articles of these rows, by their ids, with their passages and their vectors, as far as they are what was stored."""
        if not rows:
            return Entries({})
        wholes = dict(zip(rows, self.articles.wholes(connection, list(rows.values())), strict=True))
        sound = {id: (rows[id], whole) for id, whole in wholes.items() if isinstance(whole, tuple) and whole[0].id == id}
        model = self.identity(connection)
        none = np.zeros(0, dtype=np.int64), np.zeros((0, model.dimension if model else 0), dtype=np.float32)
        stored = self.collection(connection).vectors([row[NUMBER] for row, _ in sound.values()])
        made = {id: _entry(row, whole, *stored.get(row[NUMBER], none)) for id, (row, whole) in sound.items()}
        intact = {id: entry for id, entry in made.items() if entry}
        return Entries(intact, {id: damaged(id) for id in rows if id not in intact})


def _entry(row: Row, whole: Whole, numbers: Numbers, vectors: Vectors) -> Entry | None:
    """An article with its passages and with the vectors of the passages of these numbers; None where these are not what was stored."""
    article, spans = whole
    is_stored = list(numbers) == list(spans) and vectors_digest(vectors) == row[VECTORS]
    return Entry(article, list(spans.values()), vectors, moment_of(row[ARRIVED])) if is_stored else None
