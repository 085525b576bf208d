"""What a visitor's steps may use."""

from dataclasses import dataclass

from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Visit:
    """The archive that the page is of, whether this visitor may write to it, and the name under which they logged in; None where nobody has one."""

    archive: Archive
    can_write: bool
    person: str | None = None
