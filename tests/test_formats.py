"""Documents of many formats in one archive: each is found, quoted in its own words and cited with its place."""

import io
import json
import zipfile
from email.message import EmailMessage

import pytest

from rag import Archive, Article, Refusal, Settings, read_articles, render
from rag.types import Outcome, Provenance
from rag.verification import verify

FERRY = "The ferry to Sund island was withdrawn in 1994, and a bridge of 312 metres took its place, the roads office said."
PAGE = f"""<html lang="en"><head><title>Bridge for ferry</title><script type="application/ld+json">
{{"@type": "NewsArticle", "headline": "Bridge for ferry", "datePublished": "1994-05-06T23:30:00-04:00", "publisher": {{"name": "Sund Post"}}}}
</script></head><body><article><h1>Bridge for ferry</h1><p>{FERRY}</p><p>Boats will go on for a month, it said, and then stop for good.</p>
</article></body></html>"""


def mail():
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "Desk <desk@example.org>", "The lighthouse", "Wed, 19 Oct 2022 08:30:00 +0200"
    message["Message-ID"] = "<lighthouse@example.org>"
    message.set_content("The lighthouse on Orm rock was built in 1871.\n\nIt is 42 metres tall.\n\n> Was it built in 1866?\n")
    return message.as_bytes()


def pdf(*pages):
    """A PDF of plain lines, a page for each text."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]/Count {len(pages)}>>"]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for n, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * n} 0 R>>")
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    body = "".join(f"{number} 0 obj{made} endobj\n" for number, made in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n%%EOF".encode()


def zipped(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return data.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("newsroom")
    (made / "page.txt").write_text(PAGE)
    (made / "mail").write_bytes(mail())
    (made / "report.pdf").write_bytes(pdf("The harbour has eleven cranes.", "The quay of Torvik is 640 metres long."))
    (made / "rows.csv").write_text("Headline,Date,Body\nThe mill,2001-02-03,The mill at Kvern was sold for 5 million kroner.\n")
    (made / "old.zip").write_bytes(zipped(note_txt="title: The dam\n\nThe dam above Stein holds 90 million cubic metres of water."))
    (made / "picture.png").write_bytes(b"\x89PNG\r\n")
    return made


@pytest.fixture(scope="module")
def archive(folder, tmp_path_factory, encoder, spans):
    with Archive.open(tmp_path_factory.mktemp("index"), settings=Settings(), encoder=encoder, spans=spans) as opened:
        opened.add(read_articles(folder))
        yield opened


def test_each_document_is_an_article_with_what_it_tells_of_itself(folder):
    found = {item.title: item for item in read_articles(folder) if isinstance(item, Article)}
    page = found["Bridge for ferry"]
    # the day where it was published, whatever day that is elsewhere
    assert (page.published.isoformat(), page.source, page.language) == ("1994-05-06", "Sund Post", "en")
    assert page.facts.published.told_by is Provenance.JSON_LD
    assert found["The lighthouse"].id == "lighthouse@example.org"
    assert found["The lighthouse"].published.isoformat() == "2022-10-19"
    assert found["The mill"].published.isoformat() == "2001-02-03"
    assert found["The dam"].id.endswith("/old.zip#note.txt")
    assert found["report"].facts.title.told_by is Provenance.FILE_NAME
    assert found["report"].published is None
    assert [item.origin.rpartition("/")[2] for item in read_articles(folder) if isinstance(item, Refusal)] == ["picture.png"]


@pytest.mark.parametrize(
    ("question", "words", "place"),
    [
        ("When was the ferry to Sund island withdrawn?", "1994", ""),
        ("When was the lighthouse on Orm rock built?", "1871", ""),
        ("How long is the quay of Torvik?", "640 metres", "p. 2"),
        ("For how much was the mill at Kvern sold?", "5 million kroner", ""),
        ("How much water does the dam above Stein hold?", "90 million cubic metres", ""),
    ],
)
def test_a_question_is_answered_in_its_words_with_its_place(archive, question, words, place):
    answer = archive.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert words in answer.quotes[0].text
    assert place in render.answer_text(answer).split("\n")[0]
    assert verify(json.loads(render.to_json(render.answer_json(answer))), archive.article).failure is None


def test_what_somebody_else_says_in_a_mail_is_never_quoted(archive):
    answer = archive.ask("Was the lighthouse built in 1866?")
    assert not [quote for quote in (*answer.quotes, *answer.near_misses) if "1866" in quote.text]


def test_an_answer_that_names_another_page_than_the_document_s_is_not_proved(archive):
    given = json.loads(render.to_json(render.answer_json(archive.ask("How long is the quay of Torvik?"))))
    given["quotes"][0]["parts"][0]["box"]["page"] = 1
    assert "elsewhere" in verify(given, archive.article).failure
    # an answer of before there were pages says nothing of them
    del given["quotes"][0]["parts"], given["quotes"][0]["article"]["told"]
    assert verify(given, archive.article).failure is None


def test_adding_them_again_changes_nothing(archive, folder):
    report = archive.add(read_articles(folder))
    assert (report.added, report.replaced, len(report.unchanged)) == ((), (), 5)
