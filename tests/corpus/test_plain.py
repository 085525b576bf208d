from datetime import date

import pytest

from rag.corpus.plain import Page, read_page

PAGE = """Sign in to search the archive!
March 20, 1932, 9:05 a.m.
A bridge opens
A bridge opens
By Pullquote samples
['bridge', 'opening']

The bridge opened on Saturday. Thousands walked over it.

A bridge opens

Traffic begins on Monday.
A ferry sinks
18 Mar 1932

Subscribe to our newsletter for updates

The toll is sixpence.

Sign in to comment!"""


def test_a_saved_page_is_taken_apart():
    assert read_page(PAGE) == Page(
        title="A bridge opens",
        author="Pullquote samples",
        published=date(1932, 3, 20),
        body="The bridge opened on Saturday. Thousands walked over it.\n\nTraffic begins on Monday.\n\nThe toll is sixpence.",
    )


def test_the_date_of_another_article_is_not_this_ones():
    page = read_page("A bridge opens\n\nA photo of the bridge\n\nThe bridge opened.\n\nA ferry sinks\n18 Mar 1932\n\nThe toll is sixpence.")
    assert page.published is None
    assert page.body == "The bridge opened.\n\nThe toll is sixpence."


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("One sentence only.", None, "One sentence only."),
        ("Has the bridge opened?\n\nIt has.", "Has the bridge opened?", "It has."),
        ("Is this prose?", None, "Is this prose?"),
        # lines without full stops, such as verse, are no preamble to throw away
        ("Shopping\nmilk\neggs\nbread", "Shopping", "milk\neggs\nbread"),
        ("\n".join(f"verse {n}" for n in range(30)) + "\n\nThe end.", "verse 0", "\n".join(f"verse {n}" for n in range(1, 30)) + "\n\nThe end."),
        # a paragraph wrapped by hand stays whole
        ("A bridge\n\nThe bridge opened on\nSaturday and was\nfull.\n\nMore.", "A bridge", "The bridge opened on\nSaturday and was\nfull.\n\nMore."),
        ("The bridge opened on\nSaturday and was\nfull.", None, "The bridge opened on\nSaturday and was\nfull."),
    ],
)
def test_texts_that_are_no_web_pages_lose_nothing_but_their_title(text, title, body):
    page = read_page(text)
    assert (page.title, page.body) == (title, body)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign in to the register was required of every visitor, the police said on Monday in a statement.",
        "Share prices fell on Monday.",
        "Follow-up studies are planned.",
        "Register offices in three towns will close.",
        "Get out was the order that the crews were given.",
        "Read the letter, he told the court.",
    ],
)
def test_sentences_of_an_article_are_not_taken_for_furniture(sentence):
    assert sentence in read_page(f"Title\n\nThe article begins. It goes on.\n\n{sentence}\n\nThe end.").body


def test_a_known_title_is_not_looked_for_but_its_repetition_goes():
    assert read_page("A bridge opens\n\nIt opened.", title="A bridge opens") == Page("A bridge opens", None, None, "It opened.")
