import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.values.wording import SHARED, near_copies
from tests.pace import within

STORY = (
    "Rescue crews spent the whole of Tuesday pouring water over the animals, which came ashore at low tide during the night, the parks "
    "service said. In all 270 whales were stranded on the beach, the largest such event that the island has seen for many years."
)
OTHER = (
    "A pod of whales is stranded on the island's western beach and vets say that few of the animals will live. Volunteers carried buckets "
    "of water across the sand through the night while the parks service waited for the tide to turn. Nothing like it was seen there for many years."
)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (STORY, STORY, True),
        (STORY, STORY.upper().replace(",", ""), True),
        (STORY, STORY.replace("270", "290").replace("many years", "years"), True),
        (STORY, f"{STORY} {OTHER}", True),
        (STORY, OTHER, False),
        (STORY, "", False),
        ("", "", True),
        ("The bridge opened in 1932.", "the bridge opened, in 1932", True),
        ("The bridge opened in 1932.", "The bridge opened in 1933.", False),
    ],
)
def test_copies_with_small_edits_and_cut_copies_are_found(a, b, expected):
    assert near_copies(a, b) is near_copies(b, a) is expected


def test_the_threshold_is_a_share_of_the_runs_of_four_words():
    words = [f"w{n}" for n in range(103)]  # a hundred runs
    # n words from the end on are others: n runs are others
    for others, expected in ((39, True), (40, True), (41, False)):
        changed = words[: 103 - others] + [f"x{n}" for n in range(others)]
        assert near_copies(" ".join(words), " ".join(changed)) is expected
    assert SHARED == 0.6


@given(st.text(max_size=300), st.text(max_size=300))
def test_it_is_symmetric_and_a_text_is_its_own_copy(a, b):
    assert near_copies(a, b) == near_copies(b, a)
    assert near_copies(a, a)


@pytest.mark.parametrize("unit", ["word ", "a b c d ", "x", "é ", "1,"])
def test_long_texts_take_no_long_time(unit):
    long = (unit * 100_000)[:100_000]
    with within(1):
        near_copies(long, f"{long} other")
