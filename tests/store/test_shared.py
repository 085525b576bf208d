"""The store that many machines share, on a real engine and a real database, keeps the promises of every store."""

import uuid

import pytest

from rag import Settings
from rag.store.opening import open_store
from tests.store.contract import StoreContract


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
