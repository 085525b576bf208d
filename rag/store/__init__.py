"""Where articles, passages and vectors are kept."""

from rag.store.base import Entry, Snapshot, Store, Writer
from rag.store.lexical import stems
from rag.store.local import LocalStore
from rag.store.upkeep import backup, flaws, restore

__all__ = ["Entry", "LocalStore", "Snapshot", "Store", "Writer", "backup", "flaws", "restore", "stems"]
