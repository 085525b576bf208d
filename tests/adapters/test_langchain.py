"""The LangChain retriever, in LangChain's own standard tests and its natural chains."""

import asyncio

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tools import create_retriever_tool
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import ValidationError

from rag.adapters.langchain import PullquoteRetriever

STATIONS = "How many overseas police stations does China operate?"


# it is the one standard test that is asynchronous; overriding it to mark it is what another of them forbids
pytest.mark.asyncio(RetrieversIntegrationTests.test_ainvoke_returns_documents)


class OfAnArchive(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _archive(self, seeds):
        self.archive = seeds

    @property
    def retriever_constructor(self):
        return PullquoteRetriever

    @property
    def retriever_query_example(self):
        return STATIONS


class TestPassages(OfAnArchive):
    @property
    def retriever_constructor_params(self):
        return {"archive": self.archive}


class TestQuotes(OfAnArchive):
    @property
    def retriever_constructor_params(self):
        return {"archive": self.archive, "quotes": True}

    @property
    def retriever_query_example(self):
        # three articles answer, so that three quotes can be asked for
        return "How many people were killed in the Haiti earthquake?"


def test_in_a_chain_the_model_is_given_the_articles_own_words(seeds):
    retriever = PullquoteRetriever(archive=seeds, quotes=True)
    asked = []
    prompt = ChatPromptTemplate.from_template("Answer from these quotes:\n{quotes}\n\n{question}")
    model = FakeListChatModel(responses=["Fifty-four."])
    chain = (
        {"quotes": retriever | (lambda documents: "\n".join(d.page_content for d in documents)), "question": RunnablePassthrough()}
        | prompt
        | RunnableLambda(lambda prompted: asked.append(prompted.to_string()) or prompted)
        | model
        | StrOutputParser()
    )
    assert chain.invoke(STATIONS) == asyncio.run(chain.ainvoke(STATIONS)) == "Fifty-four."
    quotes = seeds.ask(STATIONS).quotes
    assert quotes
    assert all(quote.text in asked[0] for quote in quotes)
    assert asked[0] == asked[1]


def test_as_a_tool_it_gives_an_agent_the_quotes_and_keeps_their_places(seeds):
    tool = create_retriever_tool(
        PullquoteRetriever(archive=seeds, k=3, quotes=True),
        "quotes",
        "Finds quotes in the archive's articles.",
        document_prompt=PromptTemplate.from_template("{page_content} ({title}, {published}, {article_id}:{start}-{end})"),
        response_format="content_and_artifact",
    )
    call = {"name": "quotes", "args": {"query": STATIONS}, "id": "1", "type": "tool_call"}
    message = tool.invoke(call)
    best = seeds.ask(STATIONS).quotes[0]
    shown = f"{best.text} ({best.article.title}, {best.article.published}, {best.article.id}:{best.span.start}-{best.span.end})"
    assert message.content.startswith(shown)
    assert [document.page_content for document in message.artifact] == [quote.text for quote in seeds.ask(STATIONS).quotes[:3]]
    assert asyncio.run(tool.ainvoke(call)).content == message.content


def test_asynchronously_and_in_batches_it_gives_the_same(seeds):
    retriever = PullquoteRetriever(archive=seeds, k=4)
    wanted = retriever.invoke(STATIONS)
    assert asyncio.run(retriever.ainvoke(STATIONS)) == wanted
    assert asyncio.run(retriever.ainvoke(STATIONS, k=2)) == retriever.invoke(STATIONS, k=2) == wanted[:2]
    assert retriever.batch([STATIONS] * 3) == asyncio.run(retriever.abatch([STATIONS] * 3)) == [wanted] * 3


def test_a_misspelt_or_wrong_setting_is_refused_and_not_ignored(archive):
    for wrong in [{"befor": "2022-01-01"}, {"sources": "Sample Daily"}, {"after": "last week"}, {"archive": "index"}]:
        with pytest.raises(ValidationError):
            PullquoteRetriever(**{"archive": archive, **wrong})
