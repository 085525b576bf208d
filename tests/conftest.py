import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import hypothesis
import numpy as np
import pytest

# the same examples every time, however long one takes; `--hypothesis-profile=search` looks for new ones
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile("steady")

# this process and every Python that a test starts: a socket that leaves the machine is an error
GUARD = Path(__file__).parent / "guard"
os.environ["PYTHONPATH"] = os.pathsep.join([str(GUARD), str(GUARD.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
sys.path.insert(0, str(GUARD))
sys.modules.pop("sitecustomize", None)
import sitecustomize  # noqa: E402, F401

# What is written there waits for no disk, and SQLite would at every commit: the tests' folders are in memory where that has room, and
# where what they hold can be run. Each goes when its test has passed (`tmp_path_retention_policy`).
MEMORY = Path("/dev/shm")
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 1024**3 and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# the commands that tests start keep what Python compiled of the package, which takes a third of a short one's time
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# tests that import it themselves send nothing either; what the program does about it is tested without this
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# a shell's background jobs ignore Ctrl-C, and so would what they start
signal.signal(signal.SIGINT, signal.default_int_handler)

from rag import Archive, Settings, article, read_articles  # noqa: E402
from rag.encoder import sentence_encoder  # noqa: E402
from rag.reader import span_reader  # noqa: E402
from rag.store import LocalStore  # noqa: E402
from rag.types import NOTHING_TOLD, Fact, Facts, Provenance  # noqa: E402
from tests.fakes import CommonWords, HashingEncoder  # noqa: E402
from tests.store.databases import binaries, postgresql  # noqa: E402
from tests.store.engines import milvus_lite  # noqa: E402

ROOT = GUARD.parents[1]
LONGEST = [
    "test_connections.py",
    "test_page.py",
    "test_consoles.py",
    "test_crash.py",
    "test_hostile.py",
    "test_consumer.py",
    "test_bad_documents.py",
    "test_ending.py",
    "test_faults.py",
    "test_doors.py",
    "test_encoder.py",
    "test_upkeep.py",
]
SHARED = ROOT.parent / "shared" / "data"
# the same engine without a browser's windows takes half of the processor's time for a page
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def encoder():
    """The real model."""
    return sentence_encoder(Settings())


@pytest.fixture(scope="session")
def spans():
    """The real span reader."""
    return span_reader(Settings())


@pytest.fixture
def hashing():
    return HashingEncoder()


@pytest.fixture
def store(tmp_path):
    with_settings = LocalStore(tmp_path / "index", Settings())
    yield with_settings
    with_settings.close()


@pytest.fixture
def archive(tmp_path, hashing):
    """An empty archive without models."""
    with Archive.open(tmp_path / "index", Settings(), hashing, CommonWords()) as opened:
        yield opened


@pytest.fixture
def make():
    """Makes an article of an id and a text; `about` is its guessed day."""

    def made(id, text, about=None, **facts):
        told = Facts(published=Fact(about, Provenance.GUESSED)) if about else NOTHING_TOLD
        return replace(article(id, facts.pop("title", f"Title of {id}"), text, **facts), facts=told)

    return made


@pytest.fixture
def unsure(archive, make):
    """An archive of three articles, whose days are told, guessed and unknown."""
    archive.add(
        [
            make("told", "The bridge opened in 1932.", published=date(2020, 1, 1)),
            make("guessed", "The bridge opened twice.", about="2020-02-02"),
            make("undated", "The bridge opened sometime."),
        ]
    )
    return archive


@pytest.fixture(scope="session")
def seeds(tmp_path_factory, encoder, spans):
    """The seeds, added with the real models."""
    with Archive.open(tmp_path_factory.mktemp("seeds") / "index", Settings(), encoder, spans) as opened:
        opened.add(read_articles(ROOT / "seeds"))
        yield opened


@pytest.fixture(scope="session")
def shared():
    """The folder of other people's data, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not here: its texts are other people's and do not ship")
    return SHARED


_OPENED_BY_ANOTHER = """
import os, sys
os.setgroups([]), os.setgid(65534), os.setuid(65534)
for path in sys.argv[1:]:
    open(path).close()
"""


@pytest.fixture(scope="session")
def another_user():
    """What needs another user is skipped where a process cannot become one, or that one may not read modules of this checkout and its libraries."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    modules = [__file__, np.__file__]
    if subprocess.run([sys.executable, "-c", _OPENED_BY_ANOTHER, *modules], capture_output=True, check=False).returncode:
        pytest.skip(f"another user may not read this checkout and its libraries ({', '.join(modules)})")


@pytest.fixture(scope="session")
def postgresql_url():
    """A PostgreSQL server for all tests of a process: each gives its tables names of their own. What needs it is skipped where there is none."""
    if binaries() is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    # not below a test's folder, which only its own user may enter
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with tempfile.TemporaryDirectory(prefix="pullquote-postgresql-", dir=root) as folder, postgresql(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def milvus(tmp_path_factory):
    """The address of an engine that answers as Milvus does, for all tests of a process: each gives its collections names of their own."""
    with milvus_lite(tmp_path_factory.mktemp("milvus")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """Where the browser is; what needs it is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (Debian: apt-get install chromium)")
    return CHROMIUM


@pytest.fixture(scope="module")
def browser(chromium):
    """One for a file of tests: while Playwright runs in a process, nothing else there can run an event loop of its own."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - few tests open pages

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


def pytest_collection_modifyitems(items):
    """The files that take longest come first, so that two workers end at about the same time."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
