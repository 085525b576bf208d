"""A write that fails is told: nothing that was acknowledged is lost, nothing half made is left, and searching goes on."""

import os
import random
import shutil
import subprocess
import sys

import pytest

from benchmarks.resumed import make, rows
from rag import Archive, PullquoteError, Settings
from rag.corpus import read_documents
from tests.conftest import ROOT
from tests.fakes import HashingEncoder
from tests.faulty import Changes, made, wrong

# of some 550 writes every 23rd fails here, twice; `make soak` has each of them fail
EVERY = 23


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc to make what is preloaded")
    path = tmp_path_factory.mktemp("shim") / "faults.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", path, ROOT / "tests" / "faults.c", "-ldl"], check=True)
    return path


def test_a_fault_at_a_write_loses_nothing_that_was_acknowledged(shim, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faulty", os.path.relpath(tmp_path, ROOT), str(EVERY)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert ", 0 with something wrong" in done.stdout
    assert int(done.stdout.split(" faults")[0]) > 40


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    if os.getuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a disk of its own")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def resize(place, kilobytes):
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", place], check=True)


def test_a_disk_that_is_full_is_told_and_searching_goes_on(small_disk, caplog):
    with Archive.open(small_disk / "whole", Settings(), HashingEncoder()) as archive:
        archive.add([made(n) for n in range(4)])
    told = 0
    for free in (0, 8, 24, 60, 100, 160, 240, 400):
        folder = small_disk / f"{free}"
        shutil.copytree(small_disk / "whole", folder)
        resize(small_disk, shutil.disk_usage(small_disk).used // 1024 + free)
        changes = Changes(folder)
        changes.run()
        told += changes.told
        resize(small_disk, 65_536)
        assert wrong(changes) == [], free
        shutil.rmtree(folder)
    assert told > 5


def test_a_folder_that_a_full_disk_broke_off_is_added_in_the_end_as_on_any_disk(small_disk, tmp_path):
    make(tmp_path / "folder", 40, random.Random(1))

    def add(index):
        with Archive.open(index, Settings(), HashingEncoder()) as archive:
            archive.add(read_documents(tmp_path / "folder", known=archive.kept))

    add(tmp_path / "index")
    told = 0
    for free in (60, 160, 240):
        resize(small_disk, shutil.disk_usage(small_disk).used // 1024 + free)
        try:
            add(small_disk / f"{free}")
        except PullquoteError:
            told += 1
        resize(small_disk, 65_536)
        add(small_disk / f"{free}")
        assert rows(small_disk / f"{free}") == rows(tmp_path / "index"), free
    assert told > 1
