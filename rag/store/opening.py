"""Which store keeps an archive: that of its folder."""

import os
from pathlib import Path

from rag.settings import Settings
from rag.store.base import Store
from rag.store.local import LocalStore


def open_store(place: str | os.PathLike[str], settings: Settings, *, read_only: bool = False) -> Store:
    return LocalStore(Path(place), settings, read_only=read_only)
