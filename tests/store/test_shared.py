"""The store that many machines share, on a real engine and a real database, keeps the promises of every store."""

import uuid

import pytest

from rag import Settings
from rag.store.opening import open_store
from tests.store.contract import ENCODER, StoreContract, entry, put


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, milvus, tmp_path):
    text = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'text.sqlite'}"
    return f"milvus+{milvus}/t{uuid.uuid4().hex[:12]}?text={text}"


@pytest.fixture
def store(address):
    opened = open_store(address, Settings())
    yield opened
    opened.close()


class TestSharedStore(StoreContract):
    pass


def test_words_are_weighed_by_the_passages_that_are_searched(store, make):
    put(store, *(make(f"a{n}", "The bridge opened.") for n in range(3)))
    with store.writing() as writer:
        writer.put([entry(make("b", "The bridge closed.")), entry(make("a1", "A ferry sank."))], ENCODER.identity)
        with store.reading() as snapshot:
            assert snapshot.frequencies(["bridg", "ferri", "none"]) == {"bridg": 3, "ferri": 0, "none": 0}
    with store.reading() as snapshot:
        assert snapshot.frequencies(["bridg", "ferri", "none"]) == {"bridg": 3, "ferri": 1, "none": 0}
    with store.writing() as writer:
        writer.remove(["a0", "a1"])
    with store.reading() as snapshot:
        assert snapshot.frequencies(["bridg", "ferri", "close"]) == {"bridg": 2, "ferri": 0, "close": 1}
