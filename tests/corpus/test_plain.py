from datetime import date

import pytest

from rag.corpus.plain import PageParts, read_page

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
    assert read_page(PAGE) == PageParts(
        title="A bridge opens",
        author="Pullquote samples",
        published=date(1932, 3, 20),
        body="The bridge opened on Saturday. Thousands walked over it.\n\nTraffic begins on Monday.\n\nThe toll is sixpence.",
    )


def test_the_date_of_another_article_is_not_this_ones():
    page = read_page(
        "A bridge opens\n\nA photo of the bridge\n\nThe bridge opened.\nA ferry sinks\n18 Mar 1932\n\nThe toll is sixpence.\n\nLog in to comment"
    )
    assert page.published is None
    assert page.body == "The bridge opened.\n\nThe toll is sixpence."


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("One sentence only.", None, "One sentence only."),
        ("Has the bridge opened?\n\nIt has.", "Has the bridge opened?", "It has."),
        ("Is this prose?", None, "Is this prose?"),
        # lines without full stops, such as verse, are no preamble to throw away
        ("Shopping\nmilk\neggs\nbread", None, "Shopping\nmilk\neggs\nbread"),
        ("Shopping\n\nmilk\neggs", "Shopping", "milk\neggs"),
        ("\n".join(f"verse {n}" for n in range(30)) + "\n\nThe end.", None, "\n".join(f"verse {n}" for n in range(30)) + "\n\nThe end."),
        (
            "Haiti\n\nIn brief.\n\n12 January 2010\n\nA quake.\n\nSecond wave\n\n14 January 2010\n\nTroops.",
            "Haiti",
            "In brief.\n\n12 January 2010\n\nA quake.\n\nSecond wave\n\n14 January 2010\n\nTroops.",
        ),
        (
            "The court set dates.\n\n5 May 2010\n6 June 2011\n\nDone at Geneva\n12 August 1949",
            None,
            "The court set dates.\n\n5 May 2010\n6 June 2011\n\nDone at Geneva\n12 August 1949",
        ),
        (
            "Deepwater\n\nEleven died.[1]\n\nIt leaked for 87 days.[2][3]\n\nBP paid.*\n\nThe end.",
            "Deepwater",
            "Eleven died.[1]\n\nIt leaked for 87 days.[2][3]\n\nBP paid.*\n\nThe end.",
        ),
        (
            "54 stations in 30 countries\n\n- 16 arrests\n\nThe minister said so.",
            "54 stations in 30 countries",
            "- 16 arrests\n\nThe minister said so.",
        ),
        (
            "He was told to watch the house and then\nfollow us on foot to the border.\nIt was cold.",
            None,
            "He was told to watch the house and then\nfollow us on foot to the border.\nIt was cold.",
        ),
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
        "Save on energy bills this winter.",
        "Register to vote by mail now, the agency says.",
        "Read more: the agency found 54 cases of fraud in 2010.",
    ],
)
def test_sentences_of_an_article_are_not_taken_for_furniture(sentence):
    assert sentence in read_page(f"Title\n\nThe article begins. It goes on.\n\n{sentence}\n\nThe end.").body


def test_a_question_under_a_known_title_is_text():
    page = read_page("Who is responsible?\n\nThe minister said it was him.", title="Police centres")
    assert page.body == "Who is responsible?\n\nThe minister said it was him."


def test_a_known_title_is_not_looked_for_but_its_repetition_goes():
    assert read_page("A bridge opens\n\nIt opened.", title="A bridge opens") == PageParts("A bridge opens", None, None, "It opened.")
