from rag.corpus.header import Header, split_header


def test_a_block_of_known_keys_above_a_blank_line():
    header, body = split_header("Title: A bridge\nsource: Sample: Wire\npublished: 1932-03-19\nSummary: the minister resigned\n\nBody: first line.\n")
    assert header == Header(title="A bridge", source="Sample: Wire", published="1932-03-19")
    # a line with an unknown key may be the article's
    assert body == "Summary: the minister resigned\n\nBody: first line.\n"


def test_fences_as_in_front_matter():
    header, body = split_header('---\ntitle: "Quoted"\ntags:\n  - one\nurl: https://example.org/\n---\n# Heading\n')
    assert header == Header(title="Quoted", url="https://example.org/")
    assert body == "# Heading\n"


def test_prose_with_colons_is_no_header():
    for text in (
        "Officials said: nothing.\n\nMore.",
        "title: A\nbut this line is prose.\n\nMore.",
        "note: an unknown key first\n\nMore.",
        "Source: a senior official said so.\n\nThe rest.",
        "---\ntitle: A fence that does not close\n\nBody.",
        "---\nSource: a police file said it\nThe minister lied.\n---\nEnd.",
    ):
        assert split_header(text) == (Header(), text)


def test_a_value_that_goes_on_below_is_read():
    assert split_header("---\ntitle: >-\n  Folded\n  twice\nsource: S\n---\nBody.") == (Header(title="Folded twice", source="S"), "Body.")


def test_a_header_alone_leaves_no_text():
    assert split_header("title: Only this") == (Header(title="Only this"), "")
