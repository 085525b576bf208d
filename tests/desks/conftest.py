import pytest

from rag.desks import Desks


@pytest.fixture
def desks(tmp_path):
    opened = Desks.open(tmp_path / "index")
    yield opened
    opened.close()
