"""The versions of the archive's format: what each is, and how an older one becomes the newest."""

import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any

from rag.store.seal import digest, seal, total

# what a file of this program says of itself, from version 3 on: "Pqte"
APPLICATION = 0x50717465
# what each version of the format added, in order; a version is never changed once it was released
_SCRIPTS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, text TEXT NOT NULL, sha256 TEXT NOT NULL, origin TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE passages (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article);
    CREATE TABLE generations (n INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE) STRICT
    """,
    # people's own writing refers to articles by id, not by row: it outlives them
    """
    CREATE TABLE notes (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, sha256 TEXT NOT NULL, start INTEGER NOT NULL,
        stop INTEGER NOT NULL, words TEXT NOT NULL, text TEXT NOT NULL, made TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notes_of_article ON notes (article);
    CREATE TABLE feedback (n INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, seal TEXT NOT NULL) STRICT
    """,
    # the text stands last, so that a row is checked without it being read
    """
    CREATE TABLE sealed_articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL, characters INTEGER NOT NULL,
        passages INTEGER NOT NULL, spans TEXT NOT NULL, vectors TEXT NOT NULL, seal TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT
    """,
    # NULL is no part of a row's seal, so that the seals of the rows that are there stay what they are
    """
    CREATE TABLE documented_articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL, characters INTEGER NOT NULL,
        passages INTEGER NOT NULL, spans TEXT NOT NULL, vectors TEXT NOT NULL, document TEXT, seal TEXT NOT NULL, text TEXT NOT NULL,
        parts TEXT NOT NULL
    ) STRICT;
    INSERT INTO documented_articles
        SELECT n, id, title, source, author, published, url, sha256, origin, characters, passages, spans, vectors, NULL, seal, text, '' FROM articles;
    DELETE FROM sqlite_sequence WHERE name = 'documented_articles';
    INSERT INTO sqlite_sequence SELECT 'documented_articles', seq FROM sqlite_sequence WHERE name = 'articles';
    DROP TABLE articles;
    ALTER TABLE documented_articles RENAME TO articles;
    CREATE TABLE documents (
        origin TEXT PRIMARY KEY, sha256 TEXT NOT NULL, reader INTEGER NOT NULL, columns TEXT NOT NULL, found TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT
    """,
    # what was cited stays to be shown: earlier texts of articles refer to them by id; files are kept by their SHA-256;
    # what is remembered of documents lacks the numbers of their articles' rows, so that each is read once more
    """
    DELETE FROM documents;
    CREATE TABLE editions (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT, author TEXT, published TEXT, url TEXT,
        sha256 TEXT NOT NULL, origin TEXT NOT NULL, document TEXT, replaced TEXT NOT NULL, seal TEXT NOT NULL, text TEXT NOT NULL, parts TEXT NOT NULL
    ) STRICT;
    CREATE INDEX editions_of_text ON editions (id, sha256);
    CREATE TABLE originals (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, packed BLOB NOT NULL) STRICT;
    CREATE TABLE likenesses (
        article INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE, signature BLOB NOT NULL, story INTEGER NOT NULL,
        checksum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX likenesses_of_story ON likenesses (story)
    """,
    # when an article's text came in, which stands before that text as all does that is read without it; who wrote a note, and
    # which it answers: nothing of it is known of the rows that are there
    """
    CREATE TABLE arrived_articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL, characters INTEGER NOT NULL,
        passages INTEGER NOT NULL, spans TEXT NOT NULL, vectors TEXT NOT NULL, document TEXT, arrived TEXT, seal TEXT NOT NULL,
        text TEXT NOT NULL, parts TEXT NOT NULL
    ) STRICT;
    INSERT INTO arrived_articles
        SELECT n, id, title, source, author, published, url, sha256, origin, characters, passages, spans, vectors, document, NULL, seal, text, parts
        FROM articles;
    DELETE FROM sqlite_sequence WHERE name = 'arrived_articles';
    INSERT INTO sqlite_sequence SELECT 'arrived_articles', seq FROM sqlite_sequence WHERE name = 'articles';
    DROP TABLE articles;
    ALTER TABLE arrived_articles RENAME TO articles;
    CREATE TABLE authored_notes (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, sha256 TEXT NOT NULL, start INTEGER NOT NULL,
        stop INTEGER NOT NULL, words TEXT NOT NULL, text TEXT NOT NULL, made TEXT NOT NULL, author TEXT, answers INTEGER, seal TEXT NOT NULL
    ) STRICT;
    INSERT INTO authored_notes SELECT n, article, sha256, start, stop, words, text, made, NULL, NULL, seal FROM notes;
    DELETE FROM sqlite_sequence WHERE name = 'authored_notes';
    INSERT INTO sqlite_sequence SELECT 'authored_notes', seq FROM sqlite_sequence WHERE name = 'notes';
    DROP TABLE notes;
    ALTER TABLE authored_notes RENAME TO notes;
    CREATE INDEX notes_of_article ON notes (article);
    CREATE INDEX answers_to_note ON notes (answers)
    """,
)
# from this one on rows are sealed with their passages, and the file says what program it is of
_SEALED = 3
# from this one on earlier texts and originals are kept, and the sums of their seals
_EDITIONS = 5
VERSION = len(_SCRIPTS)
_COPIED = "INSERT INTO sealed_articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PEOPLES = (
    ("SELECT n, article, sha256, start, stop, words, text, made, seal FROM notes", "UPDATE notes SET seal = ? WHERE n = ?"),
    ("SELECT n, given, seal FROM feedback", "UPDATE feedback SET seal = ? WHERE n = ?"),
)
_SEALS = {"articles": "SELECT seal FROM articles", "notes": "SELECT seal FROM notes", "feedback": "SELECT seal FROM feedback"}


def upgrade(db: sqlite3.Connection, version: int, newest: int = VERSION) -> None:
    """From `version`, 0 for an empty file, to the newest, inside the caller's transaction, with foreign keys off."""
    for made in range(version + 1, newest + 1):
        for statement in _SCRIPTS[made - 1].split(";"):
            db.execute(statement)
        if made == _SEALED:
            _seal_all(db)
            db.execute(f"PRAGMA application_id = {APPLICATION}")
        if made == _EDITIONS:
            _change_meta(db, {"editions": total([]), "originals": total([])})
        db.execute(f"PRAGMA user_version = {made}")


def version_of(db: sqlite3.Connection) -> int | None:
    """The version whose tables the file has, whatever it says of itself."""
    tables = _tables(db)
    return next((version for version in range(VERSION, 0, -1) if _expected(version) == tables), None)


def is_whole(db: sqlite3.Connection, version: int) -> bool:
    """Whether the file has the tables that its version has, as that makes them, and calls itself what that does."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    return _tables(db) == _expected(version) and application == (APPLICATION if version >= _SEALED else 0)


@cache
def _expected(version: int) -> frozenset[tuple[str, ...]]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    upgrade(db, 0, version)
    made = _tables(db)
    db.close()
    return made


def _tables(db: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    rows = db.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((kind, name, table, " ".join(sql.split())) for kind, name, table, sql in rows)


def _seal_all(db: sqlite3.Connection) -> None:
    """The rows of version 2 with seals of the next: articles with digests of their passages, notes and feedback with their numbers.

    One that is not what was stored gets no seal that matches.
    """
    for n, *facts, text, sealed in _stored(db):
        id, title, source, author, published, url, sha256, origin = facts
        intact = sealed == seal((id, title, source, author, published, url, text, sha256, origin))
        sealing = (*facts, len(text), *_digests(db, n))
        db.execute(_COPIED, (n, *sealing, seal(sealing) if intact else "", text))
    db.execute("UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'articles') WHERE name = 'sealed_articles'")
    db.execute("DROP TABLE articles")
    db.execute("ALTER TABLE sealed_articles RENAME TO articles")
    for rows, update in _PEOPLES:
        for n, *row, sealed in db.execute(rows).fetchall():
            db.execute(update, (seal((n, *row)) if sealed == seal(row) else "", n))
    latest = db.execute("SELECT n, token FROM generations ORDER BY n DESC LIMIT 1").fetchone() or (0, "")
    sums = {table: total(sealed for (sealed,) in db.execute(seals)) for table, seals in _SEALS.items()}
    meta = dict(db.execute("SELECT key, value FROM meta")) | {"generation": str(latest[0]), "token": latest[1]} | sums
    meta["seal"] = seal(sorted(meta.items()))
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _change_meta(db: sqlite3.Connection, changes: dict[str, str]) -> None:
    """Adds to what the file says of itself; where that is not what was stored, it stays so."""
    meta = dict(db.execute("SELECT key, value FROM meta"))
    if meta.pop("seal", None) == seal(sorted(meta.items(), key=repr)):
        meta |= changes
        meta["seal"] = seal(sorted(meta.items()))
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _stored(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    return db.execute("SELECT n, id, title, source, author, published, url, sha256, origin, text, seal FROM articles ORDER BY n")


def _digests(db: sqlite3.Connection, article: object) -> tuple[int, str, str]:
    rows = db.execute("SELECT n, start, stop, vector FROM passages WHERE article = ? ORDER BY n", (article,)).fetchall()
    return len(rows), seal([row[:3] for row in rows]), digest(row[3] for row in rows)
