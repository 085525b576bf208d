"""Where articles, passages and vectors are kept."""

from rag.store.base import Entry, Snapshot, Store, Writer
from rag.store.lexical import stems
from rag.store.local import LocalStore

__all__ = ["Entry", "LocalStore", "Snapshot", "Store", "Writer", "stems"]
