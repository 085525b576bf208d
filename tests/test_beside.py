"""An address in the place of a folder: where what stands beside a shared archive is kept, what has no use for one, and that no password is shown."""

import os
import stat
import subprocess
import sys

import pytest

from rag.cli import main
from rag.encoder import Exports
from rag.errors import InputError
from rag.store import folder_beside, made_beside
from tests.conftest import ROOT

SECRET = "open-sesame"
ADDRESS = f"milvus+http://root:{SECRET}@127.0.0.1:9/news?text=postgresql://me:{SECRET}@127.0.0.1:9/text"


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.delenv("PULLQUOTE_STATE", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_of_an_archive_in_a_folder_it_is_that_folder_whatever_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("PULLQUOTE_STATE", str(tmp_path / "elsewhere"))
    assert folder_beside(tmp_path / "index") == made_beside(tmp_path / "index") == tmp_path / "index"
    assert not (tmp_path / "index").exists()
    with pytest.raises(InputError, match="--state is for the address of a shared archive"):
        folder_beside("index", str(tmp_path))


def test_of_an_address_it_is_one_of_this_machine_that_no_password_changes(tmp_path, monkeypatch):
    plain = "milvus+http://127.0.0.1:9/news?text=postgresql://127.0.0.1/text"
    found = folder_beside(ADDRESS)
    assert found == folder_beside(plain)
    assert found.parent == tmp_path / "state" / "pullquote"
    assert found.name.startswith("news-")
    assert len({folder_beside(plain.replace(*change)) for change in (("news", "olds"), ("127.0.0.1:9/", "127.0.0.1:10/"), ("news", "news"))}) == 3
    monkeypatch.setenv("PULLQUOTE_STATE", str(tmp_path / "set"))
    assert folder_beside(ADDRESS) == tmp_path / "set" / found.name
    assert folder_beside(ADDRESS, str(tmp_path / "chosen")) == tmp_path / "chosen" / found.name
    monkeypatch.delenv("PULLQUOTE_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert folder_beside(ADDRESS).parent == tmp_path / "home" / ".local" / "state" / "pullquote"


def test_a_server_makes_it_for_its_owner_alone_or_says_what_to_name_instead(tmp_path):
    made = made_beside(ADDRESS, str(tmp_path / "deep" / "er"))
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be made: Not a directory; name another folder with --state or PULLQUOTE_STATE"):
        made_beside(ADDRESS, str(tmp_path / "file"))


def test_an_exported_model_is_kept_beside_an_address_too():
    assert Exports(folder_beside(ADDRESS), makes=True).can_keep()
    assert not Exports(folder_beside(ADDRESS)).can_keep()
    assert not Exports(folder_beside(ADDRESS), read_only=True, makes=True).can_keep()


def said(capsys, *arguments):
    status = main(list(map(str, arguments)))
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    return status, shown.out + shown.err


@pytest.mark.parametrize("command", [["repair"], ["backup", "copy"], ["restore", "copy"], ["status", "--check"]], ids=" ".join)
def test_a_command_for_folders_says_so_of_an_address_with_the_way_out(capsys, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, words = said(capsys, *command, "--index", ADDRESS)
    name = " ".join(command).removesuffix(" copy")
    assert (status, f"`{name}` is for an archive in a folder, and milvus+http://127.0.0.1:9/news is shared" in words) == (2, True)
    assert "docs/scale.md" in words
    assert "pullquote copy" in words
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [f"postgresql://me:{SECRET}@db/text", f"milvus://root:{SECRET}@host/news", f"milvus+http://root:{SECRET}@host"])
@pytest.mark.parametrize(
    "command", [["status"], ["ask", "Who?"], ["serve", "--port", "0"], ["backup", "copy"], ["add", __file__]], ids=lambda given: given[0]
)
def test_what_is_no_address_of_an_archive_is_refused_and_not_shown(capsys, command, place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, words = said(capsys, *command, "--index", place)
    assert (status, "milvus+http://" in words) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_what_convert_tells_to_type_next_has_no_password_in_it(capsys, tmp_path):
    (tmp_path / "table.csv").write_text("question,answers\nWhen did it open?,1932\n")
    status, words = said(capsys, "convert", "csv", tmp_path / "table.csv", tmp_path / "out", "--index", ADDRESS)
    assert (status, "gold.jsonl --index ADDRESS" in words) == (0, True)


def test_a_server_keeps_nothing_of_an_address_that_it_cannot_open(tmp_path):
    """Also not in the words with which a real program ends."""
    command = [sys.executable, "-m", "rag", "serve", "--port", "0", "--index", ADDRESS, "--state", str(tmp_path / "file" / "x")]
    (tmp_path / "file").touch()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False, env={**os.environ})
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be made: Not a directory; name another folder with --state" in done.stderr
    assert SECRET not in done.stderr
