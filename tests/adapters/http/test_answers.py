"""What programs get is what the Python API gives."""

import json
import time
from datetime import date

import pytest

from rag import render
from tests.adapters.doors import altered, answering
from tests.adapters.http.conftest import client_of, opened

QUESTION = "How many overseas police stations does China operate?"
QUESTIONS = [QUESTION, "Who won the 2022 World Cup?", "When did Berlin's new airport open?"]


def plain(value):
    """JSON has lists where Python has tuples."""
    return json.loads(json.dumps(value))


def timeless(answer):
    return {name: value for name, value in answer.items() if name != "seconds"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_the_archive_s(client, seeds, question):
    expected = timeless(render.answer_json(seeds.ask(question)))
    posted = client.post("/v1/ask", json={"question": question})
    assert (posted.status_code, posted.headers["content-type"]) == (200, "application/json")
    assert timeless(posted.json()) == expected
    assert timeless(client.get("/v1/ask", params={"question": question}).json()) == expected


def test_filters_are_the_archive_s(client, seeds):
    chosen = {"after": date(2022, 11, 1), "before": date(2022, 12, 31), "sources": ["Sample Wire", "Nobody"]}
    sent = {**chosen, "after": "2022-11-01", "before": "2022-12-31"}
    expected = timeless(render.answer_json(seeds.ask(QUESTION, **chosen)))
    # JSON has lists where Python has tuples
    expected["searched"]["filters"]["sources"] = list(expected["searched"]["filters"]["sources"])
    assert timeless(client.post("/v1/ask", json={"question": QUESTION, **sent}).json()) == expected
    assert timeless(client.get("/v1/ask", params={"question": QUESTION, **sent}).json()) == expected
    assert client.post("/v1/ask", json={"question": QUESTION, "sources": []}).json()["outcome"] == "outside_filters"


@pytest.mark.parametrize("widening", [{"guessed": True}, {"undated": True}, {"guessed": True, "undated": False}])
def test_guessed_days_and_undated_articles_are_the_archive_s(unsure, widening):
    door = opened(unsure)
    client = client_of(door)
    sent = {"after": "2020-01-01", **widening}
    expected = timeless(render.answer_json(unsure.ask("bridge", after=date(2020, 1, 1), **widening)))
    assert expected["searched"]["articles"] == 2 + ("guessed" not in widening)
    assert timeless(client.post("/v1/ask", json={"question": "bridge", **sent}).json()) == expected
    assert timeless(client.get("/v1/ask", params={"question": "bridge", **sent}).json()) == expected
    assert client.get("/v1/articles", params=sent).json()["total"] == expected["searched"]["articles"]
    door.close()


def test_hits_are_the_archive_s(client, seeds):
    expected = render.hits_json(seeds.search("oil spill", 3))
    assert client.post("/v1/search", json={"query": "oil spill", "k": 3}).json() == expected
    assert client.get("/v1/search", params={"query": "oil spill", "k": 3}).json() == expected


def test_what_is_found_is_the_archive_s(client, seeds):
    for chosen in ({}, {"order": "newest", "limit": 2, "offset": 1}, {"folded": False}, {"passages": True, "having": ["Haiti", "police"]}):
        expected = plain(render.found_json(seeds.find("who", **chosen)))
        assert client.get("/v1/find", params={"query": "who", **chosen}).json() == expected


def test_words_to_have_are_the_archive_s(client, seeds):
    expected = plain(timeless(render.answer_json(seeds.ask(QUESTION, having=["Safeguard"]))))
    assert expected["searched"]["articles"] == 2
    assert timeless(client.post("/v1/ask", json={"question": QUESTION, "having": ["Safeguard"]}).json()) == expected
    assert timeless(client.get("/v1/ask", params={"question": QUESTION, "having": "Safeguard"}).json()) == expected
    assert client.get("/v1/articles", params={"having": "Safeguard"}).json()["total"] == 2
    assert client.get("/v1/ask", params={"question": QUESTION, "having": "zebra"}).json()["outcome"] == "outside_filters"


def test_hits_are_filtered_as_the_archive_s(client, seeds):
    chosen = {"after": date(2022, 11, 1), "before": date(2022, 10, 31), "sources": ["Sample Wire", "Sample Review"]}
    sent = {**chosen, "after": "2022-11-01", "before": "2022-10-31"}
    for name, value in chosen.items():
        expected = render.hits_json(seeds.search("police", 50, **{name: value}))
        assert expected != render.hits_json(seeds.search("police", 50))
        assert client.post("/v1/search", json={"query": "police", "k": 50, name: sent[name]}).json() == expected
        assert client.get("/v1/search", params={"query": "police", "k": 50, name: sent[name]}).json() == expected


def test_whatever_is_answered_no_browser_makes_a_page_of_it_and_no_cache_keeps_it(client):
    answers = [client.get(path) for path in ("/v1/articles", "/v1/ask", "/v1/nothing", "/metrics", "/healthz", "/v1/openapi.json")]
    answers.append(client.get("/v1/articles", headers={"Origin": "https://evil.example"}))
    assert {answer.status_code for answer in answers} == {200, 403, 404, 422}
    assert {(answer.headers["x-content-type-options"], answer.headers["cache-control"]) for answer in answers} == {("nosniff", "no-store")}


def test_an_article_is_read_by_its_id_with_its_slashes(client, seeds):
    id = "seeds/police-centres-2022-10-19"
    article = seeds.article(id)
    expected = {**render.article_json(article), "text": article.text, "editions": []}
    assert client.get(f"/v1/articles/{id}").json() == expected
    assert client.get("/v1/articles/seeds%2Fpolice-centres-2022-10-19").json() == expected


def test_verify_proves_an_answer_and_a_list_of_them(client):
    answers = [client.post("/v1/ask", json={"question": question}).json() for question in QUESTIONS]
    verdict = client.post("/v1/verify", json=answers).json()
    assert verdict["failure"] is None
    assert verdict["matched"] > sum(len(answer["quotes"]) for answer in answers) > 0


def test_each_character_of_a_quote_is_proved(client):
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    text = answer["quotes"][0]["text"]
    for n in range(len(text)):
        answer["quotes"][0]["text"] = text[:n] + ("x" if text[n] != "x" else "y") + text[n + 1 :]
        verdict = client.post("/v1/verify", json=answer).json()
        assert verdict["matched"] == 0
        assert verdict["failure"].startswith("quote 1: ")


@pytest.mark.parametrize(("part", "question"), [("quotes", QUESTION), ("near_misses", "Who won the chess olympiad in Budapest?")])
def test_nothing_but_the_very_characters_at_their_place_is_proved(client, part, question):
    answer = client.post("/v1/ask", json={"question": question}).json()
    (quote, *rest) = answer[part]
    for text in altered(quote["text"]):
        verdict = client.post("/v1/verify", json={**answer, part: [{**quote, "text": text}, *rest]}).json()
        assert verdict["failure"], text
    for start, end in ((-1, -1), (1, 1), (0, 1), (1, 0), (0, -1)):
        moved = {**quote, "start": quote["start"] + start, "end": quote["end"] + end}
        assert client.post("/v1/verify", json={**answer, part: [moved, *rest]}).json()["failure"], moved


def test_the_words_that_answer_are_given_described_and_proved(archive, make, monkeypatch):
    archive.add([make("a", "The bridge cost 5 dollars.")])
    answering(archive, monkeypatch, "5 dollars")
    client = client_of(opened(archive))
    answer = client.post("/v1/ask", json={"question": "What did the bridge cost?"}).json()
    found = answer["quotes"][0]["answer"]
    assert found == {"text": "5 dollars", "start": 16, "end": 25}
    assert client.post("/v1/verify", json=answer).json() == {"matched": 2, "failure": None, "earlier": []}
    for wrong in ({"text": "6 dollars"}, {"start": 15}, {"end": 26}):
        answer["quotes"][0]["answer"] = {**found, **wrong}
        assert client.post("/v1/verify", json=answer).json()["failure"].startswith("answer of quote 1: ")
    schema = client.get("/v1/openapi.json").json()["components"]["schemas"]["Quote"]
    assert schema["properties"]["answer"]["anyOf"] == [{"$ref": "#/components/schemas/Excerpt"}, {"type": "null"}]
    assert "answer" in schema["required"]


def test_an_earlier_text_is_listed_and_its_quotes_are_proved(archive, make, monkeypatch):
    old = make("a", "The bridge cost 5 dollars.")
    archive.add([old])
    answering(archive, monkeypatch, "5 dollars")
    client = client_of(opened(archive))
    answer = client.post("/v1/ask", json={"question": "What did the bridge cost?"}).json()
    archive.add([make("a", "The bridge cost 6 dollars.")])
    (edition,) = client.get("/v1/articles/a").json()["editions"]
    assert (edition["sha256"], edition["characters"]) == (old.sha256, 26)
    assert client.get("/v1/articles").json()["articles"][0]["editions"] == 1
    earlier = {"article": "a", "sha256": old.sha256, "replaced": edition["replaced"], "quotes": 1}
    assert client.post("/v1/verify", json=answer).json() == {"matched": 2, "failure": None, "earlier": [earlier]}


def test_it_says_when_it_is_ready_and_what_it_did(client):
    client.get("/v1/articles/none/such")
    assert client.get("/healthz").json() == {"status": "ready"}
    metrics = client.get("/metrics").text
    assert 'pullquote_http_requests_total{method="GET",route="/v1/articles/{id:path}",status="404"}' in metrics
    assert "pullquote_line_waiting 0.0" in metrics


def test_a_model_that_cannot_be_loaded_is_not_ready_and_names_no_folder(tmp_path, make, hashing):
    from rag import Archive, Settings  # noqa: PLC0415
    from tests.adapters.http.conftest import client_of, opened  # noqa: PLC0415

    with Archive.open(tmp_path / "index", Settings(), hashing) as made:
        made.add([make("a", "The bridge opened in 1932.")])
    with Archive.open(tmp_path / "index", Settings(model=str(tmp_path / "none"))) as archive:
        client = client_of(opened(archive))
        asked = client.post("/v1/ask", json={"question": "When?"})
        assert (asked.status_code, asked.headers["content-type"]) == (500, "application/problem+json")
        health = client.get("/healthz")
        assert health.status_code == 503
        assert str(tmp_path) not in asked.text + health.text


def test_what_is_damaged_is_named_and_the_rest_answers(damaged):
    client = client_of(opened(damaged))
    for question in ("When was the bridge opened?", "zeppelins over Lakehurst"):
        answer = client.post("/v1/ask", json={"question": question})
        assert (answer.status_code, answer.json()["searched"]["damaged"]) == (200, ["b"])
    assert client.post("/v1/search", json={"query": "bridge"}).status_code == 500
    assert client.get("/v1/articles/a").json()["id"] == "a"
    while "loading" in (health := client.get("/healthz")).text:
        time.sleep(0.1)
    assert health.json() == {"status": "ready"}
