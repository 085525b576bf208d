"""The tables of an archive's text, whose names begin with that of its collection.

An article's row is never changed but for where it was read from: one that replaces it has another
number, and the row says in which generation it came (`born`) and in which it went (`died`).
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, MetaData, Table

from rag.store.article_rows import FACTS
from rag.store.seal import digest
from rag.store.shared.text import AnyText

_TEXT = AnyText()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Tables:
    def __init__(self, collection: str) -> None:
        self.all = MetaData()

        def table(name: str, *columns: Column[Any]) -> Table[Any]:
            return Table(f"{collection}_{name}", self.all, *columns)

        # what the archive says of itself, each fact under a seal: the model, how far numbers were given, its generations, the sums of all seals
        self.facts = table("facts", _key("name"), _text("value"), _text("seal"))
        # what the generations that there were are called
        self.tokens = table("tokens", _key("token"))
        # of one row: who writes, and until when (seconds since 1970 by the database's clock)
        self.lease = table("lease", Column("n", Integer, primary_key=True, autoincrement=False), _text("holder"), _text("who"), _seconds("until"))
        self.articles = table(
            "articles",
            _number("n"), _text("key"), _count("born"), _count("died", nullable=True), _seconds("died_at", nullable=True), _count("life"), *_facts(),
            _count("characters"), _count("passages"), _text("spans"), _text("vectors"), _text("document", nullable=True),
            _text("arrived", nullable=True), _text("seal"),
            # what is searched for and sorted by: the guessed day, and names without case
            *(_text(name, nullable=True) for name in ("guessed", "folded_source")), *map(_text, ("folded_title", "folded_names")),
            # the SHA-256 of the document that `document` refers to
            _text("original", nullable=True), _text("text"), _text("parts"),
        )  # fmt: skip
        articles = self.articles.c
        now = articles.died.is_(None)
        Index(f"{collection}_articles_now", articles.key, unique=True, postgresql_where=now, sqlite_where=now)
        Index(f"{collection}_articles_died", articles.died, postgresql_where=~now, sqlite_where=~now)
        Index(f"{collection}_articles_published", articles.published)
        Index(f"{collection}_articles_original", articles.original, postgresql_where=now, sqlite_where=now)
        self.passages = table("passages", _number("n"), _count("article", index=True), _count("start"), _count("stop"))
        # in how many passages a stem stands, of those that are searched (0) and of those that were put since (1)
        self.stems = table("stems", _key("stem"), Column("since", Integer, primary_key=True, autoincrement=False), _count("passages"))
        # the numbers that sources have in Milvus
        self.sources = table("sources", _number("n"), _text("key", unique=True), _text("name"))
        # articles whose passages may be in Milvus, and whose rows are not here (yet)
        self.incoming = table("incoming", _number("article"), _seconds("made"))
        self.editions = table(
            "editions",
            _number("n"), _text("key", index=True), *_facts(),
            _text("document", nullable=True), _text("original", nullable=True, index=True), *map(_text, ("replaced", "seal", "text", "parts")),
        )  # fmt: skip
        self.notes = table(
            "notes",
            _number("n"), _text("key", index=True), *map(_text, ("article", "sha256")), _count("start"), _count("stop"),
            *map(_text, ("words", "text", "made")),
            _text("author", nullable=True), _count("answers", nullable=True), _text("seal"),
        )  # fmt: skip
        self.feedback = table("feedback", _number("n"), _text("given"), _text("seal"))
        self.originals = table("originals", _key("sha256"), _count("bytes"), Column("packed", LargeBinary, nullable=False))
        # originals of articles and earlier texts that are gone: each is dropped, unless others refer to it
        self.released = table("released", _key("sha256"))
        self.documents = table(
            "documents", _key("key"), *map(_text, ("origin", "sha256")), _count("reader"), *map(_text, ("columns", "found", "seal"))
        )
        # which documents had an article, by the number of its row
        self.held = table("held", _key("document"), Column("article", _NUMBER, primary_key=True, autoincrement=False, index=True))
        self.likenesses = table(
            "likenesses", _number("article"), Column("signature", LargeBinary, nullable=False), _count("story", index=True), _count("checksum")
        )


def key_of(text: str) -> str:
    """What an index holds of a text that may be of any length."""
    return digest([text.encode("utf-8", "surrogatepass")])


def _facts() -> list[Column[Any]]:
    """An article's, in the order of `article_rows.FACTS`."""
    nullable = ("source", "author", "published", "url")
    return [_text(name, nullable=name in nullable) for name in FACTS.split(", ")]


def _key(name: str) -> Column[str]:
    return Column(name, _TEXT, primary_key=True)


def _text(name: str, *, nullable: bool = False, unique: bool = False, index: bool = False) -> Column[str]:
    return Column(name, _TEXT, nullable=nullable, unique=unique, index=index)


def _number(name: str) -> Column[int]:
    """A key that is given, not made."""
    return Column(name, _NUMBER, primary_key=True, autoincrement=False)


def _count(name: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, _NUMBER, nullable=nullable, index=index)


def _seconds(name: str, *, nullable: bool = False) -> Column[float]:
    return Column(name, Float(53), nullable=nullable)
