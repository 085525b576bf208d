"""An archive that belongs to another user works, or each act is an error that names the file, the reason and the way out."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Archive, Settings, article
from rag.store import backup
from tests.conftest import ROOT
from tests.fakes import HashingEncoder
from tests.other_user import NOBODY

READING = ("search", "list", "status", "export", "check", "backup")
WRITING = ("add", "note", "judge", "remove", "repair", "restore")
ASK = "ask whoever it belongs to for permission"


def may_be_read(folder):
    folder.chmod(0o555)


def may_be_read_without_caches(folder):
    shutil.rmtree(folder / "cache")
    folder.chmod(0o555)


def file_may_not_be_read(folder):
    folder.chmod(0o777)
    (folder / "archive.sqlite").chmod(0o600)


def may_not_be_entered(folder):
    folder.chmod(0o700)


def caches_are_another_s(folder):
    folder.chmod(0o777)
    for name in ("archive.sqlite", "write.lock", "cache.lock"):
        (folder / name).chmod(0o666)


def caches_and_locks_are_closed(folder):
    folder.chmod(0o777)
    (folder / "archive.sqlite").chmod(0o666)
    (folder / "cache").chmod(0o700)
    for name in ("write.lock", "cache.lock"):
        (folder / name).chmod(0o600)


STATES = (
    may_be_read,
    may_be_read_without_caches,
    file_may_not_be_read,
    may_not_be_entered,
    caches_are_another_s,
    caches_and_locks_are_closed,
)


@pytest.fixture(scope="module")
def found(tmp_path_factory, another_user):
    """What each act gave to another user, by the state of the archive."""
    top = tmp_path_factory.mktemp("archives")
    for place in (top, *top.parents):
        if place.stat().st_uid == os.getuid() and place not in (Path("/"), Path("/tmp")):
            place.chmod(place.stat().st_mode | 0o055)
    with Archive.open(top / "whole", Settings(), HashingEncoder()) as archive:
        archive.add([_made(n) for n in range(4)])
    (top / "own").mkdir()
    backup(top / "whole", top / "own" / "copy", int)
    os.chown(top / "own", NOBODY, NOBODY)
    for state in STATES:
        shutil.copytree(top / "whole", top / state.__name__)
        state(top / state.__name__)
    command = [sys.executable, "-m", "tests.other_user", str(top / "own"), *(str(top / state.__name__) for state in STATES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return {state: json.loads(line.replace(str(top / state.__name__), "F")) for state, line in zip(STATES, done.stdout.splitlines(), strict=True)}


def _made(n):
    return article(f"a{n}", f"Title {n}", f"The bridge number {n} opened. " * 30)


@pytest.mark.parametrize("state", [may_be_read, may_be_read_without_caches])
def test_what_may_only_be_read_is_read_and_not_changed(found, state):
    assert [found[state][act] for act in READING] == [4, 4, 4, 4, [], None]
    told = {act: found[state][act] for act in WRITING}
    assert told == dict.fromkeys(WRITING, f"ReadOnly: F cannot be changed: this user may not write to it; {ASK}")


@pytest.mark.parametrize(("state", "named"), [(file_may_not_be_read, "F/archive.sqlite"), (may_not_be_entered, "F")])
def test_what_may_not_be_read_is_told(found, state, named):
    told = {act: found[state][act] for act in (*READING, *WRITING)}
    assert told == dict.fromkeys(told, f"ArchiveError: {named} cannot be read: permission denied; {ASK}")


def test_caches_that_are_another_s_are_made_in_memory(found):
    state = found[caches_are_another_s]
    assert [state[act] for act in (*READING, *WRITING)] == [4, 4, 4, 4, [], None, ["new"], "mine", None, ["a2"], 4, "done"]


def test_locks_that_are_another_s_are_named(found):
    state = found[caches_and_locks_are_closed]
    assert [state[act] for act in ("list", "export", "check", "backup", "note")] == [4, 4, [], None, "mine"]
    for act, lock in (("search", "cache"), ("judge", "cache"), ("add", "write"), ("remove", "write"), ("repair", "write"), ("restore", "write")):
        assert state[act].startswith(f"ArchiveError: F/{lock}.lock cannot be written to: Permission denied; make it writable")
