"""An archive with something of each kind, and places to copy it to."""

import hashlib
import shutil
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag import Settings, article
from rag.feedback import Feedback, Shown, Verdict
from rag.store import LocalStore, open_store
from rag.types import Box, Document, Fact, Facts, Filters, Kept, Kind, Original, Outcome, Part, Provenance, Refusal, Span
from tests.store.contract import ENCODER, entry, note
from tests.store.engines import new_address


@pytest.fixture
def opened(tmp_path):
    """Opens the store in a folder of that name."""
    with ExitStack() as stack:

        def opened(name, **how):
            store = LocalStore(tmp_path / name, Settings(), **how)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """The folder of the archive that each test has for itself."""
    folder = tmp_path_factory.mktemp("filled") / "source"
    with closing(LocalStore(folder, Settings())) as store:
        fill(store)
    return folder


@pytest.fixture
def source(opened, filled, tmp_path):
    shutil.copytree(filled, tmp_path / "source")
    return opened("source")


@pytest.fixture
def destination(opened):
    return opened("destination")


@pytest.fixture(params=["folder", "sqlite", "postgresql"])
def anywhere(request, tmp_path):
    """A destination of each kind."""
    if request.param == "folder":
        yield request.getfixturevalue("destination")
        return
    text = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'text.sqlite'}"
    with closing(open_store(new_address(request.getfixturevalue("milvus"), text), Settings())) as store:
        yield store


def original(data):
    return Original(hashlib.sha256(data).hexdigest(), "text", 1, data)


def made(id, text, **facts):
    return article(id, facts.pop("title", f"Title of {id}"), text, **facts)


def arrive(writer, article, moment, *spans):
    writer.put([replace(entry(article, *spans), arrived=moment)], ENCODER.identity)


def fill(store):
    """Ten articles, of which two were replaced, one twice, and one came back; notes, answers and verdicts, of which one each is of what is gone."""
    with store.writing() as writer:
        _report(writer)
    _write(store)


def _report(writer):
    for n in range(10):
        id = f"a{9 - n}"
        one = made(id, f"The bridge number {n} opened. Ferry {n * 7} sank.", source="S" if n % 2 else None, origin=f"/news/{id}.txt")
        arrive(writer, one, datetime(2026, 11, n + 1, tzinfo=UTC) if n else None, Span(0, 20), Span(15, len(one.text)))
    documented = replace(
        made("a1", "The tunnel closed.", published=date(2020, 1, 2), author="W", url="https://e.org/", origin="/news/a1.txt"),
        updated=date(2020, 1, 3),
        language="en",
        facts=Facts(language=Fact("en", Provenance.META), published=Fact("2020-01-02", Provenance.JSON_LD)),
        parts=(Part(Span(0, 10), Kind.CAPTION, "page 1", Box(1, 0.5, 0, 9, 9)), Part(Span(11, 18), Kind.BODY)),
        original=original(b"The tunnel."),
    )
    arrive(writer, documented, datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    arrive(writer, made("a2", "The road ended."), datetime(2026, 11, 21, tzinfo=UTC))
    corrected = replace(made("a1", "The canal froze.", origin="/news/a1.txt"), original=original(b"The canal."))
    arrive(writer, corrected, datetime(2026, 11, 22, tzinfo=UTC))
    arrive(writer, made("a2", "The bridge number 7 opened. Ferry 49 sank."), datetime(2026, 11, 23, tzinfo=UTC))
    writer.put([entry(replace(made(f"b{n}", f"Row {n} of a table."), original=original(b"A table."))) for n in range(2)], ENCODER.identity)
    writer.keep([Kept(Document("/news/a5.txt", "5" * 64, 3), ("a5",), (Refusal("/news/a5.txt#2", "no text"),))])
    writer.keep([Kept(Document("/news/none.txt", "6" * 64, 3), (), (Refusal("/news/none.txt", "empty"),))])


def _write(store):
    read, moment = store.article("a5"), datetime(2026, 11, 24, tzinfo=UTC)
    store.remove_note(store.add_note(note(read, "removed")).number)
    root = store.add_note(replace(note(read, "Which?"), author="Ada"))
    store.answer_note(root.number, "The old one.", "Grace", moment)
    store.add_note(note(made("gone", "Gone since."), "of what is gone"))
    last = store.add_note(note(read, "removed too"))
    store.remove_note(last.number)
    shown = Shown("a5", read.sha256, Span(4, 10), "bridge")
    for verdict, outcome in ((Verdict.RIGHT, Outcome.ANSWERED), (Verdict.MISSING, Outcome.NOTHING_FOUND)):
        filters = Filters(date(2000, 1, 1), None, ("S",), guessed=True, having=("bridge",))
        store.add_feedback(Feedback("What?", filters, outcome, (shown,), (), verdict, None, "\u2028 yes", moment))
