"""What a visitor's steps may use."""

from dataclasses import dataclass

from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Visit:
    """The archive that the page is of, and whether this visitor may write to it."""

    archive: Archive
    can_write: bool
