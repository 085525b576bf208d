import html
import json
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag import render
from rag.render.markdown_text import escaped
from rag.types import Difference, Outcome, Span, Value
from tests.render.answers import HOSTILE, answered, folded, naughty, pandoc, texts, whole

# pandoc's typography, which is no markup, is off
DIALECTS = [
    "markdown-smart", "commonmark", "gfm", "commonmark_x-smart", "markdown_mmd-smart",
    "markdown-smart+tex_math_single_backslash+tex_math_double_backslash+emoji",
]  # fmt: skip
# what the sheet itself is made of
NODES = {"Header", "Para", "BlockQuote", "Str", "Space", "SoftBreak", "LineBreak", "Strong", "Link"}


def nodes(tree, kind=None):
    """All nodes of pandoc's tree, or those of one kind."""
    if isinstance(tree, dict):
        if "t" in tree and kind in (None, tree["t"]):
            yield tree
        for value in tree.values():
            yield from nodes(value, kind)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value, kind)


def words(tree):
    """A tree's words; what is no word is white space."""
    return folded(
        "".join(node["c"] if node["t"] == "Str" else " " for node in nodes(tree) if node["t"] in ("Str", "Space", "SoftBreak", "LineBreak", "Para"))
    )


def read(text, dialect):
    tree = json.loads(pandoc(text, dialect, "json"))
    assert tree["meta"] == {}
    return tree["blocks"]


def test_a_sheet_as_it_is_written(make):
    made = make("a", "The keeper\nof the lock spoke. It rained. She said: it's open.\n\nTwice.", title="Lock *opens*", url="https://example.org/a_b")
    quote = replace(whole("x"), article=made, span=Span(41, len(made.text)), lead=Span(0, 30), speaker=Span(4, 10))
    value = Value("open", 0, Span(56, 60), None)
    assert render.markdown([answered(quote, differences=(Difference("lock", (value,)),))]) == (
        "# Is it open?\n\n"
        "The articles give different values for “lock”, each with its day of publication:\n\n"
        "| Published | Value | Quote | Article |\n|---|---|---|---|\n| undated | open | 1 | Lock \\*opens\\* |\n\n"
        "**1** · very likely (0.95)\n\n"
        "> The keeper\\\n> of the lock spoke.\n\n[…]\n\n> She said: it's open.\n>\n> Twice.\n\n"
        "attributed to: keeper · characters 4-10\\\n"
        "Lock \\*opens\\* · undated · characters 0-30 […] 41-69 · <https://example.org/a_b>\n\n"
        "Searched 1 article (1 passage), 1932-03-19 to 1932-03-19.\n"
    )


def test_silence_gives_its_reason_and_near_misses_without_a_number():
    text = render.markdown([answered(outcome=Outcome.WEAK_EVIDENCE, near=(whole("It rained."),))])
    assert "The articles may not answer this; the nearest:\n\nvery likely (0.95)\n\n> It rained.\n\nA bridge opens · " in text
    assert "**" not in text
    far = render.markdown([answered(outcome=Outcome.NOTHING_FOUND, near=(whole("It rained."),))])
    assert "The nearest passages, which do not answer:\n\nvery likely (0.95)\n\n> It rained." in far


def test_where_the_articles_may_not_answer_three_are_shown():
    text = render.markdown([answered(outcome=Outcome.WEAK_EVIDENCE, near=tuple(whole(f"Rain {n}.") for n in range(5)))])
    assert re.findall("> Rain .", text) == ["> Rain 0", "> Rain 1", "> Rain 2"]
    assert "2 more that come near: not shown here." in text


# the question's words: before, in bold, after; a bar stands for each edge of the answer
BOLD = [
    "It cost |5 dollars| in all.", "|5| dollars", "cost |5|", "|It is open.|", "un|believ|able", "x|$5m|y", "x|*|y", "x|**|y", "*|*|*", "**|a|**",
    "_|a|_", "a|_b_|c", "a| b |c", "It | is| open", "a|  5|", "5|  |6", "a|“b”|c", "a|(b)|c", "é|-5|é", "a|\U0001f309|b", "\U0001f309|a|\U0001f309",
    "\U0001f309|-|\U0001f309", "\u6a4b|。|\u6a4b", "a|\u00b4|b", "|3|rd", "1|)| x", "a|1) b", "(|a|) b", "-|5|-6", "5|-|6", "`|a`|b",
    "<b>|x</b>|y", "&|amp;| x", "\\\\|*a*|\\\\", "a|\u202eb|c\u202c", "a\u200b|*|\u200bb", "e\u0301x\u0332|*|\u0332x",
    "\u00a0|\u00a0a\u00a0|\u00a0", "|[a](b)|", "![|a|](b)",
    "a|\n|b", "one |two\nthree| four", "one|\n\ntwo\n\n|three", "a |b\n- c\n# d| e", "x|***|y", "#|1|", "|1. a\n2. b|", "~~|a|~~", "$|x|$", "a|^b^|c",
]  # fmt: skip


