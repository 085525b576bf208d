"""Haystack: an archive as a component of a pipeline."""

import os
import threading
from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from rag.adapters.extracts import RetrieverSetting
from rag.archive import Archive
from rag.errors import InputError, MissingExtra
from rag.store import has_password

try:
    from haystack import Document, component, default_from_dict, default_to_dict
    from haystack.core.errors import SerializationError
except ImportError as error:
    raise MissingExtra.of("haystack", error) from error


@component
class PullquoteRetriever:
    """The `top_k` best passages of an archive, best first, of articles published from `after` to `before` (both included) by `sources`.

    `archive` is an archive's folder, which is opened to be read only when the
    component is first used and closed by `close`, or an open archive, which stays its
    owner's to close; a pipeline can be saved only with a folder. `guessed` and `undated`
    are those of `rag.Filters`. With `quotes`, at
    most `top_k` quotes that answer, and none where the archive does not. A document's
    `content` is verbatim; its `meta` is that of `rag.adapters.extracts.Extract`.
    """

    def __init__(
        self,
        archive: Archive | str | os.PathLike[str],
        top_k: int = 10,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        quotes: bool = False,
    ) -> None:
        self.archive = archive
        self.top_k = top_k
        self.after = after
        self.before = before
        self.sources = sources
        self.guessed = guessed
        self.undated = undated
        self.quotes = quotes
        self._opened: Archive | None = None
        self._opening = threading.Lock()

    def warm_up(self) -> None:
        """Opens the archive and loads the model. Raises what `Archive.open` raises, EncoderError where the model cannot be loaded."""
        self._open().warm()

    def close(self) -> None:
        """Closes the archive if this component opened it."""
        with self._opening:
            if self._opened:
                self._opened.close()
                self._opened = None

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        filters: dict[str, Any] | None = None,
        top_k: int | None = None,
        after: date | None = None,
        before: date | None = None,
        sources: list[str] | None = None,
        *,
        guessed: bool | None = None,
        undated: bool | None = None,
    ) -> dict[str, list[Document]]:
        """Retrieves; what is given beside the query overrides the component's own once.

        Raises InputError for `filters`, which Haystack's retrievers have and this
        archive does not, and what `Archive.search` and `Archive.ask` raise.
        """
        if filters:
            raise InputError(f"filters is {filters!r}; this retriever filters by after, before, sources, guessed and undated")
        search = RetrieverSetting(
            self.top_k if top_k is None else top_k,
            after or self.after,
            before or self.before,
            self.sources if sources is None else sources,
            self.guessed if guessed is None else guessed,
            self.undated if undated is None else undated,
            self.quotes,
        )
        found = search.extracts(self._open(), query)
        return {
            "documents": [Document(id=extract.key, content=extract.text, meta=extract.metadata, score=extract.metadata["score"]) for extract in found]
        }

    def to_dict(self) -> dict[str, Any]:
        """The settings. Raises SerializationError where the component was given an open archive, or an address with a password in it."""
        if isinstance(self.archive, Archive):
            raise SerializationError("PullquoteRetriever was given an open archive, which cannot be saved; give it the archive's folder")
        if has_password(self.archive):
            raise SerializationError(
                "the archive's address has a password, which would be saved with the pipeline; "
                "leave it out there, and give it by PGPASSWORD, PGPASSFILE or PULLQUOTE_MILVUS_TOKEN"
            )
        return default_to_dict(
            self,
            archive=os.fspath(self.archive),
            top_k=self.top_k,
            after=self.after and self.after.isoformat(),
            before=self.before and self.before.isoformat(),
            sources=None if self.sources is None else list(self.sources),
            guessed=self.guessed,
            undated=self.undated,
            quotes=self.quotes,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The component of these settings; its archive is opened when it is first used."""
        settings = dict(data.get("init_parameters", {}))
        for name in ("after", "before"):
            settings[name] = date.fromisoformat(settings[name]) if settings.get(name) else None
        return default_from_dict(cls, {**data, "init_parameters": settings})

    def _open(self) -> Archive:
        if isinstance(self.archive, Archive):
            return self.archive
        with self._opening:
            if self._opened is None:
                self._opened = Archive.open(self.archive, read_only=True)
            return self._opened
