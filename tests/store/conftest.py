import pytest

from tests.store.engines import milvus_lite


@pytest.fixture(scope="session")
def milvus(tmp_path_factory):
    """The http address of a Milvus Lite server that all tests share, each with collections of its own."""
    with milvus_lite(tmp_path_factory.mktemp("milvus")) as address:
        yield address
