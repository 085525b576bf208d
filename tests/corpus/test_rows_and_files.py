"""Rows without ids, fields that cannot be used, files of one name, and encodings of one byte a letter."""

import json

import pytest

from rag import Refusal, read_articles
from rag.corpus.decoding import decode
from rag.errors import InputError

ENGLISH = "The growth was the fastest in ten years, the office said on Monday. It will say more in June. "


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("Windows-1250", "Říká to ředitel úřadu, který žije v Brně a dívá se přes řeku. "),
        ("ISO-8859-2", "Žlutý kůň běžel přes řeku a všichni se dívali, říká žák. "),
        ("Windows-1250", "Związek będzie działał dalej, a rząd się już śmieje. "),
        ("Windows-1252", "La première fois, c’était très bien, où les élèves étaient prêts à la fête. "),
        ("Windows-1252", "Los niños pequeños y las montañas están mañana así en el año de España. "),
    ],
)
def test_an_encoding_in_which_alone_the_letters_are_one_language_s_is_read_and_said(encoding, text):
    told = []
    assert decode((ENGLISH + text).encode(encoding), told) == ENGLISH + text
    assert f"read as {encoding}" in told[0]


def test_what_reads_the_same_in_all_of_them_is_no_guess():
    told, text = [], ENGLISH + "“£10” — the café’s €5 note, ½ price at 20°C in Köln…"
    assert (decode(text.encode("cp1252"), told), told) == (text, [])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Český průmysl rostl. "),
        ("cp1250", "Gdańsk and Poznań grew. "),
        ("cp1254", "Şahin met Yıldız. "),
        ("cp1251", "Москва grew. "),
        ("cp1253", "Αθήνα grew. "),
        ("mac-roman", "The minister’s café closed. "),
        ("mac-roman", "The café closed. "),
        ("cp850", "The café in São Pedro closed. "),
        ("iso8859-15", "It cost €5. "),
        ("gbk", "北京 grew. "),
    ],
)
def test_what_could_be_meant_otherwise_is_refused(encoding, text):
    with pytest.raises(InputError, match="nor for certain as Windows-1252"):
        decode((text + ENGLISH).encode(encoding))


@pytest.fixture
def rows(tmp_path):
    """Reads rows from a file, in an encoding."""

    def read(*rows, encoding="utf-8", folder="f"):
        path = tmp_path / folder / "rows.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding))
        return list(read_articles(path))

    return read


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_rows_in_the_encodings_that_files_have(rows, encoding):
    first, second = rows({"title": "One", "text": "The café closed."}, {"title": "Two", "text": "It opened – twice."}, encoding=encoding)
    assert (first.text, second.text) == ("The café closed.", "It opened – twice.")


def test_a_file_in_utf_16_that_is_cut_off_is_told_and_what_came_before_is_read(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(('{"title": "One", "text": "The café closed."}\n' * 2_000).encode("utf-16")[:-1])
    *made, last = read_articles(path)
    assert made[0].title == "One"
    assert isinstance(last, Refusal)
    assert "not UTF-16 to its end" in last.reason


def test_rows_of_one_title_get_an_id_each_and_the_same_one_again(rows, archive):
    texts = [{"title": "Weather", "source": "S", "text": f"It rained {n} times."} for n in range(3)]
    first = rows(*texts, texts[1])
    assert len({one.id for one in first}) == 3
    assert first[1].id == first[3].id
    assert archive.add(first).added == tuple(dict.fromkeys(one.id for one in first))
    assert archive.add(rows(*texts, {"title": "Other", "text": "x"})).unchanged == tuple(one.id for one in first[:3])
    same = [{"title": "Log", "url": "https://e.org/live", "text": f"Entry {n}."} for n in range(2)]
    assert [one.id for one in rows(*same)] == ["https://e.org/live", "https://e.org/live#2"]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("url", "www.example.org/x", None),
        ("url", "ftp://example.org/x", None),
        ("url", "https://example.org/a b", None),
        ("url", 5, None),
        ("url", {"href": "x"}, None),
        ("source", "x" * 501, None),
        ("source", {"name": "The Sample"}, "The Sample"),
        ("author", ["Desk One", "Desk Two"], "Desk One, Desk Two"),
        ("author", True, None),
        ("author", float("nan"), None),
    ],
)
def test_a_field_that_cannot_be_used_costs_only_itself(rows, archive, field, value, kept):
    (made,) = rows({"title": "T", "text": "The lock opened.", field: value})
    assert getattr(made, field) == kept
    assert bool(made.warnings) == (kept is None)
    report = archive.add([made])
    assert report.added == (made.id,)
    assert [warning.reason for warning in report.warnings] == list(made.warnings)


def test_files_of_one_name_in_two_folders_get_two_ids_that_stay(archive, tmp_path):
    paths = [tmp_path / folder / "news" / name for folder in ("one", "two") for name in ("a.txt", "rows.jsonl")]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"title": "T", "text": "Row {number}."}}' if path.suffix == ".jsonl" else f"title: T\n\nFile {number}.")
    added = archive.add(read_articles(tmp_path)).added
    assert len(added) == 4
    assert {"news/a.txt", "two/news/a.txt"} <= set(added)
    assert set(archive.add(read_articles(*reversed(paths))).unchanged) == set(added)
    paths[0].unlink()
    assert archive.add(read_articles(tmp_path), prune=[tmp_path]).removed == ("news/a.txt",)
