"""What a shared archive is made of: the tables' parts, which are used in a transaction, and the collection."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from sqlalchemy import Connection

from rag.arrays import Numbers, Vectors
from rag.errors import ArchiveDamaged
from rag.store.article_rows import moment_of
from rag.store.base import Entry
from rag.store.inventory import vectors_digest
from rag.store.shared.address import Address
from rag.store.shared.articles import ARRIVED, NUMBER, VECTORS, Articles
from rag.store.shared.collection import Collection
from rag.store.shared.database import Database
from rag.store.shared.documents import Documents
from rag.store.shared.editions import Editions
from rag.store.shared.facts import WAY_OUT, Facts, damaged
from rag.store.shared.feedback import FeedbackLog
from rag.store.shared.generations import Generation, Generations
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

    def entry(self, connection: Connection, id: str, generation: Generation | None = None) -> Entry | None:
        """An article of a generation, or of the last, with its passages and their vectors, which is what was stored. Raises ArticleDamaged."""
        row = self.articles.row(connection, id, generation)
        if row is None:
            return None
        article, spans = self.articles.whole(connection, row)
        found = self.collection(connection).vectors([row[NUMBER]])
        numbers, vectors = found.get(row[NUMBER]) or self._none(connection)
        if list(numbers) != list(spans) or vectors_digest(vectors) != row[VECTORS]:
            raise damaged(id)
        return Entry(article, list(spans.values()), vectors, moment_of(row[ARRIVED]))

    def _none(self, connection: Connection) -> tuple[Numbers, Vectors]:
        """The numbers and the vectors of an article that has no passages."""
        model = self.identity(connection)
        return np.zeros(0, dtype=np.int64), np.zeros((0, model.dimension if model else 0), dtype=np.float32)
