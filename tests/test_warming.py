"""What a program does before it answers for long."""

import gc

import pytest

from rag.errors import PullquoteError
from rag.serving.warming import warm


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_for_garbage_again(archive, thawed):
    assert warm(archive)
    assert gc.get_freeze_count() > 10_000


def test_an_archive_that_cannot_be_used_is_said_in_the_log(archive, monkeypatch, caplog):
    def fail():
        raise PullquoteError("the weights are gone")

    monkeypatch.setattr(archive, "warm", fail)
    assert not warm(archive)
    assert "the weights are gone" in caplog.text
    assert not gc.get_freeze_count()
