"""Articles in the tables of a shared archive, without what writes them there in earnest."""

import uuid
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import insert

from rag.store.article_rows import document_of, facts_of, parts_of, second_of
from rag.store.sealed_rows import SEALED, row_seal
from rag.store.shared.address import Address
from rag.store.shared.database import Database
from rag.store.shared.facts import Facts
from rag.store.shared.filtering import derived
from rag.store.shared.generations import Generations, life
from rag.store.shared.listing import Listing
from rag.store.shared.tables import Tables, key_of


@dataclass(frozen=True, slots=True)
class Rows:
    database: Database

    @classmethod
    def at(cls, text):
        """Tables of their own in the database of that URL."""
        return cls(Database(Address.parse(f"milvus+http://127.0.0.1:1/t{uuid.uuid4().hex}?text={text}")))

    def close(self):
        self.database.close()

    @property
    def tables(self) -> Tables:
        return self.database.tables

    @property
    def present(self):
        return self.generations.of(None)

    @property
    def generations(self):
        return Generations(self.tables, Facts(self.tables, self.database.shown))

    def put(self, articles, *, first=1, born=1, arrived=None):
        """Writes them, each with one passage that has its number, numbered in their order."""
        with self.database.writing() as connection:
            for number, article in enumerate(articles, first):
                connection.execute(insert(self.tables.articles), _row(number, born, article, arrived))
                connection.execute(insert(self.tables.passages), {"n": number, "article": number, "start": 0, "stop": len(article.text)})

    def end(self, number, generation):
        with self.database.writing() as connection:
            self.generations.end(connection, [number], generation)

    def change(self, table, **values):
        """Does to every row of a table what a disk might."""
        with self.database.writing() as connection:
            connection.execute(table.update().values(**values))

    @contextmanager
    def listing(self, generation=None):
        with self.database.reading() as connection:
            yield Listing(connection, self.tables, self.generations.of(generation))


def _row(number, born, article, arrived):
    parts = parts_of(article)
    document = document_of(article, parts)
    sealed = (*facts_of(article), len(article.text), 1, "", "", document, second_of(arrived) if arrived else None)
    row = dict(zip(SEALED.split(", "), sealed, strict=True)) | {"n": number, "key": key_of(article.id), "seal": row_seal(sealed)}
    row |= {"born": born, "life": life(number, born, 0)}
    return row | {"text": article.text, "parts": parts} | derived(article)
