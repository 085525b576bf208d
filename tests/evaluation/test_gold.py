import json
from datetime import date

import pytest

from rag.errors import InputError
from rag.evaluation import read_gold
from rag.types import Filters
from tests.pace import within

ROW = {
    "id": "g1",
    "question": "When did it open?",
    "answers": ["1932"],
    "evidence": [{"article": "a", "quote": "It opened in 1932."}],
    "answerable": True,
}


def written(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_gold_is_read_with_its_filters(tmp_path):
    (row,) = read_gold(written(tmp_path / "g.jsonl", "", ROW | {"filters": {"after": "1930-01-01", "sources": ["S"], "undated": True}}, ""))
    assert (row.id, row.answers, row.evidence[0].article, row.evidence[0].quote) == ("g1", ("1932",), "a", "It opened in 1932.")
    assert row.filters == Filters(date(1930, 1, 1), None, ("S",), guessed=False, undated=True)
    assert row.line == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"answers": [], "evidence": []}, "answerable, but without answers and evidence"),
        ({"answers": "1932"}, '"answers" is not a list'),
        ({"answers": [""]}, 'an answer is "", no text'),
        ({"answers": [1932]}, "an answer is 1932, no text"),
        ({"answerable": "yes"}, '"answerable" is neither true nor false'),
        ({"question": "  "}, '"question" is'),
        ({"question": "\ud800"}, "is not valid Unicode"),
        ({"id": None}, '"id" is null'),
        ({"evidence": ["a"]}, '"evidence" is not a list of objects'),
        ({"evidence": [{"quote": "x"}]}, 'an "article" of its evidence is null'),
        ({"evidence": [{"article": "a", "quote": 1}]}, 'a "quote" is 1'),
        ({"filters": {"after": "soon"}}, "\"after\" is 'soon', no day"),
        ({"filters": {"since": "2020-01-01"}}, '"filters" is not an object of'),
        ({"filters": {"sources": "S"}}, '"sources" is not a list'),
        ({"filters": {"guessed": "include"}}, '"guessed" is "include", neither true nor false'),
        ({"filters": {"after": "2020-01-02", "before": "2020-01-01"}}, "after (2020-01-02) is later than before"),
    ],
)
def test_a_row_that_is_none_is_named_by_line_and_reason(tmp_path, changed, reason):
    with pytest.raises(InputError, match=r"g\.jsonl:2 is no gold question: ") as error:
        read_gold(written(tmp_path / "g.jsonl", ROW, ROW | {"id": "g2"} | changed))
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "it is not JSON"),
        ("[1]", "it is not a JSON object"),
        ("[" * 100_000, "it is nested too deeply"),
        ("NaN", "it is not a JSON object"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path, line, reason):
    with pytest.raises(InputError, match=f"g.jsonl:1 is no gold question: {reason}"):
        read_gold(written(tmp_path / "g.jsonl", line))


def test_every_mistake_is_listed_and_beyond_twenty_they_are_counted(tmp_path):
    with pytest.raises(InputError) as error:
        read_gold(written(tmp_path / "g.jsonl", ROW, *["{"] * 24, ROW))
    lines = str(error.value).split("\n")
    assert "g.jsonl:2 is no gold question: it is not JSON" in lines[0]
    assert len(lines) == 21
    # 24 lines that are no JSON, and the id that was used before
    assert lines[-1] == "and 5 more"


def test_an_id_that_was_used_before_names_both_lines(tmp_path):
    with pytest.raises(InputError, match="g.jsonl:3 is no gold question: the id 'g1' was used before, in line 1"):
        read_gold(written(tmp_path / "g.jsonl", ROW, "", ROW))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_an_empty_file_and_one_in_another_encoding_are_named(tmp_path, content):
    (tmp_path / "g.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=r"g\.jsonl (has no questions|is not UTF-8)"):
        read_gold(tmp_path / "g.jsonl")


def test_right_to_left_text_emoji_and_line_separators_inside_strings_are_text(tmp_path):
    question = "متى افتتح الجسر؟ 🌉 a\u2028b\x85c"
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(ROW | {"question": question, "answers": ["١٩٣٢", "🌉"]}, ensure_ascii=False), encoding="utf-8")
    (row,) = read_gold(path)
    assert (row.question, row.answers) == (question, ("١٩٣٢", "🌉"))


def test_a_hundred_thousand_rows_are_read(tmp_path):
    path = written(tmp_path / "g.jsonl", *(ROW | {"id": n} for n in range(100_000)))
    # seconds, where something quadratic would take many minutes
    with within(60):
        rows = read_gold(path)
        assert (len(rows), rows[-1].id, rows[-1].line) == (100_000, "99999", 100_000)
