import json
import os
import subprocess
import sys

import pytest

from rag.corpus.jsonl import is_gold, read_rows
from rag.types import Article, Refusal


@pytest.fixture
def rows(tmp_path):
    def read(*lines, limit=1_000):
        path = tmp_path / "rows.jsonl"
        path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
        return list(read_rows(path, limit, {}))

    return read


def test_a_row_becomes_an_article(rows):
    (made,) = rows({"id": 7, "title": "T", "text": "Some text.", "source": "S", "author": "A", "published": "2020-02-03", "url": "https://e.org/x"})
    assert (made.id, made.title, made.source, made.author, str(made.published), made.url) == ("7", "T", "S", "A", "2020-02-03", "https://e.org/x")


def test_an_id_that_is_not_given_survives_a_correction_of_the_text(rows):
    (before,), (after,) = rows({"title": "T", "text": "Wrong."}), rows({"title": "T", "text": "Right."})
    other, by_url = rows({"title": "U", "text": "Wrong."}, {"title": "T", "text": "x", "url": "https://e.org/x"})
    assert before.id == after.id != other.id
    assert by_url.id == "https://e.org/x"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"{not json", "not JSON"),
        (b"[" * 100_000, "too many bytes; the most is 1,000"),
        (b"\xff{}", "not UTF-8"),
        ([1], "not a JSON object"),
        ({"title": "T"}, 'no "text"'),
        ({"text": "x"}, 'no "title"'),
        ({"title": "T", "text": 5}, '"text" is not a string'),
        ({"title": "T", "text": "\ud800"}, "lone surrogate"),
        ({"title": "T", "text": "x" * 2_000}, "the most is 1,000"),
    ],
)
def test_a_bad_row_is_refused_by_its_line_and_the_next_is_read(rows, row, reason):
    refusal, article = rows(row, {"title": "T", "text": "Fine."})
    assert isinstance(refusal, Refusal)
    assert refusal.origin.endswith("rows.jsonl:1")
    assert reason in refusal.reason
    assert isinstance(article, Article)


def test_deep_nesting_is_refused(rows):
    (refusal,) = rows(b"[" * 100_000, limit=1_000_000)
    assert "not JSON" in refusal.reason


# what is beyond the row's limit is passed over and not kept: the file is a hole, which reads as zeros
BOUNDED = """
import resource, sys
from pathlib import Path
from rag.corpus.jsonl import is_gold, read_rows
resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))
path = Path(sys.argv[1])
print(is_gold(path), *(refusal.reason for refusal in read_rows(path, 5_000_000, {})))
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_of_a_gigabyte_does_not_fill_the_memory(tmp_path, encoding):
    path = tmp_path / "rows.jsonl"
    path.write_bytes('{"title": "T'.encode(encoding))
    os.truncate(path, 1_000_000_000)
    done = subprocess.run([sys.executable, "-c", BOUNDED, str(path)], capture_output=True, check=False)
    assert done.stdout.decode() == "False the row has too many bytes; the most is 5,000,000\n", done.stderr[-500:]


def test_rows_that_are_added_while_a_file_is_read_wait_for_the_next_time(tmp_path):
    path = tmp_path / "rows.jsonl"
    row = '{"title": "T", "text": "Some text."}\n'
    path.write_text(row * 2)
    read = 0
    for _ in read_rows(path, 1_000, {}):
        read += 1
        with path.open("a") as file:
            file.write(row)
    assert read == 2


def test_an_empty_file_is_refused(rows):
    (refusal,) = rows(b"\n\n")
    assert refusal.reason == "the file is empty"


def test_gold_questions_are_told_from_articles(tmp_path):
    gold, articles = tmp_path / "g.jsonl", tmp_path / "a.jsonl"
    gold.write_text('{"id": "1", "question": "Why?", "answers": [], "evidence": [], "answerable": false}')
    articles.write_text('{"title": "T", "text": "x"}')
    assert is_gold(gold)
    assert not is_gold(articles)
