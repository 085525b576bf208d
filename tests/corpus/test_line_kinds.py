import hashlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given

from rag import read_articles
from rag.corpus import canonical
from rag.corpus.line_kinds import divided, furniture
from rag.types import Box, Kind, Part, Span
from tests.conftest import SHARED
from tests.test_sentences import AWKWARD

FIRST, LAST = "The bridge opened on Saturday, and thousands walked over it.", "The toll is sixpence for a cart and a penny for a goat."
LABELS = [json.loads(line) for line in Path(__file__).parents[1].joinpath("cases", "furniture.jsonl").read_text(encoding="utf-8").splitlines()]
NEWS = SHARED / "news-dev" / "corpus.jsonl"


def marked(*paragraphs):
    text = "\n\n".join(paragraphs)
    return {part.span.of(text): part.kind for part in furniture(text)}


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Kind.CAPTION, "Walkers on the bridge on its first day. Jan Roe/Northgate Press/Getty Images"),
        (Kind.CAPTION, "The bridge in May. Courtesy Northgate Museum"),
        (Kind.CAPTION, "Photo: Jan Roe"),
        (Kind.BYLINE, "— Jan Roe and Kim Doe"),
        (Kind.BYLINE, "Contributing: Jan Roe, Northgate Press"),
        (Kind.BYLINE, "Jan Roe and Kim Doe contributed to this report."),
        (Kind.BYLINE, "Reach the reporter at jan.roe@example.org."),
        (Kind.DATELINE, "Updated March 20, 1932, 8:41 a.m. ET"),
        (Kind.DATELINE, "This story has been updated with new information."),
        (Kind.DATELINE, "This article was originally published in the Northgate Press."),
        (Kind.CORRECTION, "Correction: this article named the wrong engineer."),
        (Kind.CORRECTION, "Correction, March 3: The bridge has 12 arches; an earlier version of this article gave it 21."),
        (Kind.CORRECTION, "CORRECTION (March 20, 1932, 8:41 a.m.): A previous version of this post misspelled the engineer's name."),
        (Kind.CORRECTION, "Correction: Because of an editing error, a report on Saturday misstated the toll. It is sixpence."),
        (Kind.CORRECTION, "A correction was made on March 20, 1932: An earlier version of this article misidentified the ferry."),
        (Kind.CORRECTION, "Editor's note: An earlier version of this article misstated the toll. A goat pays a penny."),
        (Kind.CORRECTION, "• This article was amended on 20 March 1932. Farmers pay for goats, not for sheep."),
        (Kind.CORRECTION, "Clarification: This story has been updated to make clear that the ferry still runs."),
        (Kind.CORRECTION, "UPDATE (10.05 am): This story has been updated to include the toll for carts."),
        (Kind.CORRECTION, "The headline on an earlier version of this article misstated the toll."),
        (Kind.CORRECTION, "(This story has been corrected to say that the bridge opened in 1932, in paragraph 3)"),
        (Kind.CORRECTION, "This story was updated because an earlier version included an inaccuracy."),
        (Kind.PROMOTION, "Sign up for the weekly Northgate newsletter and read more about bridges."),
        (Kind.PROMOTION, "If you buy through our links, we may earn a commission."),
        (Kind.PROMOTION, "► Stay informed. Subscribe to the Northgate Press today."),
        (Kind.RELATED, "Read more: A ferry sinks in the harbour"),
        (Kind.RELATED, "More:What we know about the ferry that sank"),
        (Kind.RELATED, "Bridge of sighs?:Here's what the toll means for farmers"),
        (Kind.RELATED, "OPINION: Why a penny is too much for a goat"),
        (Kind.COMMENT, "What do you think? Tell us in the comments"),
        (Kind.COMMENT, "Have you crossed the bridge? Email us at letters@example.org."),
        (Kind.PAGE_FURNITURE, "© 1932 Northgate Press. All rights reserved."),
        (Kind.PAGE_FURNITURE, "Advertisement"),
    ],
)
def test_furniture_is_known_by_its_form(kind, line):
    assert marked(FIRST, line, LAST) == {line: kind}


