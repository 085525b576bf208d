"""What can go wrong, as one tree. Every message names the thing, the reason and the way out.

PullquoteError
├── InputError              what the caller passed cannot be used
├── MissingExtra            an optional part's library is not installed; also an ImportError
├── EncoderError            the embedding model is missing or is not the expected one
├── WorkersError            the workers that were to help with adding cannot be reached, do not fit, or are lost
├── ReaderError             the span reader's model is missing or is not the expected one
└── ArchiveError            something about an archive's folder
    ├── ArchiveDamaged      the archive's own file cannot be read
    │   └── ArticleDamaged  an article in it is not what was stored
    ├── ArchiveLocked       somebody else is writing to it
    ├── ArchiveMismatch     it was built by another model, splitting or version
    └── ReadOnly            it was opened to be read only, or this user may only read it

An article that cannot be taken is no error but a `Refusal`: the rest of the batch goes on.
"""

from typing import Self


class PullquoteError(Exception):
    """The root: catch this for everything that Pullquote raises on purpose. Its `args` are the lines of its message, most often one."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class InputError(PullquoteError):
    """What the caller passed cannot be used: a missing path, an empty question, a bad filter."""


class MissingExtra(PullquoteError, ImportError):
    """The library that an optional part needs is not installed."""

    @classmethod
    def of(cls, extra: str, error: ImportError) -> Self:
        """For an optional part whose library, which the extra of this name installs, could not be imported."""
        return cls(f"{error.name or extra} is not installed; run in Pullquote's folder: pip install '.[{extra}]'", name=error.name)


class EncoderError(PullquoteError):
    """The embedding model is missing, incomplete, or not the one that was asked for."""


class ReaderError(PullquoteError):
    """The span reader's model is missing, damaged, or none that answers questions."""


class WorkersError(PullquoteError):
    """The workers that were to help with adding cannot be reached, have another version or model, or are lost."""


class ArchiveError(PullquoteError):
    """Something about an archive's folder."""


class ArchiveDamaged(ArchiveError):
    """The archive's own file, the truth, cannot be read."""


class ArticleDamaged(ArchiveDamaged):
    """An article, that with `id`, is not what was stored; the others can be used."""

    def __init__(self, message: str, id: str) -> None:
        super().__init__(message)
        self.id = id


class ArchiveLocked(ArchiveError):
    """Another process or thread is writing to the archive."""


class ArchiveMismatch(ArchiveError):
    """The archive was built by another model, other passage settings or another version."""


class ReadOnly(ArchiveError):
    """Something would have changed an archive that was opened to be read only, or that this user may only read."""