def bold(marked):
    """A quote of the words, and what of it answers."""
    before, inside, after = marked.split("|") if marked.count("|") == 2 else (*marked.split("|"), "")
    return replace(whole(before + inside + after), answer=Span(len(before), len(before + inside)))


@pytest.mark.parametrize("marked", BOLD)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_words_that_answer_are_bold_whatever_they_are(marked, dialect):
    quote = bold(marked)
    blocks = read(render.markdown([answered(quote)]), dialect)
    (quoted,) = (block for block in blocks if block["t"] == "BlockQuote")
    assert {node["t"] for node in nodes(blocks)} <= NODES
    assert words(quoted) == folded(quote.text)
    strong = " ".join(words(node) for node in nodes(quoted, "Strong"))
    assert folded(strong) == folded(quote.answer.of(quote.article.text))


@settings(max_examples=500)
@given(texts, st.data())
def test_every_answer_is_literal_and_bold_in_commonmark(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = MarkdownIt("commonmark").render(render.markdown([answered(replace(whole(text), answer=Span(start, end)))]))
    (quoted,) = re.findall("<blockquote>(.*?)</blockquote>", shown, re.DOTALL)
    assert set(re.findall("<(/?[a-z0-9]+)", quoted)) <= {"p", "/p", "strong", "/strong", "br"}
    assert folded(html.unescape(re.sub("<[^s/][^>]*>|</p>", " ", quoted).replace("<strong>", "").replace("</strong>", ""))) == folded(text)
    strong = html.unescape(" ".join(re.findall("<strong>(.*?)</strong>", quoted, re.DOTALL)))
    # beside a character that Unicode does not have yet, nothing is bold rather than the words wrong
    beside = text[:start].rstrip()[-1:] + text[end:].lstrip()[:1] + text[max(0, start - 1) : end + 1]
    assert folded(strong) == folded(text[start:end]) or any(unicodedata.category(character) == "Cn" for character in beside)


def test_a_conversation_is_one_document():
    text = render.markdown([answered(whole("One.")), answered(whole("Two."), question="And then?")])
    assert re.findall("^# .*", text, re.MULTILINE) == ["# Is it open?", "# And then?"]


@pytest.mark.parametrize("dialect", ["markdown-smart", "commonmark", "gfm"])
def test_words_are_as_typed_in_plain_text(dialect):
    sheet = answered(*[whole(text, title=text.replace("\n", " "), author=text.replace("\n", " ")) for text in HOSTILE], question=" ".join(HOSTILE))
    shown = folded(pandoc(render.markdown([sheet]), dialect, "plain", "--wrap=none"))
    assert folded(" ".join(HOSTILE)) in shown
    for quote in sheet.quotes:
        assert f"very likely (0.95) {folded(quote.text)} {folded(quote.article.title)} · The Daily · {folded(quote.article.author)} · " in shown


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_word_of_an_article_is_markup_for_pandoc(dialect):
    literal_in(dialect, HOSTILE)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_naughty_string_is_markup_for_pandoc(dialect, shared):
    literal_in(dialect, naughty(shared))


@settings(max_examples=25)
@given(texts)
def test_no_generated_text_is_markup_for_pandoc(text):
    literal_in("markdown-smart", [text])


def literal_in(dialect, quoted):
    quotes = [whole(text, title=folded(text)[:500] or "x", author=folded(text)) for text in quoted]
    blocks = read(render.markdown([answered(*quotes, question=folded(quoted[0]))]), dialect)
    assert {node["t"] for node in nodes(blocks)} <= NODES
    assert words(blocks[0]) == folded(quoted[0])
    assert [words(block) for block in blocks if block["t"] == "BlockQuote"] == [folded(text) for text in quoted]
    sources = [words(after) for before, after in pairwise(blocks) if before["t"] == "BlockQuote"]
    assert sources == [folded(render.citation(quote.article, quote.span)) for quote in quotes]
    assert [words(node) for node in nodes(blocks, "Strong")] == [str(number) for number in range(1, len(quotes) + 1)]
    assert not list(nodes(blocks, "Link"))


@settings(max_examples=300)
@given(texts)
def test_every_text_is_literal_in_commonmark(text):
    shown = MarkdownIt("commonmark").render(render.markdown([answered(whole(text), question=text)]))
    (quoted,) = re.findall("<blockquote>(.*?)</blockquote>", shown, re.DOTALL)
    assert set(re.findall("<(/?[a-z0-9]+)", shown)) <= {"h1", "/h1", "p", "/p", "strong", "/strong", "blockquote", "/blockquote", "br"}
    assert folded(html.unescape(re.sub("<[^>]*>", " ", quoted))) == folded(text)
    assert folded(html.unescape(re.findall("<h1>(.*?)</h1>", shown, re.DOTALL)[0])) == folded(text)


def test_an_articles_lines_stay_lines():
    blocks = read(render.markdown([answered(whole("one\ntwo\n\n\n  three  "))]), "commonmark")
    (quoted,) = nodes(blocks, "BlockQuote")
    assert [node["t"] for node in nodes(quoted["c"])] == ["Para", "Str", "LineBreak", "Str", "Para", "Str"]


@pytest.mark.parametrize("dialect", ["markdown-smart", "gfm"])
def test_differences_are_a_table_whose_cells_are_literal(dialect):
    differences = (Difference("a | b", (Value("5 | *6*\n7", 0, Span(0, 9), None),)),)
    blocks = read(render.markdown([answered(whole("5 | *6*\n7", title="T | t"), differences=differences)]), dialect)
    (table,) = nodes(blocks, "Table")
    assert words(table["c"][4]) == "undated5 | *6* 71The Daily · T | t"
    assert not list(nodes(table, "Emph"))


@pytest.mark.parametrize("dialect", ["markdown-smart", "commonmark", "gfm"])
def test_an_address_is_a_link_only_where_it_is_safe(dialect):
    safe = "https://example.org/*a*_b_?x=1&copy;=2&y=(3)#z"
    quotes = [
        whole("One.", url=safe),
        *[replace(whole("Two."), article=replace(whole("Two.").article, url=bad)) for bad in ("javascript:x", "data:*x*")],
    ]
    blocks = read(render.markdown([answered(*quotes)]), dialect)
    (link,) = nodes(blocks, "Link")
    assert link["c"][2][0] == safe.replace("&copy;", "&copy%3B")
    assert words(blocks).count("javascript:x") == words(blocks).count("data:*x*") == 1


def test_beside_what_is_no_character_nothing_is_bold_rather_than_the_words_wrong():
    # MarkdownIt takes a reference to it for a mistake
    shown = MarkdownIt("commonmark").render(render.markdown([answered(replace(whole("a\ufdd0*\ufdd0b"), answer=Span(2, 3)))]))
    assert "<blockquote>\n<p>a\ufdd0*\ufdd0b</p>" in shown


ORDINARY = [
    'It\'s "so" -- and so... He said: no, not yet (it is 10:30). The U.S. paid $5 million, then $6.50; see No. 7.',
    "“Of ‘him’ we know nothing,” she said — a well-known man, 54, of St. John’s. [He left.] AT&T rose 5 < 6 > 4%; snake_case; #1 and 2+2=4!",
    "-5 degrees is cold. 1.5 million (more or less) came; i.e. all. Mr. Roe, e.g., did.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_nothing_in_ordinary_prose_is_escaped(text):
    assert escaped(text) == text
    shown = MarkdownIt("commonmark").render(render.markdown([answered(whole(text))]))
    assert f"<blockquote>\n<p>{html.escape(text).replace('&#x27;', chr(39))}</p>" in shown


# each with one escape that some dialect needs; that of a character that may have its pair anywhere is always there
NEEDED = [
    "# title", "#no space", "> quoted", "+ item", "- item", "-", "---", "===", "1. one", "a) one", "(iv) one", "12) x", ": definition", "title #",
    "[a](b)", "[span]{.class}", "[a]: b", "&amp; &x", "&#42;", "<b>", "</b>", "<!-- x", "a _b_c d_e_ (f_", "x@doe.example", "@doe said", "see http://a.example",
    "www.example.org", ":smile:", "at $x$ y", "a\\(b", "\\alpha",
]  # fmt: skip


def test_every_escape_is_needed():
    bare = {text: unescaped(escaped(text)) for text in NEEDED}
    assert all(found for found in bare.values())
    written = [(text, one) for text, some in bare.items() for one in some]
    changed = set()
    for dialect in DIALECTS:
        # a definition needs a term above it, a rule a paragraph
        for block in ("> {}", "# {}", "> term\n> {}"):
            blocks = read("\n\n".join(f"{block.format(one)}\n\nnext" for _, one in written), dialect)
            shown = [block for block, after in pairwise(blocks) if words(after) == "next"]
            literal = read("\n\n".join(f"{block.format(escaped(text))}\n\nnext" for text, _ in written), dialect)
            meant = [block for block, after in pairwise(literal) if words(after) == "next"]
            changed |= {
                pair for pair, one, other in zip(written, shown, meant, strict=False) if (words(one), kinds(one)) != (words(other), kinds(other))
            }
    assert [pair for pair in written if pair not in changed] == []


def kinds(tree):
    return [node["t"] for node in nodes(tree)]


def unescaped(text):
    """The text with each of its escapes taken off, one at a time."""
    found = [(match, match[0][1:]) for match in re.finditer(r"\\[^A-Za-z0-9]", text)] + [
        (match, chr(int(match[1]))) for match in re.finditer(r"&#(\d+);", text)
    ]
    return [f"{text[: match.start()]}{bare}{text[match.end() :]}" for match, bare in found]
