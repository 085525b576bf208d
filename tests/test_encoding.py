"""What is encoded, how often and when: each text once, beside the reading of the next, and committed in order."""

import gc
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from rag import Archive, Settings
from rag.adding import Fate, batch, encoding
from rag.corpus import read_documents
from rag.errors import ArchiveMismatch, EncoderError
from rag.passages import passages
from rag.types import Article, Original
from tests.fakes import CommonWords, HashingEncoder

# of more passages than a batch has here
LONG = "The bridge opened in {0}, and the ferry that had crossed the water since {0} was sold. " * 120
WAIT = 60


@pytest.fixture(autouse=True)
def _batches(monkeypatch):
    monkeypatch.setattr(batch, "_PASSAGES", 8)


class Remembering(HashingEncoder):
    """Keeps what it was asked to encode, call for call."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def encode(self, texts):
        self.calls.append(list(texts))
        return super().encode(texts)

    @property
    def texts(self):
        return [text for call in self.calls for text in call]


@pytest.fixture
def remembering():
    return Remembering()


@pytest.fixture
def opened(tmp_path, remembering):
    with Archive.open(tmp_path / "index", Settings(), remembering, CommonWords()) as archive:
        yield archive


def stored(archive):
    """The bytes of all vectors, with the article and the place of each."""
    with closing(sqlite3.connect(archive._store._folder / "archive.sqlite")) as db:
        return db.execute("SELECT id, start, stop, vector FROM passages JOIN articles a ON article = a.n ORDER BY id, start").fetchall()


def encoded_one_by_one(archive, encoder):
    cut = [passage for article in archive.articles() for passage in passages(article, Settings())]
    return [
        (passage.article.id, passage.span.start, passage.span.end, encoder.encode([passage.indexed_text])[0].astype(np.float16).tobytes())
        for passage in cut
    ]


@pytest.fixture
def repeated(make):
    """Articles of several batches, of which one text comes again and again, under one title and under others."""
    made = []
    for n in range(8):
        made += [make(f"own{n}", LONG.format(1900 + n % 4)[: 9_000 - n]), make(f"note{n}", "The agency has offices.", title=f"Note {n % 2}")]
    return made


def test_a_text_that_comes_again_is_encoded_once_and_has_the_same_vectors(opened, remembering, repeated):
    opened.add(repeated)
    assert len(remembering.calls) > 2
    assert len(remembering.texts) == len(set(remembering.texts)) < len(stored(opened))
    assert stored(opened) == encoded_one_by_one(opened, HashingEncoder())


def test_vectors_of_the_model_are_those_of_each_text_by_itself_too(tmp_path, encoder, make):
    texts = ["The bridge opened in 1932. " * 40, "The ferry sank.", "The bridge opened in 1932. " * 40]
    with Archive.open(tmp_path / "index", Settings(), encoder, CommonWords()) as archive:
        archive.add([make(f"a{n}", text, title="A bridge") for n, text in enumerate(texts)])
        assert stored(archive) == encoded_one_by_one(archive, encoder)


def test_only_so_many_texts_are_remembered(opened, repeated, monkeypatch):
    monkeypatch.setattr(encoding, "_MOST", 3)
    opened.add(repeated)
    assert stored(opened) == encoded_one_by_one(opened, HashingEncoder())


def test_of_an_article_that_is_replaced_only_what_changed_is_encoded(opened, remembering, make):
    paragraphs = [f"In {1900 + n} the bridge {n} opened. " * 20 for n in range(12)]
    opened.add([make("a", "\n\n".join(paragraphs))])
    remembering.calls.clear()
    paragraphs[3] = "That was wrong. " * 20
    assert opened.add([make("a", "\n\n".join(paragraphs))]).replaced == ("a",)
    assert len(remembering.texts) <= 2 < len(stored(opened))
    assert stored(opened) == encoded_one_by_one(opened, HashingEncoder())


@pytest.mark.parametrize("damage", ["UPDATE passages SET vector = zeroblob(8)", "UPDATE passages SET start = start + 1", "DELETE FROM passages"])
def test_what_is_replaced_may_be_damaged(opened, make, damage):
    opened.add([make("a", LONG.format(1900)), make("b", "The ferry sank.")])
    with closing(sqlite3.connect(opened._store._folder / "archive.sqlite")) as db, db:
        db.execute(damage + " WHERE article = 1")
    assert opened.add([make("a", LONG.format(1900) + "It closed.")]).replaced == ("a",)
    assert stored(opened) == encoded_one_by_one(opened, HashingEncoder())


def test_an_article_of_another_model_is_not_mixed_with_this_one(opened, tmp_path, make):
    opened.add([make("a", LONG.format(1900))])
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder("other"), CommonWords()) as other, pytest.raises(ArchiveMismatch):
        other.add([make("a", LONG.format(1900) + "It closed.")])


class Held(HashingEncoder):
    """Each call waits until it is let go, and tells whether it was in time."""

    def __init__(self):
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()
        self.at_once = self.most_at_once = 0
        self.in_time = []

    def encode(self, texts):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        self.in_time.append(self.go.wait(WAIT))
        self.at_once -= 1
        return super().encode(texts)


@pytest.fixture
def held(tmp_path):
    made = Held()
    with Archive.open(tmp_path / "held", Settings(), made, CommonWords()) as archive:
        yield archive, made


def test_the_next_articles_are_read_while_one_batch_is_encoded_and_no_two_are_at_once(held, make):
    archive, encoder = held

    def items():
        yield make("a0", LONG.format(1900))
        encoder.begun.wait(WAIT)
        yield make("a1", "The ferry sank.")
        encoder.go.set()
        for n in range(2, 6):
            yield make(f"a{n}", LONG.format(1900 + n))

    report = archive.add(items())
    assert report.added == tuple(f"a{n}" for n in range(6))
    assert (all(encoder.in_time), encoder.most_at_once) == (True, 1)


def test_articles_are_acknowledged_in_their_order_when_they_are_on_disk(opened, repeated):
    told = []

    def progress(fate, id):
        told.append(id)
        assert (fate, opened.article(id) is not None) == (Fate.ADDED, True)

    opened.add(repeated, progress=progress)
    assert told == [article.id for article in repeated]


def test_how_many_passages_are_on_disk_is_told_and_that_only_the_caches_are_left(opened, repeated):
    told = []
    opened.add(repeated, stored=told.append)
    counts = [one.passages for one in told]
    assert counts == sorted(counts)
    assert counts[-2:] == [len(stored(opened))] * 2
    assert [one.is_all for one in told] == [False] * (len(told) - 1) + [True]


def test_a_document_is_known_as_read_when_its_articles_are_on_disk_and_not_before(opened, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(LONG.format(1900))

    def broken():
        yield from read_documents(path, known=opened.kept)
        raise OSError("the disk went away")

    known = []

    def progress(fate, id):
        known.append(opened.kept(str(path)))

    with pytest.raises(OSError, match="went away"):
        opened.add(broken(), progress=progress)
    assert opened.kept(str(path)) is None
    opened.add(read_documents(path, known=opened.kept), progress=progress)
    assert known in ([None], [None, None])
    assert opened.kept(str(path)).ids == (f"{tmp_path.name}/a.txt",)


class Failing(HashingEncoder):
    def encode(self, texts):
        if any("1901" in text for text in texts):
            raise EncoderError("the model is gone")
        return super().encode(texts)


def test_where_the_encoder_fails_what_was_encoded_before_is_kept_and_the_rest_can_be_added_again(tmp_path, make):
    made = [make(f"a{n}", LONG.format(1900 + n)) for n in range(3)]
    with Archive.open(tmp_path / "index", Settings(), Failing(), CommonWords()) as archive:
        with pytest.raises(EncoderError, match="the model is gone"):
            archive.add(made)
        assert [article.id for article in archive.articles()] == ["a0"]
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        report = archive.add(made)
        assert (report.unchanged, report.added) == (("a0",), ("a1", "a2"))


def test_ctrl_c_while_a_batch_is_encoded_leaves_nothing_half_done(held, make):
    archive, encoder = held

    def items():
        yield make("a0", LONG.format(1900))
        encoder.begun.wait(WAIT)
        threading.Timer(0.2, encoder.go.set).start()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.add(items())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("encoding")]
    assert list(archive.articles()) == []
    # the lock is free again
    assert archive.add([make("a0", LONG.format(1900))]).added == ("a0",)


def test_rows_that_were_interrupted_go_on_where_they_were(opened, remembering, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(f'{{"title": "Row {n}", "text": "{LONG.format(1900 + n)[:4_000]}"}}\n' for n in range(30)))
    told = []

    def progress(fate, id):
        told.append(id)
        if len(told) == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened.add(read_documents(rows, known=opened.kept), progress=progress)
    there = {article.id for article in opened.articles()}
    assert set(told) <= there
    assert len(there) < 30
    remembering.calls.clear()
    report = opened.add(read_documents(rows, known=opened.kept))
    assert (set(report.unchanged), len(report.added)) == (there, 30 - len(there))
    assert not {text.split("\n")[0] for text in remembering.texts} & {opened.article(id).title for id in there}
    assert opened.add(read_documents(rows, known=opened.kept)).files.unchanged == 1


def in_memory():
    return sum(isinstance(one, Article) for one in gc.get_objects())


def test_articles_that_are_on_disk_are_not_in_memory_any_more(opened, make):
    # those of other tests
    before, most = in_memory(), 0

    def items():
        nonlocal most
        for n in range(200):
            yield make(f"a{n}", f"Bridge {n} opened.")
            if n % 50 == 49:
                most = max(most, in_memory() - before)

    assert len(opened.add(items()).added) == 200
    # two batches, and some that pass
    assert most < 30


@pytest.mark.parametrize("between", [[], [LONG.format(1900), LONG.format(1901), LONG.format(1902)]])
def test_an_id_that_comes_again_with_another_text_is_refused_whether_the_first_is_on_disk_or_not(opened, make, between):
    first, other = make("a", "The bridge opened.", origin="one.jsonl"), make("a", "The bridge closed.", origin="two.jsonl")
    report = opened.add([first, *(make(f"b{n}", text) for n, text in enumerate(between)), first, other])
    assert [refusal.origin for refusal in report.refused] == ["two.jsonl"]
    assert "from one.jsonl" in report.refused[0].reason
    assert report.added[0] == "a"


def test_two_files_with_a_document_that_is_kept_as_it_was_read_before_are_both_unchanged(opened, make):
    read = replace(make("a", "The bridge opened.", origin="one.txt"), original=Original("0" * 64, "text", 1, b"x"))
    opened.add([read])
    now = [replace(make("a", "The bridge  opened.", origin=name), original=Original("0" * 64, "text", 2, b"x")) for name in ("one.txt", "two.txt")]
    report = opened.add(now)
    assert (report.unchanged, report.refused) == (("a",), ())
    assert opened.article("a").text == "The bridge opened."
