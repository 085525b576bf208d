"""Servers over an archive that they share, on a real engine and a real database: what each keeps on its machine, and what it says without them."""

import json
import re
import socket
import threading
import uuid
from contextlib import ExitStack, contextmanager, suppress
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


class Cable:
    """A way to a server, which can be cut: then what is on it is lost, and nothing new gets through."""

    def __init__(self, to):
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.cut = False
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._open += [near, far]
                # it may have been cut since
                if self.cut:
                    self.pull()
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            end.close()

    def pull(self):
        self.cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.pull()
        self._listening.close()


@contextmanager
def cable(address, which):
    """The same address, one of whose parts is reached by a cable; and that."""
    before, netloc, behind = re.fullmatch(r"(milvus\+http://)([^/]+)(.*)" if which == "Milvus" else r"(.*@)([^/]+)(.*)", address).groups()
    host, port = netloc.split(":")
    made = Cable((host, int(port)))
    try:
        yield f"{before}127.0.0.1:{made.port}{behind}?tcp_user_timeout=10000", made
    finally:
        made.close()


@pytest.mark.parametrize("which", ["the database", "Milvus"])
def test_a_server_that_loses_a_part_of_its_archive_is_not_ready_and_answers_again_by_itself(place, tmp_path, which):
    question = "/v1/search?query=bridge"
    with cable(place, which) as (address, way), served(address, tmp_path / "log", "--api", "--state", str(tmp_path), program=HASHING) as server:
        until(lambda: call(server, "/readyz")[0] == 200)
        assert call(server, question)[0] == 200
        way.pull()
        until(lambda: call(server, "/readyz")[0] == 503)
        status, _, words = call(server, question)
        assert (status, b"the archive cannot be used just now" in words) == (500, True)
        assert call(server, "/livez")[0] == 200
        way.cut = False
        until(lambda: call(server, "/readyz")[0] == 200)
        assert call(server, question)[0] == 200
    assert SECRET not in (tmp_path / "log").read_text()


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
