"""Adding with workers on a Ray cluster, a real one on this machine's loopback: the archive and the report are those of adding without."""

import gc
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from rag import Archive, Settings
from rag.adding import batch
from rag.adding.encoding import Encoding
from rag.corpus import files, read_documents
from rag.corpus.ahead import Most, ahead
from rag.errors import InputError, MissingExtra, WorkersError
from rag.workers import Workers, cluster
from tests.fakes import CommonWords, HashingEncoder

WAIT = 120
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p><p>{2}</p></article></body></html>"


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@pytest.fixture(scope="module")
def head():
    """The address of a cluster of two processors, and the process that keeps it."""
    # Ray reads it when it loads
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(), "RAY_USAGE_STATS_ENABLED": "0"}
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    # paths of Unix sockets below it may have some 100 characters
    folder, port = tempfile.mkdtemp(prefix="pq-", dir="/tmp"), free_port()
    command = [Path(sys.executable).parent / "ray", "start", "--head", "--block", "--num-cpus=2", "--port=0", f"--ray-client-server-port={port}"]
    command += ["--node-ip-address=127.0.0.1", "--include-dashboard=false", f"--temp-dir={folder}", f"--object-store-memory={100 * 1024**2}"]
    # one machine's cluster keeps to loopback
    environment = {**os.environ, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_CLIENT_RECONNECT_GRACE_PERIOD": "1"}
    told = Path(folder, "told")
    with told.open("w") as out:
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        until = time.monotonic() + WAIT
        while running.poll() is None and time.monotonic() < until and not ("Ray runtime started" in told.read_text() and answers(port)):
            time.sleep(0.2)
        yield f"ray://127.0.0.1:{port}", running
    finally:
        running.terminate()
        running.wait(WAIT)
        shutil.rmtree(folder, ignore_errors=True)


def answers(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def workers(head):
    with connected(head[0]) as made:
        yield made


def connected(address, tries=3):
    """On a busy machine a client's server may not be there within the half minute that Ray gives it."""
    try:
        return Workers(address, Settings())
    except WorkersError:
        if tries == 1:
            raise
        return connected(address, tries - 1)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Several batches and bundles are under way."""
    monkeypatch.setattr(batch, "_PASSAGES", 6)
    monkeypatch.setattr("rag.corpus.jsonl._BUNDLE_LINES", 3)


class Mute(HashingEncoder):
    """Says that it is the model, and is never asked to encode."""

    def __init__(self, encoder):
        self.identity = encoder.identity

    def encode(self, texts):
        raise AssertionError("it was encoded here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files of many kinds, some of which are refused, have several articles, or the text of others."""
    path = tmp_path_factory.mktemp("files") / "news"
    path.mkdir()
    for n in range(26):
        (path / f"a{n:02}.txt").write_text(
            f"Bridge {n}\n\nThe bridge {n} opened in {1900 + n}. " + f"A ferry crossed there until {1899 + n}. " * (n % 5) * 8
        )
        (path / f"b{n:02}.html").write_text(PAGE.format(f"Lock {n}", f"The lock {n} closed in {1950 + n}, its keeper said.", "It is rusty. " * 30))
    (path / "c.md").write_text("---\ntitle: A mill\n---\n\n# A mill\n\nThe mill *turned* in 1812.\n")
    (path / "copy.txt").write_text((path / "a03.txt").read_text())
    (path / "d.csv").write_text("title,text\n" + "".join(f"Row {n},The well {n} was dug in {1700 + n}.\n" for n in range(5)))
    rows = [f'{{"title": "Row {n % 9}", "text": "The road {n % 11} was built in {1800 + n}."}}' for n in range(20)]
    (path / "e.jsonl").write_text("\n".join([*rows[:7], "no row", "", *rows[7:], '{"title": "Row 1"}', rows[3]]) + "\n")
    (path / "f.jsonl").write_bytes('{"title": "Wide", "text": "Of two bytes each."}\n{"title": "Cut'.encode("utf-16")[:-1])
    (path / "g.eml").write_text("From: Desk <desk@example.org>\nSubject: A ferry\nDate: Fri, 27 Nov 2020 10:00:00 +0000\n\nThe ferry sank.\n")
    (path / "h.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (path / "i.txt").write_text("")
    (path / ".hidden").write_text("hidden")
    with zipfile.ZipFile(path / "j.zip", "w") as packed:
        packed.writestr("one.html", PAGE.format("A dam", "The dam broke in 1889.", "Many fled."))
        packed.writestr("two.txt", "A tower\n\nThe tower fell in 1902.")
        packed.writestr("bad.pdf", b"%PDF-1.7 and then nothing")
    return path


@pytest.fixture
def archive(tmp_path, encoder):
    """Empty, for workers to add to."""
    with Archive.open(tmp_path / "index", Settings(), Mute(encoder), CommonWords()) as opened:
        yield opened


@pytest.fixture(scope="module")
def alone(tmp_path_factory, encoder, folder):
    """The archive that this process makes of the folder, and the report."""
    with Archive.open(tmp_path_factory.mktemp("alone") / "index", Settings(), encoder, CommonWords()) as opened:
        yield opened, added(opened, folder)


def added(archive, folder, workers=None, **choices):
    items = read_documents(folder, known=archive.kept, workers=workers)
    return archive.add(items, workers=workers, **choices)


def stored(archive):
    """All that is stored of each article, but when."""
    entries = [archive._store.entry(article.id) for article in archive.articles()]
    return [(asdict(entry.article), entry.spans, entry.vectors.tobytes(), archive.original(entry.article.id)) for entry in entries]


def known(archive, folder):
    return [archive.kept(str(path)) for path in sorted(folder.iterdir())]


def same(one, other, folder):
    assert stored(one) == stored(other)
    assert known(one, folder) == known(other, folder)
    assert [edition.article for edition in one.editions()] == [edition.article for edition in other.editions()]


class Processes:
    """Two processes in the cluster's place, where none is to be started: what they are given and give passes from one to the other as well."""

    processors = 2

    def __init__(self, address):
        self._pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))

    def submit(self, what, act, *arguments):
        return self._pool.submit(act, *arguments)

    def close(self):
        self._pool.shutdown()


@pytest.fixture(params=["processes", pytest.param("cluster", marks=pytest.mark.cluster)])
def either(request, monkeypatch):
    if request.param == "cluster":
        yield request.getfixturevalue("workers")
        return
    monkeypatch.setattr("rag.workers.workers.Cluster", Processes)
    with Workers("two processes", Settings()) as made:
        yield made


def test_workers_add_what_is_added_without_them_with_the_same_report(archive, alone, folder, either, monkeypatch):
    (other, report), workers = alone, either
    told, places = [], []
    with monkeypatch.context() as patch:
        patch.setattr(files, "read_whole", None)
        patch.setattr("rag.adding.addition.passages", None)
        items = read_documents(folder, known=archive.kept, workers=workers, progress=places.append)
        assert archive.add(items, workers=workers, progress=lambda fate, id: told.append(id)) == report
    assert len(report.added) > 80
    assert {Path(one.origin.split(":")[0]).name for one in report.refused} == {"e.jsonl", "f.jsonl", "h.pdf", "i.txt", "j.zip"}
    assert [id for id in told if id in report.added] == list(report.added)
    assert [one.number for one in places] == sorted(one.number for one in places)
    same(archive, other, folder)


def test_workers_keep_in_step_as_is_done_without_them(tmp_path, archive, encoder, either):
    workers, path = either, tmp_path / "changing"
    path.mkdir()
    with Archive.open(tmp_path / "without", Settings(), encoder, CommonWords()) as other:

        def report():
            one, its = (added(into, path, with_, prune=[path]) for into, with_ in ((archive, workers), (other, None)))
            assert one == its
            same(archive, other, path)
            return one

        for n in range(8):
            (path / f"a{n}.txt").write_text(f"Bridge {n}\n\nThe bridge {n} opened in {1900 + n}.")
        rows = [f'{{"title": "Row {n}", "text": "The road {n} was built in {1800 + n}."}}\n' for n in range(9)]
        (path / "b.jsonl").write_text("".join(rows))
        assert len(report().added) == 17
        again = report()
        assert (len(again.unchanged), again.files.unchanged) == (17, 9)
        (path / "a2.txt").write_text("Bridge 2\n\nIt was never built.")
        (path / "a3.txt").unlink()
        (path / "a4.txt").write_bytes(b"\0 now unreadable")
        (path / "b.jsonl").write_text("".join(rows[:4] + rows[6:]).replace("1808", "1809"))
        changed = report()
        assert (len(changed.replaced), len(changed.removed), len(changed.refused)) == (2, 3, 1)


def at_work(running):
    """The processes of the cluster that are doing something for us."""
    import psutil  # noqa: PLC0415 - it comes with Ray

    for process in psutil.Process(running.pid).children(recursive=True):
        try:
            if process.cmdline()[:1] == ["ray::perform"]:
                yield process
        except psutil.Error:
            continue


@pytest.mark.cluster
def test_what_a_killed_worker_had_is_done_again_and_nothing_twice(archive, alone, folder, workers, head):
    other, report = alone
    killed = []

    def kill():
        until = time.monotonic() + WAIT
        while not killed and time.monotonic() < until:
            for process in at_work(head[1]):
                process.send_signal(signal.SIGKILL)
                killed.append(process.pid)
                return

    killing = threading.Thread(target=kill)

    def progress(fate, id):
        # the first is on disk, and more is under way
        if killing.ident is None:
            killing.start()

    assert added(archive, folder, workers, progress=progress) == report
    killing.join()
    assert len(killed) == 1
    same(archive, other, folder)


@pytest.mark.cluster
def test_a_worker_with_another_model_is_refused_by_name(tmp_path, folder, workers):
    with Archive.open(tmp_path / "other", Settings(), HashingEncoder(), CommonWords()) as archive:
        with pytest.raises(WorkersError, match=rf"the worker on {socket.gethostname()} \(process \d+\): its model is .*MiniLM.*, and .* by hashing"):
            added(archive, folder, workers)
        assert list(archive.articles()) == []


@pytest.mark.cluster
def test_a_worker_of_another_version_is_refused_by_name(folder, workers, archive, monkeypatch):
    monkeypatch.setattr(cluster, "version", lambda: "9.9 (readers 9)")
    with pytest.raises(WorkersError, match=r"the worker on .* has Pullquote .*, and this is 9\.9 \(readers 9\): install the same on all machines"):
        added(archive, folder, workers)


@pytest.mark.cluster
def test_ctrl_c_leaves_what_was_told_of_and_the_same_command_goes_on(archive, alone, folder, workers):
    (other, report), told = alone, []

    def progress(fate, id):
        told.append(id)
        if len(told) == 20:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        added(archive, folder, workers, progress=progress)
    there = {article.id for article in archive.articles()}
    assert there
    assert {id for id in told if id in report.added} <= there
    again = added(archive, folder, workers)
    assert (set(again.added) | there, set(again.added) & there) == (set(report.added), set())
    same(archive, other, folder)


@pytest.mark.cluster
def test_processes_of_this_machine_add_too(tmp_path):
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")} | {"HOME": str(tmp_path)}
    (tmp_path / "a.txt").write_text("A bridge\n\nThe bridge opened in 1932.")
    command = [sys.executable, "-m", "rag", "add", str(tmp_path / "a.txt"), "--index", str(tmp_path / "index"), "--workers", "local:1"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WAIT, check=False)
    assert "OFFLINE GUARD" not in done.stderr
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["1 added, 0 unchanged, 0 replaced, 0 removed, 0 refused"]), done
    # neither a token nor what Ray tells of its use
    assert not (tmp_path / ".ray").exists()


