"""Dates as people and programs write them, in fields and in the lines of a page."""

import json
from datetime import date

import pytest

from rag import read_articles
from rag.corpus.dates import date_line, possible_days
from rag.corpus.plain import read_page

DAY = date(2022, 10, 19)


@pytest.mark.parametrize(
    "written",
    [
        "2022-10-19 08:30:00",
        "2022-10-19 08:30:00.000",
        "2022-10-19T08:30:00.123456789+02:00",
        "2022-10-19T08:30+02:00[Europe/Rome]",
        "2022-10-19 08:30:00 -0700 PDT",
        "2022-10-19 08:30:00 Europe/Rome",
        "20221019",
        "20221019T083000Z",
        "2022/10/19",
        "2022–10–19",
        "19/Oct/2022:10:05:00 +0000",
        "Wed, 19 Oct 2022 08:30:00 GMT",
        "Wed Oct 19 08:30:00 UTC 2022",
        "Wed Oct 19 2022 08:30:00 GMT+0200 (Central European Summer Time)",
        "October19,2022",
        "October 19 ,2022",
        "Oct.19,2022 5:19PM",
        "19October2022",
        "19\u00a0October\u202f2022",
        "OCTOBER 19TH, 2022",
        "19th of October, 2022",
        "19. October 2022",
        "Wednes. 19 October 2022",
        "Wednesday 19 October 2022 10.05 BST",
        "5:19 p.m. EDT, October 19, 2022",
        "10:05 OCT 19 2022",
        "October 19, 2022 | 5:19 PM ET",
        "Updated 5:19 PM ET, Wed October 19, 2022",
        "19.10.2022",
        "10/19/2022 08:30 AM",
        "19-10-2022 08h30",
    ],
)
def test_a_day_that_can_be_no_other_is_read_however_it_is_written(written):
    assert date_line(written) == DAY


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("27.08.2016", [date(2016, 8, 27)]),
        ("12/31/2021", [date(2021, 12, 31)]),
        ("05/05/2021", [date(2021, 5, 5)]),
        ("03-04-2020", [date(2020, 3, 4), date(2020, 4, 3)]),
        ("10/11/2022 08:30", [date(2022, 10, 11), date(2022, 11, 10)]),
        # the weekday tells
        ("Thursday, 10/11/2022", [date(2022, 11, 10)]),
        ("Tue 10/11/2022", [date(2022, 10, 11)]),
        # what begins with its year goes on with the month
        ("2022-10-11", [date(2022, 10, 11)]),
        ("2022.10.11", [date(2022, 10, 11)]),
        # a page's line may say how long it takes to read, and when it was changed
        ("October 19, 2022 · 3 min read", [date(2022, 10, 19)]),
        ("19/10/2022 | 12 minutes", [date(2022, 10, 19)]),
        ("Oct. 19, 2022 Updated 5:30 p.m. ET", [date(2022, 10, 19)]),
        ("Published: 17:30 BST, 19 October 2022 | Updated: 09:15 BST, 20 October 2022", [date(2022, 10, 19)]),
        ("October 19, 2022 · 3 boats", []),
        ("3 min read · October 2022", []),
        # no whole day, more than one, or more than a date
        ("19 Oct 22", []),
        ("October 2022", []),
        ("Oct 2022 10:19", []),
        ("13/13/2022", []),
        ("10 11 12 2022", []),
        ("3-5 May 2022", []),
        ("October 19, 2022 - October 20, 2022", []),
        ("1666168200", []),
        ("5 of 19 October 2022 boats", []),
    ],
)
def test_the_days_that_a_line_can_mean(written, days):
    assert list(possible_days(written)) == days


@pytest.mark.parametrize(
    ("written", "told"), [("10/11/2022", "can mean 2022-10-11 or 2022-11-10"), ("soon", "is not a date"), (True, "says nothing")]
)
def test_a_date_that_is_not_certain_costs_the_date_and_not_the_article(tmp_path, written, told):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "T", "text": "The lock opened.", "published": written}))
    (made,) = read_articles(path)
    assert made.published is None
    assert told in made.warnings[0]


def test_a_line_of_a_page_is_read_by_the_same_rule():
    page = read_page("The lock opens\nWed Oct 19 08:30:00 UTC 2022\n\nThe lock opened. Boats went through it.")
    assert (page.title, page.published, page.body) == ("The lock opens", DAY, "The lock opened. Boats went through it.")


def test_a_line_of_a_page_that_can_mean_two_days_is_no_headline_and_is_told(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("10/11/2022\nThe lock opens\n\nThe lock opened. Boats went through it.")
    (made,) = read_articles(path)
    assert (made.title, made.published) == ("The lock opens", None)
    assert "10/11/2022" in made.text
    assert "can mean 2022-10-11 or 2022-11-10" in made.warnings[0]
