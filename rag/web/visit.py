"""What a visitor's steps may use."""

from dataclasses import dataclass

from rag.archive import Archive
from rag.desks import NO_DESKS, Desks


@dataclass(frozen=True, slots=True)
class Visit:
    """The archive that the page is of, whether this visitor may write to it, and what people keep there."""

    archive: Archive
    can_write: bool
    desks: Desks = NO_DESKS

    @property
    def whose(self) -> str:
        """Whose desk it is: empty where all is one person's."""
        return ""
