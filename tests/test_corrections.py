"""A correction note is no answer, and whoever quotes its article says that there is one."""

import html
import json

import pytest

from rag import Archive, Outcome, Settings, read_articles, render
from rag.render import bibtex, csl_json
from rag.types import Kind
from rag.verification import verify

NOTE = "Correction, March 21: An earlier version of this article said that the bridge over the Lenn cost 42 million crowns."
ROW = {
    "id": "bridge",
    "title": "A bridge over the Lenn",
    "text": f"The bridge over the Lenn cost 24 million crowns, the council of Orrin said on Monday. Thousands walked over it.\n\n{NOTE}",
}
QUESTION = "How much did the bridge over the Lenn cost?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory, encoder, spans):
    folder = tmp_path_factory.mktemp("corrected")
    (folder / "rows.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    with Archive.open(folder / "index", Settings(), encoder, spans) as opened:
        opened.add(read_articles(folder / "rows.jsonl"))
        yield opened


@pytest.fixture(scope="module")
def answer(archive):
    return archive.ask(QUESTION)


def test_the_wrong_figure_is_not_quoted(archive, answer):
    assert [(part.kind, part.span.of(ROW["text"])) for part in archive.article("bridge").parts][-1] == (Kind.CORRECTION, NOTE)
    assert answer.outcome is Outcome.ANSWERED
    assert "24 million" in answer.quotes[0].text
    assert not [quote for quote in (*answer.quotes, *answer.near_misses) if "42" in quote.text]
    assert answer.differences == ()


def test_every_form_of_a_quote_says_that_its_article_was_corrected(answer):
    start = ROW["text"].index(NOTE)
    said = f"has a correction note, characters {start}-{start + len(NOTE)}"
    assert said in render.answer_text(answer)
    assert said in render.quoted(answer.quotes[0])
    assert said in render.markdown([answer]).replace("\\", "")
    assert said in html.unescape(render.html_document([answer]))
    assert said in csl_json([answer])[0]["note"]
    assert said in bibtex([answer])


def test_an_answer_that_hides_the_note_is_not_proved(archive, answer):
    given = json.loads(render.to_json(render.answer_json(answer)))
    cited = given["quotes"][0]["article"]
    assert cited["corrections"] == [{"text": NOTE, "start": ROW["text"].index(NOTE), "end": len(ROW["text"])}]
    assert verify(given, archive.article).failure is None
    cited["corrections"] = []
    assert "article 'bridge' has corrections" in verify(given, archive.article).failure
    # an answer of before there were such says nothing of them
    del cited["corrections"]
    assert verify(given, archive.article).failure is None
