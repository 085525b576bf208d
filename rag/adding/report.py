"""What `add` is asked to do, what it tells meanwhile, and what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rag.types import ArticleWarning, PassedOver, Refusal


class Fate(StrEnum):
    """What became of an item."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stored:
    """How far adding is: so many passages of new and changed articles are on disk. With `is_all` only the search caches are left to be made."""

    passages: int
    is_all: bool = False


Progress = Callable[[Fate, str], object]


@dataclass(frozen=True, slots=True)
class Choices:
    """What `Archive.add` was called with."""

    prune: tuple[Path, ...]
    emptied: bool
    originals: bool
    reread: bool
    progress: Progress
    stored: Callable[[Stored], object]


@dataclass(frozen=True, slots=True)
class Files:
    """How many files and pages were looked into, and what they came to: `seen` is the sum of the others.

    Of one `with_articles` some were taken, one `unchanged` was not read, of one that is `refused` nothing was taken, and
    `Report.refused` says why; one `without_words` has none of its own, such as a sitemap.
    """

    seen: int = 0
    with_articles: int = 0
    unchanged: int = 0
    refused: int = 0
    without_words: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that was written, by its id, and the likeliest of the articles that it is a near-copy of."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `add` did: the ids of articles, what was refused and why, and what of the others could not be read as it was meant.

    `files` counts those of what `rag.corpus.read_documents` gives, `passed_over` is what it did not look into, and
    `editions_removed` counts the earlier texts of what was removed. `copies` are those of the added and replaced
    articles that are near-copies of others in the archive.
    """

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[ArticleWarning, ...] = ()
    files: Files = Files()
    passed_over: tuple[PassedOver, ...] = ()
    editions_removed: int = 0
    copies: tuple[Copy, ...] = ()
