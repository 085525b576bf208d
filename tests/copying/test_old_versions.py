"""An archive that an earlier version of this program wrote is copied as this one reads it, and left as it is."""

from contextlib import closing

import pytest

from rag import Settings
from rag.copying import compare, copy
from rag.store import LocalStore, flaws
from tests.store.test_local import filled, old, sealed, version  # noqa: F401 - fixtures


@pytest.mark.parametrize("read_only", [False, True])
def test_a_source_of_version_3_to_5_is_copied_and_not_upgraded(sealed, opened, read_only):  # noqa: F811
    there = version(sealed)
    with closing(LocalStore(sealed, Settings(), read_only=read_only)) as store:
        report = copy(store, opened("copy"))
        assert (report.is_whole, report.articles.added, report.notes) == (True, 30, 1)
        assert compare(store, opened("copy")) == ()
        assert opened("copy").inventory().writing == store.inventory().writing
    assert version(sealed) == there
    assert flaws(opened("copy")._folder, int) == []


def test_a_source_of_version_1_is_copied_and_not_upgraded(old, opened):  # noqa: F811
    with closing(LocalStore(old, Settings(), read_only=True)) as store:
        assert copy(store, opened("copy")).is_whole
        assert copy(store, opened("copy")).articles.unchanged == 30
    assert version(old) == 1


def test_a_copy_of_an_older_version_is_brought_up_to_date_when_it_is_gone_on_with(sealed, opened):  # noqa: F811
    with closing(LocalStore(sealed, Settings())) as older:
        assert copy(older, opened("copy")).is_whole
        # a part of what the other holds, and of this version from now on
        assert copy(opened("copy"), older).is_whole
        assert older.inventory().copied == opened("copy").inventory().token
