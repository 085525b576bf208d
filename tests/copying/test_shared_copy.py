"""An archive goes from a folder into one that many machines share, and back, and is what it was."""

import pytest

from rag import Settings
from rag.cli import main
from rag.copying import compare, copy
from rag.store import open_store
from tests.copying.test_copying import held
from tests.store.contract import matching, nearest
from tests.store.engines import new_address


@pytest.fixture
def address(milvus, postgresql_url):
    return new_address(milvus, postgresql_url)


def test_what_went_into_a_shared_archive_and_came_back_is_what_it_was(source, destination, address):
    shared = open_store(address, Settings())
    try:
        assert copy(source, shared).is_whole
        assert held(shared) == held(source)
        assert compare(source, shared) == ()
        for query in ("bridge number 3", "ferry 49", "row of a table"):
            assert matching(shared, query) == matching(source, query)
            assert nearest(shared, query) == nearest(source, query)
        again = copy(source, shared)
        assert (again.articles.added, again.articles.unchanged) == (0, 12)
        assert copy(shared, destination).is_whole
    finally:
        shared.close()
    assert held(destination) == held(source)


def test_no_password_of_an_address_is_shown(source, address, tmp_path, capsys):
    locked = address.replace("postgresql://", "postgresql://somebody:secret@127.0.0.1:1/x?y=")
    assert main(["copy", str(source._folder), locked]) == 2
    assert main(["copy", locked, locked]) == 2
    # of another kind, it would be a folder of that name
    assert main(["copy", str(source._folder), "postgresql://u:secret@h/db"]) == 2
    assert main(["copy", str(source._folder), ""]) == 2
    said = capsys.readouterr()
    assert "secret" not in said.out + said.err
    assert "milvus+http://127.0.0.1" in said.err
