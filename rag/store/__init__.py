"""Where articles, passages and vectors are kept."""

from rag.store.base import Entry, Labels, Snapshot, Store, Writer
from rag.store.lexical import stems
from rag.store.local import LocalStore
from rag.store.upkeep import backup, flaws, restore
from rag.store.wanted import Wanted, marks

__all__ = ["Entry", "Labels", "LocalStore", "Snapshot", "Store", "Wanted", "Writer", "backup", "flaws", "marks", "restore", "stems"]