@pytest.mark.cluster
def test_a_cluster_that_goes_away_is_told_of_and_what_was_added_is_kept(archive, folder, workers, head):
    """The last one that needs the cluster."""
    told = []

    def progress(fate, id):
        told.append(id)
        if len(told) == 20:
            head[1].terminate()
            head[1].wait(WAIT)

    with pytest.raises(WorkersError, match=r"ray://.* is lost: .*; what was reported as done is kept"):
        added(archive, folder, workers, progress=progress)
    assert len(list(archive.articles())) >= 10


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"pip install '.\[ray\]'"):
        Workers("ray://127.0.0.1:10001")


def test_an_address_where_nobody_is_and_one_that_is_none_are_told_at_once(monkeypatch):
    with pytest.raises(InputError, match=r"'10.0.0.1' names no workers; write ray://HOST:PORT"):
        Workers("10.0.0.1")
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    # Ray itself would wait for half a minute
    monkeypatch.setattr(cluster.Cluster, "_connect", None)
    with pytest.raises(WorkersError, match="nobody answers there"):
        Workers(f"ray://127.0.0.1:{free_port()}")


def test_only_so_much_is_under_way_and_all_comes_in_its_order():
    begun, most = [], []

    def begin(one):
        begun.append(one)
        return -one, 10 * one

    for n, (one, made) in enumerate(ahead(range(40), begin, Most(4, 500))):
        assert (one, made) == (n, -n)
        under_way = begun[n + 1 :]
        most.append(len(under_way))
        assert sum(under_way[:-1]) * 10 <= 500
    assert (max(most), most[30]) == (4, 1)


