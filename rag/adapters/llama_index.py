"""LlamaIndex: an archive as a retriever."""

import asyncio
from collections.abc import Sequence
from datetime import date

from rag.adapters.extracts import Extract, RetrieverSetting
from rag.archive import Archive
from rag.errors import MissingExtra

try:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
except ImportError as error:
    raise MissingExtra.of("llama-index", error) from error

# a language model is given what a person would be told, not these
_BOOKKEEPING = ["article_id", "sha256", "start", "end", "score", "confidence"]


class PullquoteRetriever(BaseRetriever):
    """The `k` best passages of an open archive, best first, of articles published from `after` to `before` (both included) by `sources`.

    `guessed` and `undated` are those of `rag.Filters`. With `quotes`, at most `k` quotes
    that answer, and none where the archive does not. A node's `text` is verbatim, `start_char_idx` and `end_char_idx` are its code
    points in the article, `ref_doc_id` is the article's id; `metadata` is that of
    `rag.adapters.extracts.Extract`. Calls raise what `Archive.search` and `ask` raise.
    """

    def __init__(  # noqa: PLR0913 - a setting each, by name
        self,
        archive: Archive,
        k: int = 10,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] | None = None,
        guessed: bool = False,
        undated: bool = False,
        quotes: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        self._archive = archive
        self._search = RetrieverSetting(k, after, before, sources, guessed, undated, quotes)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(extract) for extract in self._search.extracts(self._archive, query_bundle.query_str)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        # BaseRetriever's own would hold up the event loop
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(extract: Extract) -> NodeWithScore:
    facts = extract.metadata
    node = TextNode(
        id_=extract.key,
        text=extract.text,
        metadata=facts,
        start_char_idx=facts["start"],
        end_char_idx=facts["end"],
        excluded_llm_metadata_keys=_BOOKKEEPING,
        excluded_embed_metadata_keys=_BOOKKEEPING,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=facts["article_id"], hash=facts["sha256"])},
    )
    return NodeWithScore(node=node, score=facts["score"])
