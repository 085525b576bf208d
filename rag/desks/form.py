"""The tables of what people keep. Each row that one reads later is sealed, so that damage is never shown as what was kept."""

from rag.store.side_file import Form

FILE = "desks.sqlite3"

# what the file says of itself: "Pqdk"
FORM = Form(
    0x5071646B,
    (
        """
        CREATE TABLE conversations (
            n INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, title TEXT NOT NULL, begun TEXT NOT NULL, last TEXT NOT NULL,
            seal TEXT NOT NULL
        ) STRICT;
        CREATE INDEX conversations_of_person ON conversations (person, last);
        CREATE TABLE turns (
            n INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversations (n) ON DELETE CASCADE,
            bytes INTEGER NOT NULL, question TEXT NOT NULL, seal TEXT NOT NULL, packed BLOB NOT NULL
        ) STRICT;
        CREATE INDEX turns_of_conversation ON turns (conversation, bytes);
        CREATE TABLE texts (sha256 TEXT PRIMARY KEY, packed BLOB NOT NULL) STRICT;
        CREATE TABLE articles (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES texts (sha256), told BLOB NOT NULL) STRICT;
        CREATE INDEX articles_of_text ON articles (sha256);
        CREATE TABLE quoted (
            turn INTEGER NOT NULL REFERENCES turns (n) ON DELETE CASCADE, article TEXT NOT NULL REFERENCES articles (key), PRIMARY KEY (turn, article)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX turns_that_quote ON quoted (article);
        CREATE TABLE saved (
            n INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, sought TEXT NOT NULL, words TEXT NOT NULL, filters TEXT NOT NULL,
            address TEXT NOT NULL, made TEXT NOT NULL, seal TEXT NOT NULL
        ) STRICT;
        CREATE INDEX saved_of_person ON saved (person);
        CREATE TABLE visits (person TEXT PRIMARY KEY, before TEXT, latest TEXT NOT NULL, seal TEXT NOT NULL) STRICT
        """,
    ),
)