@pytest.mark.parametrize(
    "line",
    [
        "Photos of the bridge by Jan Roe hang in the town hall: she took them in May.",
        "The company runs on TCP/IP and on Read/Write heads.",
        "This report was published by the town in 1931, and it warned of floods.",
        "This story was first published in 1932 by a small press in the town.",
        "Farmers may earn a commission of a penny a goat.",
        "Sign up for emergency alerts at ready.example.org before the flood season.",
        "Many people subscribe to that view, he said.",
        "Reporting by the Northgate Press found that the steel was thin.",
        "“Sign up for our march,” the mayor said.",
        "Subscribe to our channel, the band told its fans.",
        "Sign up for the newsletter was the only button that worked, the auditors found.",
        "Support our journalism, the editor pleaded in court, is what they understood.",
        "We use cookies to feed the birds, the warden said.",
        "Tell us what you think in the comments, the mayor had written.",
        "Read more: that was the advice of the judge to the boy.",
        "Recommended: a coat of paint every second year",
        "Watch: the keeper wears one with a silver chain",
        "Video: the camera on the pier records 30 frames a second.",
        "How to Sign Up",
        "ROE: And did you see who was on the bridge that night?",
        "20 March 1932",
        "- Jan Roe",
        "Jan Roe",
        "Consumers with questions can contact the Northgate Bridge Company at 555-010-0100.",
        "Northgate:The bridge is open to all who can pay the toll at its gate.",
        "Width: 12 metres",
    ],
)
def test_what_may_be_the_articles_own_words_stays_body(line):
    assert marked(FIRST, line, LAST) == {}


@pytest.mark.parametrize(
    "line",
    [
        "Correction of the market came in May, when shares fell by a tenth.",
        "Correction: a fall of a tenth or more from the last peak.",
        "Correction to the minutes: the clerk will read it out at the next meeting.",
        "The correction, March 3, wiped out a year of gains.",
        "Corrections officers said the bridge was shut at night.",
        "Clarification was sought by the council on who pays the toll.",
        "Clarification: the judge asked what she meant by “soon.”",
        "A correction was made on the river bank: two stakes were moved.",
        "“Correction: I never said that this story was true,” the mayor told the hall.",
        "The newspaper said an earlier version of this article had misstated the sum.",
        "The paper has since corrected its story, which misidentified the engineer.",
        "An earlier version of the report said the bridge was safe.",
        "An earlier version of this story has the ferry sink in a storm.",
        "An earlier version of this story appeared in the Northgate Press.",
        "Editor's note: This story contains descriptions of drowning.",
        "Editor's note: Jan Roe is a columnist. The views are her own.",
        "Update (10.05 am): the police now say that the driver was wrongly named.",
        "For the record: I was wrong, he wrote to his sister.",
        "This article was amended in 1971 to give the courts more power.",
        "This article of the treaty was amended on 3 May 1921 to let ships pass.",
        "This report was amended by the council on 3 May to add a paragraph on goats.",
        "This report is updated each month, and errors are rare.",
        "This report corrects for age and income, the authors say.",
        "This story has been corrected by history, he wrote.",
    ],
)
def test_what_only_tells_of_a_correction_is_no_note(line):
    assert Kind.CORRECTION not in marked(FIRST, line, LAST).values()


def test_above_the_prose_stand_writers_place_and_day():
    above = {
        "Jan Roe and Kim Doe": Kind.BYLINE,
        "Special to the Northgate Press": Kind.BYLINE,
        "March 20, 1932 Updated March 21, 1932, 10:34 a.m. ET": Kind.DATELINE,
        "Northgate, England —": Kind.DATELINE,
    }
    assert marked(*above, FIRST, LAST) == above
    assert marked("Northgate", "Saint Mary Bridge", FIRST, LAST) == {}
    assert marked("By The River", "Where The Willow Grows") == {}, "without prose, nothing stands above it"


def test_at_the_end_stands_who_wrote_it_and_where_there_is_more():
    biography, more = "Jan Roe is a reporter for the Northgate Press.", "More bridges: https://example.org/bridges"
    assert marked(FIRST, LAST, biography, more) == {biography: Kind.BYLINE, more: Kind.RELATED}
    assert marked(FIRST, biography, LAST) == {}
    contact = "Contact Jan Roe at jan.roe@example.org."
    assert marked(FIRST, LAST, contact) == {}, "it can be what a notice is for"
    assert marked("Advertisement", FIRST, LAST, contact)[contact] is Kind.BYLINE


def test_a_list_of_links_ends_at_the_next_heading_or_sentence():
    links = ["Related:", "Will the ferry run again?", "Northgate wants a second bridge"]
    assert marked(FIRST, *links, LAST) == dict.fromkeys(links, Kind.RELATED)
    labelled = ["Read more:", "Ferry:What is known about the ferry that sank"]
    assert marked(FIRST, *labelled, "The toll", LAST) == dict.fromkeys(labelled, Kind.RELATED)


