"""What every framework's retriever gives: words of an article as they stand there, with flat metadata that says where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rag.archive import Archive
from rag.errors import ArchiveDamaged, InputError
from rag.render import answer_json, hits_json, unread

# the contract's facts of an article but for its id, which a framework's document has one of its own
_FACTS = ("title", "source", "author", "published", "url", "sha256")
_QUOTE = ("confidence", "lead", "speaker", "answer")


@dataclass(frozen=True, slots=True)
class Extract:
    """Words of an article; the same words at the same place have the same key, `article:start-end`.

    `metadata` has `article_id`, `title`, `source`, `author`, `published` (ISO 8601),
    `url`, `sha256` (of the whole article), `start` and `end` (code points of the
    article's text, start in, end out) and `score`; what an article does not state is
    None. A quote's has also `confidence` (0 to 1), and `lead`, `speaker` and `answer`,
    each `{"text", "start", "end"}` or None.
    """

    key: str
    text: str
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RetrieverSetting:
    """What a retriever was set to: how many extracts, of which articles (as `Archive.search` has it), passages or quotes."""

    k: int
    after: date | None
    before: date | None
    sources: Sequence[str] | None
    guessed: bool
    undated: bool
    quotes: bool

    def extracts(self, archive: Archive, query: str) -> list[Extract]:
        """The `k` best passages or, with `quotes`, at most `k` quotes that answer: none where the archive does not.

        Raises InputError for a `k` below 1, ArchiveDamaged where an article is damaged,
        which a list of extracts cannot say, and else what `Archive.search` and `ask` raise.
        """
        if self.k < 1:
            raise InputError(f"the number of results is {self.k}; ask for at least 1")
        filters = {name: getattr(self, name) for name in ("after", "before", "sources", "guessed", "undated")}
        if self.quotes:
            answer = archive.ask(query, **filters)
            if answer.searched.damaged:
                raise ArchiveDamaged(unread(answer.searched.damaged))
            return [_extract(quote) for quote in answer_json(answer)["quotes"][: self.k]]
        return [_extract(hit) for hit in hits_json(archive.search(query, self.k, **filters))]


def claim(text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """An extract that a framework gave back, as a quote of an answer, so that `rag.verification.verify` can compare it with the archive.

    What the metadata lack is left out, which `verify` finds wrong.
    """
    article = {name: metadata[name] for name in _FACTS if name in metadata}
    if "article_id" in metadata:
        article["id"] = metadata["article_id"]
    return {"text": text, "article": article, **{name: metadata[name] for name in ("start", "end", "score", *_QUOTE) if name in metadata}}


def _extract(found: Mapping[str, Any]) -> Extract:
    """A hit or a quote of the contract's JSON."""
    article = found["article"]
    place = {name: found[name] for name in ("start", "end", "score")}
    quote = {name: found[name] for name in _QUOTE if name in found}
    metadata = {"article_id": article["id"], **{name: article[name] for name in _FACTS}, **place, **quote}
    return Extract(f"{article['id']}:{found['start']}-{found['end']}", found["text"], metadata)
