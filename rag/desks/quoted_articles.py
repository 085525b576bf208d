"""The SQL of the articles that kept answers quote: each text once, and gone with the last answer that quotes it."""

import zlib
from collections.abc import Mapping

from rag.desks.packing import article_of, told
from rag.errors import ArchiveDamaged
from rag.store.side_file import SideFile
from rag.types import Article


class QuotedArticles:
    """For use in a transaction."""

    def __init__(self, file: SideFile) -> None:
        self._file = file

    def add(self, articles: Mapping[str, Article]) -> int:
        """Keeps each under its key, also where damage made another of what was kept under it; how many bytes all of them take."""
        return sum(self._add(key, article) for key, article in articles.items())

    def refer(self, turn: int, articles: Mapping[str, Article]) -> None:
        """What a turn quotes is kept as long as the turn is."""
        for key in articles:
            self._file.execute("INSERT INTO quoted VALUES (?, ?)", (turn, key))

    def of(self, conversation: int) -> dict[str, Article]:
        """The articles that a conversation's turns quote, by their keys; those that are not what was kept are left out."""
        rows = self._file.execute(
            "SELECT key, told, packed FROM articles JOIN texts USING (sha256)"
            " WHERE key IN (SELECT article FROM quoted JOIN turns ON turn = n WHERE conversation = ?)",
            (conversation,),
        )
        found = {}
        for key, facts, packed in rows:
            try:
                found[key] = article_of(key, zlib.decompress(facts), zlib.decompress(packed).decode())
            except (ArchiveDamaged, zlib.error, ValueError):
                # a turn that quotes it says so
                continue
        return found

    def drop_unreferred(self) -> None:
        self._file.execute("DELETE FROM articles WHERE NOT EXISTS (SELECT 1 FROM quoted WHERE article = key)")
        self._file.execute("DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM articles WHERE articles.sha256 = texts.sha256)")

    def _add(self, key: str, article: Article) -> int:
        facts, packed = zlib.compress(told(article)), zlib.compress(article.text.encode())
        self._file.execute(
            "INSERT INTO texts VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed WHERE packed <> excluded.packed",
            (article.sha256, packed),
        )
        self._file.execute(
            "INSERT INTO articles VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sha256 = excluded.sha256, told = excluded.told"
            " WHERE (sha256, told) <> (excluded.sha256, excluded.told)",
            (key, article.sha256, facts),
        )
        return len(facts) + len(packed)
