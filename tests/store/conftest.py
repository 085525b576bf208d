import pytest

from tests.store.engines import new_address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, milvus, tmp_path):
    """That of an archive which nobody has written to, over each of the databases."""
    return new_address(
        milvus, request.getfixturevalue("postgresql_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'text.sqlite'}"
    )
