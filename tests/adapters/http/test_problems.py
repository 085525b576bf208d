"""Every error is a problem of RFC 9457, of the right status, and echoes and leaks nothing."""

import json

import pytest

from tests.adapters.http.conftest import client_of, opened

QUESTION = {"question": "When?"}


def problem(response, status):
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), response.text
    body = response.json()
    assert body.keys() - {"errors"} == {"type", "title", "status", "detail"}
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["detail"].endswith(".")
    return body


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/question"),
        ({"question": ""}, "#/question"),
        ({"question": "  "}, "#/question"),
        ({"question": 1}, "#/question"),
        ({"question": "x" * 10_001}, "#/question"),
        ({**QUESTION, "after": "20220101"}, "#/after"),
        ({**QUESTION, "after": 0}, "#/after"),
        ({**QUESTION, "before": "2022-02-30"}, "#/before"),
        ({**QUESTION, "sources": "A"}, "#/sources"),
        ({**QUESTION, "sources": ["A", 1]}, "#/sources/1"),
        ({**QUESTION, "guessed": "true"}, "#/guessed"),
        ({**QUESTION, "undated": 1}, "#/undated"),
        ({**QUESTION, "a/b~c": 1}, "#/a~1b~0c"),
        ([], "#"),
    ],
)
def test_a_wrong_part_is_pointed_at(client, body, pointer):
    errors = problem(client.post("/v1/ask", json=body), 422)["errors"]
    assert pointer in [one["pointer"] for one in errors]


def test_a_question_that_is_no_unicode_is_refused(client):
    problem(client.post("/v1/ask", content=b'{"question": "\\ud800"}', headers={"Content-Type": "application/json"}), 422)
    problem(client.post("/v1/ask", content=b'{"\\ud800": 1}', headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("k=0&query=a", "k"),
        ("k=x&query=a", "k"),
        ("query=a&after=1", "after"),
        ("query=a&more=1", "more"),
        ("query=a&undated=yes", "undated"),
        ("k=1001&query=a", "k"),
        ("", "query"),
    ],
)
def test_a_wrong_parameter_is_named(client, parameters, name):
    assert name in [one["parameter"] for one in problem(client.get(f"/v1/search?{parameters}"), 422)["errors"]]


def test_what_the_archive_refuses_says_why(client):
    detail = problem(client.post("/v1/ask", json={**QUESTION, "after": "2022-01-02", "before": "2022-01-01"}), 422)["detail"]
    assert "later than before" in detail


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b'{"question": 1' + b"1" * 5_000 + b"}"])
def test_what_is_no_json_is_refused(client, body):
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    problem(response, 422 if body == b"" else 400)


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json", "Content-Encoding": "gzip"}])
def test_only_plain_json_is_read(client, headers):
    problem(client.post("/v1/ask", content=json.dumps(QUESTION), headers=headers), 415)
    problem(client.post("/v1/search", content='{"query": "a"}', headers=headers), 415)
    problem(client.post("/v1/verify", content='{"quotes": []}', headers=headers), 415)


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/ask/", "/v1/nothing", "/v1/articles/none", "/v1/articles/", "/docs", "/openapi.json"])
def test_what_is_not_there(client, path):
    problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/v1/ask", "GET, POST"), ("/v1/articles/a/b", "GET"), ("/healthz", "GET"), ("/v1/verify", "POST"), ("/v1/openapi.json", "GET, HEAD")],
)
def test_a_method_that_is_not_there(client, path, allowed):
    response = client.request("DELETE", path)
    problem(response, 405)
    assert sorted(response.headers["allow"].split(", ")) == allowed.split(", ")


@pytest.mark.parametrize("saved", [{}, [], {"quotes": 1}, {"quotes": [1]}, {"quotes": [{"lead": 1}]}, {"quotes": [{"answer": "54"}]}, "text", 0])
def test_what_is_no_answer_cannot_be_proved(client, saved):
    errors = problem(client.post("/v1/verify", json=saved), 422)["errors"]
    # the places are those of what was sent, not of the types that were tried
    assert all("Saved" not in one["pointer"] for one in errors)


def test_a_wrong_quote_is_pointed_at(client):
    errors = problem(client.post("/v1/verify", json=[{"quotes": [{}, {"lead": 1}]}]), 422)["errors"]
    assert "#/0/quotes/1/lead" in [one["pointer"] for one in errors]


@pytest.mark.parametrize("saved", [
    {"quotes": [1] * 5_000},
    {"quotes": [], "near_misses": [{}] * 101},
    {"quotes": [], "differences": [{}] * 21},
    {"quotes": [], "differences": [{"values": [{"quote": 0}] * 21}]},
    [{"quotes": []}] * 101,
    [1] * 5_000,
])  # fmt: skip
def test_more_than_any_answer_has_is_refused_without_looking_at_all_of_it(client, saved):
    # one mistake, or two where both forms are tried
    assert 1 <= len(problem(client.post("/v1/verify", json=saved), 422)["errors"]) <= 2


def test_a_value_of_a_quote_that_is_not_there_cannot_be_proved(client):
    saved = {"quotes": [], "differences": [{"about": "x", "values": [{"value": "1", "quote": 3, "start": 0, "end": 1}]}]}
    assert "names quote 3" in problem(client.post("/v1/verify", json=saved), 422)["detail"]


def test_a_mistake_in_the_program_leaks_nothing(archive, make, monkeypatch):
    archive.add([make("a", "The bridge opened in 1932.")])
    client = client_of(opened(archive))
    monkeypatch.setattr(type(archive), "ask", lambda self, *_, **__: 1 / 0)
    assert "division" not in json.dumps(problem(client.post("/v1/ask", json=QUESTION), 500))
