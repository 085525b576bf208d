import math

import pytest

from rag.reader.rarity import Rarity


def test_the_rarer_word_counts_more():
    # 4 sentences; "bridg" in 3: log(1 + 1.5 / 3.5), "caisson" in 1: log(1 + 3.5 / 1.5)
    bridge, caisson = math.log(1 + 1.5 / 3.5), math.log(1 + 3.5 / 1.5)
    rarity = Rarity(frozenset({"bridg", "caisson"}), [frozenset({"bridg"})] * 2 + [frozenset({"bridg", "caisson"}), frozenset()])
    assert rarity.share(frozenset({"caisson", "other"})) == pytest.approx(caisson / (bridge + caisson))
    assert rarity.share(frozenset({"bridg", "caisson"})) == pytest.approx(1)
    assert rarity.share(frozenset()) == 0


def test_a_question_without_words_that_count_has_no_share():
    assert Rarity(frozenset(), [frozenset({"a"})]).share(frozenset({"a"})) == 0
