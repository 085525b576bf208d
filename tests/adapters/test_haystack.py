"""The Haystack component in pipelines, saved and loaded again; of Haystack 3, or of 2 where that is installed."""

import asyncio
import shutil
from datetime import date

import haystack
import pytest
from haystack import Pipeline
from haystack.components.builders import PromptBuilder
from haystack.components.retrievers import MultiQueryTextRetriever
from haystack.core.errors import DeserializationError, SerializationError

from rag import Archive, Settings, read_articles
from rag.adapters.haystack import PullquoteRetriever
from rag.errors import InputError
from tests.conftest import ROOT

STATIONS = "How many overseas police stations does China operate?"
TEMPLATE = "{% for document in documents %}{{ document.content }} ({{ document.meta.title }})\n{% endfor %}{{ question }}"
# in Haystack 2 a pipeline of another class runs asynchronously, any module may be loaded, and pipelines are not closed
IS_2 = haystack.__version__.startswith("2.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, encoder):
    """An archive of the seeds that nobody has open."""
    folder = tmp_path_factory.mktemp("haystack") / "index"
    with Archive.open(folder, Settings(), encoder) as opened:
        opened.add(read_articles(ROOT / "seeds"))
    return folder


@pytest.fixture(autouse=True)
def one_model(monkeypatch, encoder):
    """The model of all tests, instead of another for each component that opens a folder."""
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: encoder)


def prompting(retriever, kind=Pipeline):
    pipeline = kind()
    pipeline.add_component("retriever", retriever)
    pipeline.add_component("prompt", PromptBuilder(TEMPLATE, required_variables="*"))
    pipeline.connect("retriever.documents", "prompt.documents")
    return pipeline


def loads(saved):
    return Pipeline.loads(saved) if IS_2 else Pipeline.loads(saved, allowed_modules=["rag.adapters.*"])


def close(pipeline):
    if IS_2:
        pipeline.get_component("retriever").close()
    else:
        pipeline.close()


def asked(question, **settings):
    return {"retriever": {"query": question, **settings}, "prompt": {"question": question}}


def test_in_a_pipeline_the_prompt_has_the_articles_own_words(folder, seeds):
    pipeline = prompting(PullquoteRetriever(folder, quotes=True))
    quotes = seeds.ask(STATIONS).quotes
    prompt = "".join(f"{quote.text} ({quote.article.title})\n" for quote in quotes) + STATIONS
    assert quotes
    assert pipeline.run(asked(STATIONS))["prompt"]["prompt"] == prompt
    close(pipeline)


def test_it_runs_asynchronously(folder, seeds):
    pipeline = prompting(PullquoteRetriever(folder, quotes=True), haystack.AsyncPipeline if IS_2 else Pipeline)
    prompt = asyncio.run(pipeline.run_async(asked(STATIONS)))["prompt"]["prompt"]
    assert all(quote.text in prompt for quote in seeds.ask(STATIONS).quotes)
    close(pipeline)


def test_saved_and_loaded_again_it_finds_the_same(folder):
    settings = {"after": date(2022, 1, 1), "before": date(2022, 11, 1), "sources": ["Sample Daily"], "guessed": True, "undated": True, "quotes": True}
    pipeline = prompting(PullquoteRetriever(folder, 3, **settings))
    saved = pipeline.dumps()
    loaded = loads(saved)
    assert loaded.dumps() == saved
    wanted = pipeline.run(asked(STATIONS), include_outputs_from={"retriever"})
    assert loaded.run(asked(STATIONS), include_outputs_from={"retriever"}) == wanted
    documents = wanted["retriever"]["documents"]
    assert 1 <= len(documents) <= 3
    assert {document.meta["published"] for document in documents} == {"2022-10-19"}
    assert [type(document).from_dict(document.to_dict()) for document in documents] == documents
    close(pipeline)
    close(loaded)


def test_what_is_saved_is_plain_and_names_the_folder(folder):
    component = PullquoteRetriever(folder, after=date(2022, 1, 1), sources=("Sample Daily",))
    saved = component.to_dict()
    assert saved == {
        "type": "rag.adapters.haystack.PullquoteRetriever",
        "init_parameters": {
            "archive": str(folder), "top_k": 10, "after": "2022-01-01", "before": None, "sources": ["Sample Daily"],
            "guessed": False, "undated": False, "quotes": False,
        },
    }  # fmt: skip
    assert PullquoteRetriever.from_dict(saved).to_dict() == saved
    shortest = {"type": saved["type"], "init_parameters": {"archive": "index"}}
    assert PullquoteRetriever.from_dict(shortest).to_dict()["init_parameters"]["top_k"] == 10


