"""Documents read in processes of their own: what a file does to its reader hurts nobody, and what lies in others is read too."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rag import Settings, read_articles
from rag.corpus.draft import Address, Draft
from rag.corpus.readers import Readers
from rag.corpus.wire import Request, frame, payload, received, sent
from rag.errors import InputError
from rag.types import Article, Box, Fact, Facts, Kind, Part, Provenance, Refusal, Span
from tests.corpus.samples import PAGE, SAMPLES, record, zipped

MAIL = b"Received: x\nMessage-ID: <1@example.org>\nSubject: The lock\nContent-Type: text/plain\n\nIt opened.\n"
DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="module")
def readers():
    with Readers(Settings()) as made:
        yield made


def test_documents_within_documents_are_read_each_by_its_reader(readers):
    inner = zipped(page_html=PAGE, note_txt="title: A note\n\nIt opened.")
    found = list(readers.read(zipped(a__inner_zip=inner, b_eml=MAIL, c_png=b"\x89PNG"), "news.zip"))
    assert [(item.part, item.text[-10:]) for item in found if isinstance(item, Draft)] == [
        ("a/inner.zip/note.txt", "It opened."),
        ("a/inner.zip/page.html", "'s office."),
        ("b.eml", "It opened."),
    ]
    assert [item.origin for item in found if isinstance(item, Refusal)] == ["c.png"]


@pytest.mark.parametrize(
    ("head", "url"), [(b"<head>", "https://example.org/lock"), (b'<head><link rel="canonical" href="https://e.org/a">', "https://e.org/a")]
)
def test_what_a_document_tells_goes_before_what_is_told_of_it(readers, head, url):
    (found,) = readers.read(record(PAGE.replace(b"<head>", head)), "news.warc")
    assert found.facts.url.value == url


def test_documents_are_not_read_at_any_depth(readers):
    data = b"It opened."
    for _ in range(6):
        data = zipped(a_zip=data) if data != b"It opened." else zipped(a_txt=data)
    (found,) = readers.read(data, "a.zip")
    assert "documents within each other" in found.reason


def test_a_file_gives_the_same_articles_whatever_it_is_called(tmp_path):
    for own, data in SAMPLES.items():
        for number, suffix in enumerate((own, ".TXT", ".html", ".Pdf", ".csv", ".xyz", "")):
            folder = tmp_path / own.strip(".") / str(number)
            folder.mkdir(parents=True)
            (folder / f"news{suffix}").write_bytes(data)
    read = defaultdict(list)
    for item in read_articles(tmp_path):
        read[Path(item.origin).parent.relative_to(tmp_path).parts].append(replace(item, id="", origin=""))
    for own in SAMPLES:
        first, *others = (read[own.strip("."), str(number)] for number in range(7))
        assert others == [first] * 6, own
        assert first, own
        assert all(isinstance(item, Article) for item in first), own
        if own in (".docx", ".odt", ".epub", ".rtf", ".pdf"):
            assert first[0].published is None, "when a file was made is not when its article was published"


@pytest.mark.parametrize(
    "folder", ["formats/docx", "formats/epub", "formats/odt", "formats/rtf", "formats/pdf", "formats/html", "formats/warc", "pdf"]
)
def test_real_files_are_read_the_same_whatever_they_are_called(readers, folder):
    if not (DATA / folder).is_dir():
        pytest.skip("the shared data are not here")
    for file in sorted((DATA / folder).iterdir())[:4]:
        data = file.read_bytes()
        if file.name == "LICENSE":
            continue
        read = [list(readers.read(data, f"name{suffix}")) for suffix in (file.suffix, ".txt", ".csv", "")]
        assert all(one == read[0] for one in read), file


BOUND = "from rag.corpus.reading_process import _load, _bound; _load(); import mmap, socket, os, sys; _bound();"


@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/hostname')",
        "open(sys.argv[1], 'w')",
        "socket.socket()",
        "os.pipe()",
        "__import__('subprocess').run(['true'])",
        "bytearray(600_000_000)",
        "mmap.mmap(-1, 1_100_000_000)",
    ],
)
def test_a_process_that_reads_can_open_and_connect_to_nothing_and_take_no_more_memory(act, tmp_path):
    code = f"{BOUND}\ntry:\n    {act}\nexcept (OSError, MemoryError, ImportError) as error:\n    os.write(1, type(error).__name__.encode())"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], capture_output=True, check=False)
    assert done.stdout in (b"OSError", b"MemoryError"), done
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_takes_too_long_ends():
    code = "import rag.corpus.reading_process as reading; reading.PROCESSOR_SECONDS = 1; reading._bound()\nwhile True: pass"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=600).returncode in (-signal.SIGXCPU, -signal.SIGKILL)


# a stream of zeros that PDFium gives up its process over
@cache
def bomb():
    packer = zlib.compressobj(1)
    packed = zlib.compress(b"".join([packer.compress(b"0 " * 1_000_000) for _ in range(150)] + [packer.flush()]), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        stream,
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (number, made) for number, made in enumerate(objects, start=1))
    return body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def test_a_file_that_breaks_its_reader_is_refused_and_the_next_is_read(readers):
    (refused,) = readers.read(bomb(), "bomb.pdf")
    assert "save it anew" in refused.reason
    (found,) = readers.read(PAGE, "page.html")
    assert found.facts.title.value == "A lock opens"


def test_the_process_ends_with_whoever_uses_it():
    with Readers(Settings()) as made:
        list(made.read(MAIL, "a.eml"))
        running = made._process._running
        assert running.poll() is None
    assert running.poll() is not None


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system has no /proc")
def test_the_process_knows_nothing_of_what_the_program_was_started_with(monkeypatch):
    monkeypatch.setenv("PULLQUOTE_SECRET", "a word that nobody may know")
    with Readers(Settings()) as made:
        list(made.read(MAIL, "a.eml"))
        assert b"nobody may know" not in Path(f"/proc/{made._process._running.pid}/environ").read_bytes()


def test_a_process_that_waits_for_what_never_comes_is_ended_and_the_next_reads(monkeypatch):
    with Readers(Settings()) as made:
        list(made.read(MAIL, "a.eml"))
        os.kill(made._process._running.pid, signal.SIGSTOP)
        with monkeypatch.context() as patch:
            patch.setattr("rag.corpus.readers._WALL_SECONDS", 1.0)
            (refused,) = made.read(MAIL, "a.eml")
        assert "took more than 1 seconds" in refused.reason
        (found,) = made.read(MAIL, "a.eml")
        assert found.text == "It opened."


def test_a_process_that_its_user_left_ends_by_itself():
    code = "import sys, os\nfrom rag import Settings\nfrom rag.corpus.readers import Readers\n"
    code += "made = Readers(Settings())\nlist(made.read(sys.stdin.buffer.read(), 'a.eml'))\n"
    code += "print(made._process._running.pid, flush=True)\nos._exit(0)"
    pid = int(subprocess.run([sys.executable, "-c", code], input=MAIL, capture_output=True, check=True).stdout)
    for _ in range(1_200):
        if not Path(f"/proc/{pid}").exists() or "zombie" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("it is still there")


DRAFT = Draft(
    "Opened. Closed.",
    (Part(Span(0, 7), Kind.HEADING, "/html/h1"), Part(Span(8, 15), Kind.BODY, "page 2", Box(2, 1.0, 2.5, 3.0, 4.0))),
    Facts(title=Fact("A lock", Provenance.JSON_LD)),
    "row 3",
    ("a warning",),
)


@pytest.mark.parametrize("item", [DRAFT, Refusal("a.png", "an image"), Address("https://example.org/")])
def test_what_goes_between_processes_arrives_as_it_was(item):
    stream = io.BytesIO(frame(sent(item)))
    assert received(payload(stream.read)) == item
    assert payload(stream.read) is None


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"\xff",
        b'{"draft": {}}',
        sent(DRAFT).replace(b"Opened.", b"Opene\\r."),
        sent(DRAFT).replace(b"json-ld", b"nobody"),
        sent(DRAFT).replace(b"heading", b"shouting"),
        b"[" * 100_000,
    ],
)
def test_what_no_reader_can_have_sent_is_refused(data):
    with pytest.raises(InputError, match="its reader gave"):
        received(data)


def test_a_request_is_what_its_process_reads():
    request = Request("csv_rows", "a.csv", {"title": "Headline"})
    assert Request(**json.loads(request.sent())) == request


def test_a_process_whose_program_was_killed_ends_without_a_word():
    command = [sys.executable, "-c", "from rag.corpus.reading_process import main; main()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        process.stdin.write(frame(Request("html", "a.html", {}).sent()) + frame(PAGE))
        process.stdin.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)
