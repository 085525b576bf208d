"""LangChain: an archive as a retriever. Its core is always there: the splitter of passages needs it."""

from collections.abc import Sequence
from datetime import date

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import run_in_executor
from pydantic import ConfigDict

from rag.adapters.extracts import RetrieverSetting
from rag.archive import Archive


class PullquoteRetriever(BaseRetriever):
    """The `k` best passages of an open archive, best first, of articles published from `after` to `before` (both included) by `sources`.

    `guessed` and `undated` are those of `rag.Filters`. With `quotes`, at most `k` quotes
    that answer, and none where the archive does not. `page_content` is verbatim; `metadata` is that of `rag.adapters.extracts.Extract`.
    `invoke(query, k=3)` overrides `k` once. A misspelt field is a ValidationError.
    Calls raise what `Archive.search` and `Archive.ask` raise.
    """

    # BaseRetriever would ignore a field that it does not know, and with it a misspelt filter
    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    archive: Archive
    k: int = 10
    after: date | None = None
    before: date | None = None
    sources: Sequence[str] | None = None
    guessed: bool = False
    undated: bool = False
    quotes: bool = False

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the signature is BaseRetriever's
        k: int | None = None,
    ) -> list[Document]:
        most = self.k if k is None else k
        search = RetrieverSetting(most, self.after, self.before, self.sources, self.guessed, self.undated, self.quotes)
        return [Document(id=extract.key, page_content=extract.text, metadata=extract.metadata) for extract in search.extracts(self.archive, query)]

    async def _aget_relevant_documents(self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None) -> list[Document]:
        # BaseRetriever's own does not hand `k` on
        return await run_in_executor(None, self._get_relevant_documents, query, run_manager=run_manager.get_sync(), k=k)
