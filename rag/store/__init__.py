"""Where articles, passages and vectors are kept."""

from rag.store.base import Delivery, Entry, Labels, Snapshot, Store, Writer
from rag.store.inventory import Earlier, Inventory, Writing
from rag.store.lexical import stems
from rag.store.local import LocalStore
from rag.store.upkeep import backup, flaws, restore
from rag.store.wanted import Wanted, marks

__all__ = [
    "Delivery",
    "Earlier",
    "Entry",
    "Inventory",
    "Labels",
    "LocalStore",
    "Snapshot",
    "Store",
    "Wanted",
    "Writer",
    "Writing",
    "backup",
    "flaws",
    "marks",
    "restore",
    "stems",
]
