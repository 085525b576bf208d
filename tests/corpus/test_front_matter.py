"""Front matter in the forms of site generators and note takers."""

from dataclasses import replace

import pytest

from rag import read_articles
from rag.corpus.header import Header, split_header


def header_of(text):
    header, body = split_header(text)
    return replace(header, warnings=()), body, header.warnings


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("---\ntitle: 'It''s late: the ferry'\ndate: 2021-04-05\n---\n", Header(title="It's late: the ferry", published="2021-04-05")),
        ('---\ntitle: "A \\"quiet\\" lock"\ndatePublished: 2021-04-05T08:30:00+02:00\n---\n',
         Header(title='A "quiet" lock', published="2021-04-05T08:30:00+02:00")),
        ("---\n{title: The lock, date: 2021-04-05}\n---\n", Header(title="The lock", published="2021-04-05")),
        ("---\ntitle: The lock # not the key\ntags: [water, boats]\ndraft: false\n...\n", Header(title="The lock")),
        ("---\ntitle: 12:30\nsource: no\nauthor: ~\n---\n", Header(title="12:30", source="no")),
        ("---\ntitle: >-\n  A lock\n  opens\nauthors:\n  - name: Desk One\n    email: x\n  - Desk Two\n---\n",
         Header(title="A lock opens", author="Desk One, Desk Two")),
        ("---\nauthor: [[Desk One]]\nsource: https://example.org/a\npublished: 2021-04-05\ncreated: 2023-01-01\n---\n",
         Header(author="Desk One", url="https://example.org/a", published="2021-04-05")),
        ('+++\ntitle = "The lock"\ndate = 2021-04-05T08:30:00Z\ntags = ["water"]\nauthors = [\n  "Desk One",\n  "Desk Two"\n]\n+++\n',
         Header(title="The lock", published="2021-04-05T08:30:00+00:00", author="Desk One, Desk Two")),
        ('{\n  "headline": "The lock", "datePublished": "2021-04-05", "author": {"@type": "Person", "name": "Desk One"}\n}\n',
         Header(title="The lock", published="2021-04-05", author="Desk One")),
        (';;;\n"title": "The lock",\n"date": "2021-04-05"\n;;;\n', Header(title="The lock", published="2021-04-05")),
        ("% The lock\n% Desk One; Desk Two\n% 5 April 2021\n", Header(title="The lock", author="Desk One; Desk Two", published="5 April 2021")),
        ("Title: The lock\nDate: 2021-04-05 10:20\nModified: 2021-04-06\nTags: water, boats\nSlug: the-lock\nAuthors: Desk One,\n    Desk Two\n",
         Header(title="The lock", published="2021-04-05 10:20", updated="2021-04-06", author="Desk One, Desk Two")),
    ],
)  # fmt: skip
def test_what_is_written_in_front_matter_is_read(text, header):
    found, body, _ = header_of(f"{text}\nThe lock opened.\n")
    assert found == header
    assert body.strip() == "The lock opened."


def test_what_was_not_understood_is_told():
    assert header_of("---\ntitle: T\ncreated: 2021-04-05\nsubtitle: S\ntags: x\n---\n")[2] == ("of its header, this was not read: created, subtitle",)


def test_front_matter_that_breaks_its_form_s_rules_is_read_line_by_line_and_that_is_told():
    header, _, (told,) = header_of("---\ntitle: It's late: the ferry\ndate: 2021-04-05\ntags:\n\t- a\n---\nText.")
    assert header == Header(title="It's late: the ferry", published="2021-04-05")
    assert told.startswith("its header is no YAML (")


@pytest.mark.parametrize("text", [
    "---\nThe lock opened: all went well.\nBoats came.\n---\nMore.", "---\nSaid: nothing.\n---\nMore.", "% of the boats\n\nMore.", '{"a": 1}\nMore.',
    "{not json}\nMore.", "+++\nThe lock opened.\n+++\nMore.", "---\ntitle: " + "[" * 30_000 + "\n---\nMore.",
])  # fmt: skip
def test_what_is_no_front_matter_stays_text(text):
    assert split_header(text) == (Header(), text)


@pytest.mark.parametrize("value", ["[" * 4_900, "&a [*a]", "!!python/object/apply:os.system [x]", "{? [a] : b}", "*gone"])
def test_front_matter_runs_nothing_and_ends(value):
    header, body, _ = header_of(f"---\ntitle: T\nauthor: {value}\n---\nText.")
    assert (header.title, body) == ("T", "Text.")


def test_a_date_in_front_matter_dates_the_article(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: The lock\ndate: Mon, 5 Apr 2021 08:30:00 +0200\nurl: /posts/lock\n---\n\nThe lock opened.")
    (made,) = read_articles(path)
    assert (str(made.published), made.url, made.text) == ("2021-04-05", None, "The lock opened.")
    assert "the url '/posts/lock' is not an http or https address" in made.warnings[0]


@pytest.mark.parametrize("head", ["published: true\ndate: 2021-04-05", "date: 2021-04-05\npublished: false"])
def test_a_switch_is_no_date(head):
    header, _, _ = header_of(f"---\ntitle: T\n{head}\n---\nText.")
    assert header.published == "2021-04-05"


def test_names_with_commas_stay_apart_in_a_list():
    header, _, _ = header_of("---\ntitle: T\nauthors: ['Roe, J.', 'Lind, K.']\n---\nText.")
    assert header.author == "Roe, J.; Lind, K."
