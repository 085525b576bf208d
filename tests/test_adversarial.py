"""Hostile text costs each rule in proportion to its length; `benchmarks.adversarial` has all texts and the figures."""

import gc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.adversarial import RULES, TEXTS, seconds
from rag.corpus.markdown import plain_text
from rag.errors import InputError
from rag.given import nfc
from tests.pace import slowness, within

# those that cost some rule most, or did
TELLING = (
    "[", "![", "[x][", "['", "*_a", "`a``b", "- a\\n", "nested list", "nested brackets", '"', '"A." ', "“a” said Abe. ",
    "She said “no.” He said “yes.” ", "with Abe saying ", "1.", "U.S. ", "19 October 2022\\n", "He, she, they, it, ", "a", "marks out of order",
)  # fmt: skip
SIZE = 20_000
# a rule that is in proportion takes at most half of it on a busy machine, what is to the square many times it
MOST = 2.5


@pytest.fixture(scope="module", autouse=True)
def frozen():
    """What the tests have imported is looked through for garbage once, not before each text: that takes longer than most rules."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_ends_soon_whatever_the_text(rule):
    slow = {}
    for name in TELLING:
        slow[name] = seconds(rule, TEXTS[name](SIZE))
    assert not {name: seconds for name, seconds in slow.items() if seconds > MOST * slowness()}


@pytest.mark.parametrize("unit", ["\u0301\u0323", "a\u0301\u0323", "\u0344\u0316", "́̀"])
def test_marks_out_of_order_are_composed_in_proportion_to_their_number(unit):
    with within(MOST):
        nfc(unit * 50_000)
        nfc("ậ" + unit * 50_000)


MARKS = "".join(c for c in map(chr, range(0x300, 0x370))) + "\u0591\u064b\u093c\u3099\u0344\u1dc0\u20d0\u302e"


@given(st.text(alphabet=st.one_of(st.sampled_from(MARKS), st.sampled_from("aéậ가가∑̸ \n👩")), max_size=8), st.integers(min_value=1, max_value=60))
def test_what_is_put_in_order_first_is_composed_as_unicode_says(text, times):
    assert nfc(text * times) == unicodedata.normalize("NFC", text * times)


def test_a_block_of_marks_is_left_as_it_stands_and_what_is_around_it_is_read():
    marks = "[*_" * 1_000
    assert plain_text(f"# A *title*\n\nOne [link](http://a/).\n\n{marks}\n\n**Two** `a`.") == ("A title", f"One link.\n\n{marks}\n\nTwo a.")


def test_brackets_in_brackets_lose_nothing():
    for depth in (1, 5, 9, 30, 300):
        assert plain_text("[" * depth + "a" + "]" * depth)[1] == "[" * depth + "a" + "]" * depth


def test_markdown_of_very_many_lines_is_refused_with_a_way_out():
    with pytest.raises(InputError, match=r"^the file has 50,001 lines; the most of Markdown is 50,000: split it, or add it as text"):
        plain_text("a\n" * 50_000)
    assert plain_text("a\n" * 49_999)[1]
