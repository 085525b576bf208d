"""What is new, for programs and for feed readers."""

import json
from datetime import date

import feedparser

from rag import render


def test_a_briefing_is_the_archive_s(client, seeds):
    expected = render.briefing_json(seeds.briefing(date(2010, 8, 1), date(2010, 12, 31), sources=["Sample Daily", "Sample Wire"], limit=2))
    asked = {"since": "2010-08-01", "until": "2010-12-31", "sources": ["Sample Daily", "Sample Wire"], "limit": 2}
    answered = client.get("/v1/briefing", params=asked)
    assert (answered.status_code, answered.json()) == (200, json.loads(render.to_json(expected)))
    assert client.get("/v1/briefing").json() == render.briefing_json(seeds.briefing())


def test_a_feed_leads_to_the_page_and_names_itself(client, seeds):
    answered = client.get("/v1/briefing.atom", params={"since": "2022-10-01"})
    assert (answered.status_code, answered.headers["content-type"]) == (200, "application/atom+xml")
    read = feedparser.parse(answered.content)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == [story.article.title for story in seeds.briefing(date(2022, 10, 1)).stories]
    assert read.entries[0].link.startswith("http://127.0.0.1:7860/article?id=seeds%2Fpolice-centres-2022-12-05&sha256=")
    assert [link.href for link in read.feed.links if link.rel == "self"] == ["http://127.0.0.1:7860/v1/briefing.atom?since=2022-10-01"]
    assert "127.0.0.1" in read.feed.links[0].href
    again = feedparser.parse(client.get("/v1/briefing.atom", params={"since": "2022-10-01"}).content)
    assert [entry.id for entry in again.entries] == [entry.id for entry in read.entries]


def test_what_is_no_briefing_is_a_problem(client):
    for asked in ({"since": "yesterday"}, {"limit": 0}, {"limit": 201}, {"since": "2022-01-02", "until": "2022-01-01"}, {"day": "2022-01-01"}):
        for path in ("/v1/briefing", "/v1/briefing.atom"):
            refused = client.get(path, params=asked)
            assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
