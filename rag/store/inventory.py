"""What a store holds, told by seals that are the same in every store that holds the same: two are compared without their texts.

Each is made of an article's row in the form of `article_rows`, whatever keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from rag.arrays import STORED, Vectors
from rag.errors import ArchiveDamaged
from rag.feedback import Feedback
from rag.notes import Note
from rag.store.article_rows import document_of, facts_of, parts_of, plainly_told
from rag.store.seal import digest, seal
from rag.types import Article, Edition, Identity, Kept


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier text of an article, by the article's id and its own SHA-256, which no other has, and the seal of all that is kept of it."""

    id: str
    sha256: str
    seal: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What people wrote: all notes and all feedback by their numbers, ascending, and the greatest number that a note has had, be it there or not."""

    notes: tuple[Note, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    last_note: int = 0


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a store holds, of one generation, that with `token`; an empty one may have none, "".

    `model` is that of the vectors and `passages` how articles are cut (`Settings.passages`), both None before the first article.
    `articles` are the seals by id (`article_seal`), `editions` the earlier texts, what was replaced first first, `documents` the
    seals by origin (`kept_seal`) of all that `Store.kept` gives. `copied` is the token of the store that this one is a copy
    of, as `Writer.take_over` was told last: None where it never was, or where articles, earlier texts, notes or feedback
    were changed since in any other way.

    `state` changes with any change of articles, earlier texts, notes or feedback.

    Nothing in it is what was not stored: what is wrong with that is in `damaged`. Texts, passages, vectors and the bytes of
    documents are not read for it.
    """

    token: str
    model: Identity | None
    passages: str | None
    articles: Mapping[str, str]
    editions: tuple[Earlier, ...]
    writing: Writing
    documents: Mapping[str, str]
    copied: str | None = None
    damaged: tuple[ArchiveDamaged, ...] = ()
    state: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that somebody could miss; what is known of documents is no such thing."""
        return not (self.articles or self.editions or self.writing.notes or self.writing.feedback or self.damaged)


def article_seal(facts: Sequence[str | None], document: str | None, vectors: str, arrived: datetime | None) -> str:
    """The seal of an article by its facts and document (`article_rows`), the digest of its vectors, and when its text came in.

    Where its passages begin and end is no part of it: the vectors tell of their texts.
    """
    moment = arrived.astimezone(UTC).replace(microsecond=0).isoformat() if arrived else None
    return seal((*facts, plainly_told(document), vectors, moment))


def edition_seal(edition: Edition) -> str:
    return edition_row_seal(facts_of(edition.article), document_of(edition.article, parts_of(edition.article)), edition.replaced)


def edition_row_seal(facts: Sequence[str | None], document: str | None, replaced: datetime) -> str:
    """The seal of an earlier text by its facts and document, and when it was replaced."""
    return seal((*facts, plainly_told(document), replaced.astimezone(UTC).isoformat()))


def kept_seal(kept: Kept) -> str:
    return seal((astuple(kept.document), sorted(kept.ids), [astuple(one) for one in kept.refused]))


def sealed(article: Article, vectors: Vectors, arrived: datetime | None) -> str:
    """The seal of an article with its passages' vectors [passages, dimension]."""
    return article_seal(facts_of(article), document_of(article, parts_of(article)), vectors_digest(vectors), arrived)


def vectors_digest(vectors: Vectors) -> str:
    """Of vectors as they are stored, float16, one after the other."""
    return digest(vector.astype(STORED).tobytes() for vector in vectors)
