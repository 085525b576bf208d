"""Whether an archive is what a writer takes it for: of its model, cut as it cuts, and as it was when it was looked at."""

from rag.errors import ArchiveMismatch
from rag.types import Identity


def check_identity(place: object, built: Identity | None, identity: Identity, built_passages: str | None, passages: str) -> None:
    """Raises ArchiveMismatch where they are not; of an archive without vectors, for which `built` is None, all are."""
    if built is None:
        return
    if built != identity:
        raise ArchiveMismatch(
            f"{place} was built with {built.model} (weights {built.sha256[:12]}), not with {identity.model} "
            f"(weights {identity.sha256[:12]}); set PULLQUOTE_MODEL to that model, or add the articles to a new archive"
        )
    if built_passages != passages:
        raise ArchiveMismatch(
            f"{place} was built with passages of {built_passages}, not {passages}; use the same settings, or add the articles to a new archive"
        )


def check_state(place: object, expected: str, state: str) -> None:
    """Raises ArchiveMismatch where an archive is in another state than the expected one; any will do where none is."""
    if expected not in ("", state):
        raise ArchiveMismatch(f"{place} was written to, by somebody who wrote a note or a verdict, while something was copied into it; copy again")