@pytest.mark.parametrize("head", [["AI-assisted summary The bridge is open."], ["AI-generated summary", "The bridge is open."]])
def test_a_machines_summary_has_three_points_at_most(head):
    points = [*head, "It cost a million.", "A goat pays a penny."]
    assert marked(*points, "Thousands came.", FIRST) == dict.fromkeys(points, Kind.MACHINE_SUMMARY)
    assert marked(*points[:-1], FIRST + " Nobody fell.", LAST) == dict.fromkeys(points[:-1], Kind.MACHINE_SUMMARY)


def test_lines_that_were_wrapped_by_hand_are_no_paragraphs():
    text = "On the gate stands\nAdvertisement\nand nothing else.\n\nSubscribe to the Northgate Press\ntoday.\n\nThe toll is\nsixpence."
    assert [part.span.of(text) for part in furniture(text)] == ["Subscribe to the Northgate Press\ntoday."]


def test_a_part_of_the_body_is_divided_and_keeps_its_place_and_box():
    text = f"{FIRST}\n\nAdvertisement\n\n{LAST}"
    box, line = Box(1, 0, 0, 9, 9), text.index("Advertisement")
    whole = divided(text, [Part(Span(0, len(text)), Kind.BODY, "row 7", box)])
    assert [(part.span.of(text), part.kind) for part in whole] == [(FIRST, Kind.BODY), ("Advertisement", Kind.PAGE_FURNITURE), (LAST, Kind.BODY)]
    assert {(part.place, part.box) for part in whole} == {("row 7", box)}
    known = (Part(Span(0, line - 2), Kind.BODY), Part(Span(line, line + 13), Kind.HEADING))
    assert divided(text, known) == known, "what structure tells stays"
    assert divided(FIRST, ()) == ()


@given(AWKWARD)
def test_parts_follow_each_other_and_leave_only_blanks_out(text):
    text = canonical(f"{text}\n\nAdvertisement\n\n{text}")
    parts = divided(text, ())
    assert all(one.span.end <= other.span.start for one, other in pairwise(parts))
    assert "".join("".join(part.span.of(text).split()) for part in parts) == "".join(text.split())


def test_rows_and_pages_are_marked(tmp_path):
    row = {"id": "a", "title": "A bridge", "text": f"{FIRST}\n\nAdvertisement\n\n{LAST}"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    (tmp_path / "table.csv").write_text(f'id,title,text\nb,A bridge,"{row["text"]}"\n')
    (tmp_path / "page.md").write_text(f"# A bridge\n\n{row['text']}\n")
    (tmp_path / "page.html").write_text(
        f"<html><body><article><h1>A bridge</h1><p>{FIRST}</p><p>More:What we know about the ferry that sank</p>"
        f"<p>{LAST} {FIRST}</p><p>{FIRST} {LAST}</p></article></body></html>"
    )
    articles = {Path(article.origin).name: article for article in read_articles(tmp_path)}
    for name, article in articles.items():
        assert Counter(part.kind.is_own for part in article.parts)[False] == 1, name
        assert article.may_quote(Span(article.text.index(FIRST), article.text.index(FIRST) + len(FIRST))), name
    assert {part.place for part in articles["table.csv"].parts} == {"row 2"}
    assert all(part.place.startswith("/") for part in articles["page.html"].parts)
    assert len(articles) == 4


def judged(half):
    """Of the labelled paragraphs of a half, those that are furniture, those that are marked, and those that are both, by kind."""
    texts = {row["id"]: canonical(row["text"]) for row in map(json.loads, NEWS.read_text(encoding="utf-8").splitlines())}
    there: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for label in LABELS:
        if label["half"] != half:
            continue
        text = texts[label["article"]]
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        gold = {number: kind for number, kind, _ in label["furniture"]}
        assert label["lines"] == len(lines)
        assert all(hashlib.sha256(lines[number].encode()).hexdigest()[:8] == digest for number, _, digest in label["furniture"])
        found = {sum(map(bool, map(str.strip, text[: part.span.start].split("\n")))): part.kind.value for part in furniture(text)}
        there.update(gold.values())
        shown.update(found.values())
        both.update(kind for number, kind in gold.items() if number in found)
    return there, shown, both


@pytest.mark.skipif(not NEWS.is_file(), reason="the news does not ship")
@pytest.mark.parametrize(("half", "recall"), [("tuned", 0.90), ("held out", 0.83)])
def test_the_labelled_furniture_of_news(half, recall):
    there, shown, both = judged(half)
    assert both.total() == shown.total(), "nothing that is the article's own is marked"
    assert both.total() >= recall * there.total()
