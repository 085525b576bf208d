"""Which store keeps an archive: that of its folder, or for an address the one that many machines share."""

import os
from pathlib import Path

from rag.settings import Settings
from rag.store.base import Store
from rag.store.local import LocalStore
from rag.store.shared import shared_store
from rag.store.shared.address import check_folder, is_address


def open_store(place: str | os.PathLike[str], settings: Settings, *, read_only: bool = False) -> Store:
    """Raises InputError for an address that is none, MissingExtra where what it takes to use one is not installed."""
    if is_address(place):
        return shared_store(str(place), settings, read_only=read_only)
    check_folder(str(place))
    return LocalStore(Path(place), settings, read_only=read_only)
