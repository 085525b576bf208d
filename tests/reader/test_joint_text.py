import pytest

from rag.models.pinned_model import pinned_folder
from rag.reader.joint_text import LONGEST, JointTokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return JointTokenizer(pinned_folder())


def test_question_title_and_passage_stand_in_this_order(tokenizer):
    text = tokenizer.joined("Who built it?", "The dam", "The town built it.")
    # [CLS] who built it ? [SEP] the dam the town built it . [SEP]
    assert len(text.ids) == 14
    assert text.segments.tolist() == [0] * 6 + [1] * 8
    assert text.first == 8
    assert text.ids[0] != text.ids[5] == text.ids[13]


def test_places_are_code_points_of_the_passage(tokenizer):
    passage = "\U0001f309 Ünder the e\u0301lan."
    text = tokenizer.joined("What?", "", passage)
    words = [passage[start:end] for start, end in zip(text.starts, text.ends, strict=True)]
    assert words[0] == "\U0001f309"
    assert "the" in words
    assert words[-1] == "."
    assert text.ends[-1] == len(passage)


def test_what_finds_no_room_has_no_token(tokenizer):
    text = tokenizer.joined("why " * 500, "title " * 500, "word " * 500)
    assert len(text.ids) == LONGEST
    assert text.first == 1 + 40 + 1 + 24
    assert len(text.starts) == LONGEST - text.first - 1
    assert text.ends[-1] == 5 * len(text.starts) - 1


def test_an_article_s_own_brackets_end_nothing(tokenizer):
    plain, hostile = (tokenizer.joined("Who?", "", text) for text in ("a b", "a [SEP] b [CLS] [PAD]"))
    assert (hostile.ids == plain.ids[-1]).sum() == 2
    assert (hostile.ids == plain.ids[0]).sum() == 1
    assert 0 not in hostile.ids


def test_an_empty_passage_has_no_places(tokenizer):
    text = tokenizer.joined("Who?", "", "")
    assert text.starts.shape == text.ends.shape == (0,)
    assert text.first == len(text.ids) - 1