def test_loading_opens_nothing_and_a_missing_folder_is_not_made(tmp_path):
    loaded = PullquoteRetriever.from_dict(PullquoteRetriever(tmp_path / "away").to_dict())
    assert loaded.run("Anything?") == {"documents": []}
    loaded.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(IS_2, reason="Haystack 2 loads any module")
def test_haystack_loads_it_only_where_it_is_allowed_to(folder):
    with pytest.raises(DeserializationError, match="rag.adapters.haystack"):
        Pipeline.loads(prompting(PullquoteRetriever(folder)).dumps())


def test_a_run_can_let_in_what_the_component_leaves_out_and_the_other_way_round(unsure):
    component = PullquoteRetriever(unsure, after=date(2020, 1, 1), undated=True)
    assert len(component.run("bridge")["documents"]) == 3
    assert len(component.run("bridge", guessed=True, undated=False)["documents"]) == 2


def test_an_open_archive_is_shared_and_left_open_but_cannot_be_saved(seeds):
    pipeline = prompting(PullquoteRetriever(seeds))
    pipeline.add_component("quotes", PullquoteRetriever(seeds, quotes=True))
    pipeline.run({**asked(STATIONS), "quotes": {"query": STATIONS}})
    close(pipeline)
    assert seeds.search(STATIONS, 1)
    with pytest.raises(SerializationError, match="give it the archive's folder"):
        pipeline.dumps()


def test_a_password_is_not_saved_with_a_pipeline():
    address = "milvus+http://10.0.0.1:19530/news?text=postgresql://me@10.0.0.2/news"
    assert PullquoteRetriever(address).to_dict()["init_parameters"]["archive"] == address
    with pytest.raises(SerializationError, match="give it by PGPASSWORD") as refused:
        PullquoteRetriever(address.replace("me@", "me:hers@")).to_dict()
    assert "hers" not in str(refused.value)


def test_a_run_can_override_the_component_s_settings(folder, seeds):
    component = PullquoteRetriever(folder, 5, before=date(2022, 11, 1))
    assert len(component.run(STATIONS)["documents"]) == 5
    assert len(component.run(STATIONS, top_k=2)["documents"]) == 2
    later = component.run(STATIONS, after=date(2022, 11, 2), before=date(2022, 12, 31))["documents"]
    assert {document.meta["published"] for document in later} == {"2022-12-05"}
    assert component.run(STATIONS, sources=["Nobody's Gazette"]) == {"documents": []}
    # no source is not every source
    assert PullquoteRetriever(seeds, sources=["Sample Daily"]).run(STATIONS, sources=[]) == {"documents": []}
    with pytest.raises(InputError, match="filters by after, before, sources, guessed and undated"):
        component.run(STATIONS, filters={"field": "meta.source", "operator": "==", "value": "Sample Daily"})
    component.close()


def test_closed_it_opens_again_when_it_is_used(folder):
    component = PullquoteRetriever(folder, 1)
    before = sorted(folder.rglob("*"))
    first = component.run(STATIONS)
    component.close()
    component.close()
    assert component.run(STATIONS) == first
    component.close()
    assert sorted(folder.rglob("*")) == before


def test_a_folder_is_opened_to_be_read_only_and_closed_again(folder, tmp_path, monkeypatch):
    # its search caches are missing, and are not made there
    shutil.copytree(folder, tmp_path / "index", ignore=shutil.ignore_patterns("cache", "*.lock"))
    before = sorted(tmp_path.rglob("*"))
    closed = []
    close = Archive.close
    monkeypatch.setattr(Archive, "close", lambda archive: closed.append(archive) or close(archive))
    component = PullquoteRetriever(tmp_path / "index", 1)
    assert len(component.run(STATIONS)["documents"]) == 1
    assert (sorted(tmp_path.rglob("*")), closed) == (before, [])
    component.close()
    assert len(closed) == 1


def test_it_is_a_text_retriever_to_haystack_s_own_components(folder, seeds):
    retriever = PullquoteRetriever(folder, 2)
    found = MultiQueryTextRetriever(retriever=retriever).run(queries=[STATIONS, "When did Berlin's new airport open?"])
    wanted = {hit.passage.text for question in (STATIONS, "When did Berlin's new airport open?") for hit in seeds.search(question, 2)}
    assert {document.content for document in found["documents"]} == wanted
    retriever.close()
