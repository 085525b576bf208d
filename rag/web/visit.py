"""What a visitor's steps may use."""

from dataclasses import dataclass

from rag.archive import Archive
from rag.desks import NO_DESKS, Desks


@dataclass(frozen=True, slots=True)
class Visit:
    """The archive that the page is of, whether this visitor may write to it, and the name under which they logged in; None where nobody has one.

    `desks` is where each person's conversations are kept.
    """

    archive: Archive
    can_write: bool
    person: str | None = None
    desks: Desks = NO_DESKS

    @property
    def whose(self) -> str:
        """Whose desk it is among those that are kept: without names all is one person's."""
        return self.person or ""
