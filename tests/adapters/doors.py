"""One way to ask each framework's retriever, so that what all of them promise is tested once."""

from haystack import Pipeline
from llama_index.core.schema import MetadataMode

from rag.adapters import haystack, langchain, llama_index
from rag.types import Answer, Outcome, Quote, Seconds, Span


def altered(text):
    """The text altered a little, in each way that a reader would not see, or that something that tidies would do."""
    at = text.index(" ", 1)
    return [
        text.swapcase(), text.replace(" ", "\u00a0", 1), text[:at] + " " + text[at:], text[:at] + text[at + 1 :], text[:at] + "\u200b" + text[at:],
        text + " ", " " + text, text[:-1], text[1:], text.replace("e", "\u0435", 1), text[::-1], "",
    ]  # fmt: skip


def answering(archive, monkeypatch, words):
    """Makes the archive answer with the first passage that its search finds, in which these words are those that answer."""

    def ask(question, **filters):
        (hit,) = archive.search(question, 1, **filters)
        article, span = hit.passage.article, hit.passage.span
        at = article.text.index(words, span.start)
        quote = Quote(article, span, 0.9, 0.9, span, answer=Span(at, at + len(words)))
        return Answer(question, Outcome.ANSWERED, (quote,), (), archive.counted(**filters), Seconds())

    monkeypatch.setattr(archive, "ask", ask)


def through_langchain(archive, query, k=10, **settings):
    documents = langchain.PullquoteRetriever(archive=archive, k=k, **settings).invoke(query)
    return [(document.page_content, document.metadata, document.id) for document in documents]


def through_llama_index(archive, query, k=10, **settings):
    nodes = llama_index.PullquoteRetriever(archive, k, **settings).retrieve(query)
    assert all((one.node.start_char_idx, one.node.end_char_idx) == (one.metadata["start"], one.metadata["end"]) for one in nodes)
    assert all((one.score, one.node.ref_doc_id) == (one.metadata["score"], one.metadata["article_id"]) for one in nodes)
    return [(one.node.get_content(MetadataMode.NONE), one.node.metadata, one.node.node_id) for one in nodes]


def through_haystack(archive, query, k=10, **settings):
    pipeline = Pipeline()
    pipeline.add_component("retriever", haystack.PullquoteRetriever(archive, k, **settings))
    documents = pipeline.run({"retriever": {"query": query}})["retriever"]["documents"]
    assert all(document.score == document.meta["score"] for document in documents)
    return [(document.content, document.meta, document.id) for document in documents]


DOORS = {"langchain": through_langchain, "llama-index": through_llama_index, "haystack": through_haystack}
