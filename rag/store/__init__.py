"""Where articles, passages and vectors are kept."""

from rag.store.base import Delivery, Entry, Labels, Snapshot, Store, Writer
from rag.store.beside import folder_beside, made_beside
from rag.store.inventory import Earlier, Inventory, Writing
from rag.store.lexical import stems
from rag.store.local import LocalStore
from rag.store.opening import open_store
from rag.store.shared.address import Address, has_password, is_address, shown
from rag.store.upkeep import backup, flaws, restore
from rag.store.wanted import Wanted, marks

__all__ = [
    "Address", "Delivery", "Earlier", "Entry", "Inventory", "Labels", "LocalStore", "Snapshot", "Store", "Wanted", "Writer", "Writing",
    "backup", "flaws", "folder_beside", "has_password", "is_address", "made_beside", "marks", "open_store", "restore", "shown", "stems",
]  # fmt: skip
