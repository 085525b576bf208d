"""Servers over an archive that they share, on a real engine and a real database: what each keeps on its machine, and what it says without them."""

import json
import uuid
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from rag import Archive, Settings, article
from rag.serving.people import add_person
from tests.fakes import CommonWords, HashingEncoder
from tests.test_proxy import call, until
from tests.web.conftest import HASHING, free_port, served

SECRET = "open-sesame"


@pytest.fixture
def place(milvus, postgresql_url):
    """The address of an archive of one article, with a password in it that its database does not ask for."""
    host = urlsplit(postgresql_url).netloc.rpartition("@")[2]
    address = f"milvus+{milvus}/t{uuid.uuid4().hex[:12]}?text=postgresql://postgres:{SECRET}@{host}/postgres"
    with Archive.open(address, Settings(), HashingEncoder(), CommonWords(), read_only=False, state="") as archive:
        archive.add([article("a", "Bridge", "The bridge was opened in 1932.")])
    return address


def test_two_servers_answer_from_one_archive_and_each_keeps_its_own_beside_it(place, tmp_path):
    add_person(tmp_path / "people", "maria", "four words of mine")
    with ExitStack() as running:
        servers = []
        for name in ("one", "two"):
            options = ("--api", "--rate", "0", "--state", str(tmp_path / name))
            servers.append(running.enter_context(served(place, tmp_path / f"{name}.log", *options, program=HASHING)))
        for server in servers:
            until(lambda server=server: call(server, "/readyz")[0] == 200)
            status, _, body = call(server, "/v1/search?query=bridge")
            assert (status, json.loads(body)[0]["article"]["id"]) == (200, "a")
    folders = [list((tmp_path / name).iterdir()) for name in ("one", "two")]
    assert [len(found) for found in folders] == [1, 1]
    assert folders[0][0].name == folders[1][0].name
    assert all((found / "desks.sqlite3").exists() for (found,) in folders)
    assert SECRET not in "".join((tmp_path / f"{name}.log").read_text() for name in ("one", "two"))


def test_a_server_whose_database_is_not_there_is_alive_and_says_no_password(milvus, tmp_path):
    address = f"milvus+{milvus}/nothing?text=postgresql://me:{SECRET}@127.0.0.1:{free_port()}/text"
    with served(address, tmp_path / "log", "--state", str(tmp_path), program=HASHING) as server:
        until(lambda: call(server, "/readyz")[0] == 503)
        status, _, words = call(server, "/readyz")
        assert (status, words.startswith(b"not ready: ")) == (503, True)
        assert call(server, "/livez")[0] == 200
        page = call(server, "/")[2]
    log = (tmp_path / "log").read_text()
    assert "cannot be used" in log
    assert SECRET not in log + page.decode() + words.decode()
