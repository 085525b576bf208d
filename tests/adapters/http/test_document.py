"""The OpenAPI document is true: schemathesis tries to prove otherwise, and a client is generated from it."""

import json
import os
import subprocess
import sys
from datetime import date
from importlib.resources import files

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from rag.adapters.http.door import Door
from rag.verification import verify
from tests.adapters.http.conftest import REQUESTS, opened, served
from tests.adapters.http.test_answers import QUESTION

# nothing that is sent to these could be of a wrong form: every path is text
WITHOUT_INPUT = ("/healthz", "/metrics", "/v1/articles/{id}")
# more for a longer run
EXAMPLES_EACH = int(os.environ.get("PULLQUOTE_SCHEMA_EXAMPLES", "20"))
# the statuses that refuse what is of a wrong form: schemathesis's own, and that of a body that is too large, as one of its examples may be
REFUSALS = "400 401 403 404 405 406 409 413 415 422 428 429 5xx".split()
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
EXAMPLES = json.loads(files("rag.adapters.http").joinpath("examples.json").read_text())


@pytest.fixture(scope="session")
def door(seeds):
    made = opened(seeds)
    yield made
    made.close()


@pytest.fixture(scope="session")
def schema(door):
    return schemathesis.openapi.from_asgi("/v1/openapi.json", Local(door), config=CONFIG)


class Local:
    """The door, with the Host that the server's own address has."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope["headers"] = [(name, b"127.0.0.1:7860" if name == b"host" else value) for name, value in scope["headers"]]
        await self._door(scope, receive, send)


def is_answerable(case):
    """What no JSON schema can say: days are in order, and a value names a quote that is there."""
    sent = case.body if isinstance(case.body, dict) else dict(case.query or {})
    after, before = sent.get("after", sent.get("since")), sent.get("before", sent.get("until"))
    if isinstance(after, str) and isinstance(before, str) and after > before:
        return False
    return "cursor" not in sent and case.path != "/v1/verify"


def test_it_is_openapi_3_1_and_examples_are_of_their_form(client):
    document = client.get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["operationId"]
            assert {"403", "500"} <= operation["responses"].keys()
            for status, response in operation["responses"].items():
                assert status == "200" or list(response["content"]) == ["application/problem+json"]
            shown = operation["responses"]["200"]["content"].get("application/json")
            for example in (shown or {}).get("examples", {}).values():
                jsonschema.validate(example["value"], {**shown["schema"], "components": document["components"]})


def test_the_example_answer_is_true(seeds):
    assert EXAMPLES["ask"]["question"] == QUESTION
    verdict = verify(EXAMPLES["ask"], seeds.article)
    assert verdict.failure is None
    assert verdict.matched > len(EXAMPLES["ask"]["quotes"]) > 0


def test_all_operations_are_tried(client):
    document = client.get("/v1/openapi.json").json()
    assert sorted(REQUESTS) == sorted((method.upper(), path) for path, item in document["paths"].items() for method in item)
    # on a port that is shared with the page, none of them goes to the page, and nothing of the page's comes here
    assert all(Door.has(path) for path in [*document["paths"], "/v1/openapi.json", "/v1", "/v1/none"])
    assert not any(Door.has(path) for path in ["/", "/v10", "/config", "/gradio_api/queue/join", "/healthz/", "/metricsx"])


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), list(REQUESTS))
def test_no_request_breaks_the_document(schema, method, path, mode):
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and path in WITHOUT_INPUT:
        pytest.skip("it takes nothing that could be wrong")

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES_EACH, suppress_health_check=list(HealthCheck))
    def tried(case):
        case.call_and_validate(excluded_checks=[] if is_answerable(case) else [positive_data_acceptance])

    tried()


@pytest.fixture(scope="session")
def generated(client, tmp_path_factory):
    """A package that openapi-python-client made of the document."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(client.get("/v1/openapi.json").text)
    # a feed is for a reader of feeds: to this client it is bytes
    (folder / "config.yml").write_text("post_hooks: []\ncontent_type_overrides:\n  application/atom+xml: application/octet-stream\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none", "--config", "config.yml"]
    done = subprocess.run([*command, "--output-path", "archive_client", "--fail-on-warning"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_generated_client_asks_reads_and_proves(generated, door, seeds, monkeypatch):
    monkeypatch.syspath_prepend(str(generated))
    from archive_client import Client  # noqa: PLC0415
    from archive_client.api.articles import list_articles, read_article  # noqa: PLC0415
    from archive_client.api.questions import ask, verify  # noqa: PLC0415
    from archive_client.models import Ask, Problem, SavedAnswer  # noqa: PLC0415

    with served(door) as address, Client(base_url=address, timeout=180) as client:
        answer = ask.sync(client=client, body=Ask(question=QUESTION, after=date(2022, 1, 1)))
        expected = seeds.ask(QUESTION, after=date(2022, 1, 1))
        assert [quote.text for quote in answer.quotes] == [quote.text for quote in expected.quotes]
        assert answer.outcome == expected.outcome
        saved = answer.to_dict()
        assert verify.sync(client=client, body=SavedAnswer.from_dict(saved)).failure is None
        saved["quotes"][0]["text"] = saved["quotes"][0]["text"].replace("5", "6", 1)
        assert verify.sync(client=client, body=SavedAnswer.from_dict(saved)).failure.startswith("quote 1: ")
        page = list_articles.sync(client=client, limit=5)
        assert (len(page.articles), page.total) == (5, 12)
        assert read_article.sync(page.articles[0].id, client=client).text == seeds.article(page.articles[0].id).text
        missing = read_article.sync("none/such", client=client)
        assert isinstance(missing, Problem)
        assert missing.status == 404
