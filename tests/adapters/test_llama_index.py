"""The LlamaIndex retriever inside a query engine, with LlamaIndex's mock of a language model."""

import asyncio
import subprocess
import sys
import threading

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode
from llama_index.core.tools import RetrieverTool

from rag.adapters.llama_index import PullquoteRetriever

STATIONS = "How many overseas police stations does China operate?"


def test_in_a_query_engine_the_model_is_given_the_articles_own_words(seeds):
    engine = RetrieverQueryEngine.from_args(PullquoteRetriever(seeds, quotes=True), llm=MockLLM(), response_mode=ResponseMode.COMPACT)
    response = engine.query(STATIONS)  # the mock says its prompt
    quotes = seeds.ask(STATIONS).quotes
    assert quotes
    for quote, node in zip(quotes, response.source_nodes, strict=True):
        assert quote.text in str(response)
        assert quote.text == node.text == quote.article.text[node.node.start_char_idx : node.node.end_char_idx]
    assert "title: Rights group counts dozens of Chinese police stations abroad" in str(response)
    assert "sha256" not in str(response)
    assert str(asyncio.run(engine.aquery(STATIONS))) == str(response)


def test_where_the_articles_do_not_answer_the_model_is_not_asked(seeds):
    engine = RetrieverQueryEngine.from_args(PullquoteRetriever(seeds, quotes=True), llm=MockLLM())
    response = engine.query("Who won the chess olympiad in Budapest?")
    assert (str(response), response.source_nodes) == ("Empty Response", [])


def test_it_is_a_retriever_among_others_and_a_tool(seeds):
    retriever = PullquoteRetriever(seeds, 3)
    wanted = [node.node_id for node in retriever.retrieve(STATIONS)]
    fusion = QueryFusionRetriever([retriever, PullquoteRetriever(seeds, 3)], llm=MockLLM(), num_queries=1, similarity_top_k=3)
    assert [node.node_id for node in fusion.retrieve(STATIONS)] == wanted
    output = RetrieverTool.from_defaults(retriever, description="Finds passages.").call(STATIONS)
    assert [node.node_id for node in output.raw_output] == wanted


def test_an_embedding_is_made_of_what_a_reader_is_told(seeds):
    (node,) = PullquoteRetriever(seeds, 1).retrieve(STATIONS)
    told = node.node.get_content(MetadataMode.EMBED)
    assert node.text.strip() in told
    assert "source: Sample Daily" in told
    assert node.metadata["sha256"] not in told


def test_the_event_loop_is_not_held_up(seeds, monkeypatch):
    threads = []
    search = type(seeds).search
    monkeypatch.setattr(type(seeds), "search", lambda *args, **settings: threads.append(threading.current_thread()) or search(*args, **settings))
    retriever = PullquoteRetriever(seeds, 2)
    nodes = asyncio.run(retriever.aretrieve(STATIONS))
    assert threads[0] is not threading.main_thread()
    assert nodes == retriever.retrieve(STATIONS)


def test_neither_nltk_nor_a_language_model_of_somebody_s_is_loaded():
    code = "import sys, rag.adapters.llama_index; print({m.split('.')[0] for m in sys.modules} & {'nltk', 'tiktoken', 'openai', 'torch'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
