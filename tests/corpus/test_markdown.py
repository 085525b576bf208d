from rag.corpus.markdown import plain_text

SOURCE = """# The *bridge* opens

It cost **£10 million**, [the paper](https://example.org "t") said.
A second line.

![A photo](photo.png)

- first item
- `second` item

| what | how many |
|---|---|
| spans | 2 |

    code stays

<script>alert(1)</script>
"""


def test_the_reader_s_text_without_the_marks():
    title, body = plain_text(SOURCE)
    assert title == "The bridge opens"
    assert body == (
        "It cost £10 million, the paper said.\nA second line.\n\nfirst item\n\nsecond item\n\nwhat: spans, how many: 2.\n\n"
        "code stays\n\n<script>alert(1)</script>"
    )


def test_a_number_that_markdown_takes_for_a_list_s_stays():
    assert plain_text("2019. It was the year.\n\n54) stations exist.") == (None, "2019. It was the year.\n\n54) stations exist.")


def test_a_later_heading_is_text():
    assert plain_text("Lead.\n\n# Heading\n\nMore.") == (None, "Lead.\n\nHeading\n\nMore.")