def test_what_was_begun_before_an_error_comes_first():
    def ones():
        yield from (1, 2)
        raise OSError("the disk went away")

    found = []
    with pytest.raises(OSError, match="went away"):
        found.extend(one for one, _ in ahead(ones(), lambda one: (None, 1), Most(9, 99)))
    got = ahead(ones(), lambda one: (None, 1), Most(9, 99))
    assert [next(got)[0], next(got)[0]] == [1, 2]


class Done:
    """A batch's vectors, at once."""

    def __init__(self, count):
        self.count = count

    def done(self):
        return True

    def result(self):
        return np.zeros((self.count, 4), dtype=np.float32)


class AtOnce:
    batches = 4

    def encode(self, texts, identity):
        return Done(len(texts))


class Texts:
    """A batch of these texts."""

    bytes = 1

    def __init__(self, *texts):
        self.texts = lambda: texts

    def before(self):
        return {}


def test_batches_that_share_a_text_with_the_next_are_let_go_of(encoder):
    under_way = []
    with Encoding(encoder, AtOnce()) as encoding:
        for n in range(60):
            made = Texts(f"own {n}", f"shared {n}", f"shared {n - 1}")
            under_way.append(weakref.ref(made))
            encoding.begin(made)
            del made
        gc.collect()
        # the four under way, and the one before them that the first of them shares a text with
        assert sum(one() is not None for one in under_way) <= 5
