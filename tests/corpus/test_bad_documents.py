"""What is damaged or made to hurt ends in articles or in reasons, hurts no other document, and leaves the archive sound.

`benchmarks.bad_documents` has ten times as many copies, and the figures.
"""

import csv
import json
import os
from collections import Counter
from email.message import Message
from html import escape
from pathlib import Path

import pytest

from rag import Settings, read_articles
from rag.corpus.draft import Address, Draft
from rag.corpus.readers import Readers
from rag.store import flaws
from rag.types import Article, Refusal
from tests.corpus.bad_documents import BOMBS, DEEPLY_NESTED, damaged
from tests.corpus.samples import SAMPLES, WORDS

# seconds and hundreds of megabytes each: they are the benchmark's
SLOW = {
    "cells.html",
    "cells.rtf",
    "groups.rtf",
    "paragraphs.odt",
    "parts.eml",
    "quotes.csv",
    "zeros.gz.gz",
    "mails.mbox",
    "files.zip",
    "records.warc",
}


@pytest.fixture(scope="module")
def readers():
    with Readers(Settings()) as made:
        yield made


@pytest.mark.parametrize("name", DEEPLY_NESTED)
def test_what_is_nested_without_end_is_refused_for_that(readers, name):
    (refused,) = readers.read(DEEPLY_NESTED[name](), name)
    assert isinstance(refused, Refusal)
    assert "nested too deeply" in refused.reason


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in SLOW])
def test_a_bomb_is_read_without_what_would_hurt_or_is_refused(readers, name):
    items = list(readers.read(BOMBS[name](), name))
    assert items
    hostname = Path("/etc/hostname")
    for item in items:
        assert isinstance(item, Draft | Address | Refusal)
        if name.partition(".")[0] in ("laughs", "file") and isinstance(item, Draft):
            assert "haha" not in item.text
            assert not hostname.exists() or hostname.read_text().strip() not in item.text


def test_a_document_that_takes_too_much_memory_is_refused_for_that(readers):
    (refused,) = readers.read(BOMBS["quotes.csv"](), "quotes.csv")
    assert "takes more memory than a document may" in refused.reason


def test_damaged_copies_of_each_format_leave_the_archive_sound(archive, tmp_path):
    folder = tmp_path / "news"
    for own in SAMPLES:
        for number, data in enumerate(damaged(own, 2)):
            within = folder / f"{own.replace('.', ' ')} {number}"
            within.mkdir(parents=True)
            (within / f"news{own}").write_bytes(data)
    (folder / "sound.txt").write_text(f"title: Sound\n\n{WORDS}")
    files = [str(file) for file in folder.rglob("*.*")]
    items = list(read_articles(folder))
    assert {file for file in files for item in items if item.origin.startswith(file)} == set(files), "nothing is passed over without a word"
    report = archive.add(items)
    articles = [item for item in items if isinstance(item, Article)]
    assert {*report.added, *report.replaced} == {stored.id for stored in archive.articles()}
    assert len(report.added) + len(report.unchanged) + len(report.replaced) + len(report.refused) <= len(items)
    assert any(article.title == "Sound" for article in articles)
    assert flaws(tmp_path / "index", lambda: None) == []


# each is a name or a part of one that some program once fell over
SCRIPTS = (
    "Żółw", "Ελλάδα", "Москва", "عربى", "עברית", "हिन्दी", "ไทย", "한국어", "日本語", "漢字𠮷", "ქართული", "አማርኛ", "😀👩‍👩‍👧", "e\u0301",
    "\u202egnp.txt", "a\nb", "a\tb", "a\\b", "a:1", "a#b", "a%2fb", "-rf", "a'b\"c", "CON", " a ", "a" * 200, "\u200b", "~", "$(id)", "*?[a]",
)  # fmt: skip


def test_files_of_names_in_every_script_are_read_and_known_again(archive, tmp_path):
    for number, name in enumerate(SCRIPTS):
        (tmp_path / "news" / str(number)).mkdir(parents=True)
        (tmp_path / "news" / str(number) / f"{name}.txt").write_text(WORDS)
    added = archive.add(read_articles(tmp_path / "news")).added
    assert len(added) == len(SCRIPTS)
    assert archive.add(read_articles(tmp_path / "news"), prune=[tmp_path / "news"]).unchanged == added
    assert flaws(tmp_path / "index", lambda: None) == []


def test_a_name_that_is_no_unicode_is_refused(tmp_path):
    with open(os.fsencode(tmp_path) + b"/a\xff.txt", "w") as file:  # noqa: PTH123 - a path of bytes
        file.write(WORDS)
    (refused,) = read_articles(tmp_path)
    assert "not valid Unicode" in refused.reason


@pytest.fixture(scope="module")
def naughty(shared):
    return json.loads((shared / "hostile" / "blns.json").read_text(encoding="utf-8"))


def test_naughty_strings_everywhere_leave_the_archive_sound(archive, tmp_path, naughty):
    folder = tmp_path / "news"
    folder.mkdir()
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("title", "text", "author", "url", "date"), *((text, f"{WORDS}{text}", text, text, text) for text in naughty)])
    rows = (
        {"id": f"{n} {text}"[:400], "title": text, "text": text, "source": text, "published": text, "url": text} for n, text in enumerate(naughty)
    )
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    for number, text in enumerate(naughty):
        name = "".join(character for character in text if character not in "/\0")[:60]
        (folder / f"{number} {name}.txt").write_text(f"title: {text}\nauthor: {text}\n\n{text}\n\n{WORDS}", encoding="utf-8")
        mail = Message()
        mail["Received"], mail["Message-ID"] = "a", f"<{number}@example.org>"
        mail.set_payload(f"{text}\n{WORDS}".encode(), "utf-8")
        # a field as a program without care writes it
        head = f"Subject: {text}\nFrom: {text} <a@example.org>\nDate: {text}\n".encode()
        (folder / f"{number}.eml").write_bytes(head + mail.as_bytes())
    page = "".join(f"<h2>{escape(text)}</h2><p title='{text}'>{text} {WORDS}</p>" for text in naughty)
    (folder / "page.html").write_text(f"<html><head><title>{naughty[7]}</title></head><body><article>{page}</article></body></html>")
    items = list(read_articles(folder))
    report = archive.add(items)
    assert flaws(tmp_path / "index", lambda: None) == []
    titles = Counter(item.origin for item in items if isinstance(item, Article))
    # what is blank has neither a title nor a text
    assert titles[str(folder / "table.csv")] >= 0.97 * len(naughty)
    assert titles[str(folder / "rows.jsonl")] >= 0.97 * len(naughty)
    assert sum(origin.endswith(".txt") for origin in titles) >= 0.99 * len(naughty)
    assert len(report.added) == len(list(archive.articles()))
