"""What the tests of several doors share."""

import os

# read by Haystack when it is imported
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"

import shutil
import sqlite3
from contextlib import closing

import pytest

from rag import Archive, Settings
from tests.fakes import CommonWords, HashingEncoder


class Counting(Archive):
    """An archive that counts who got through to it."""

    reached = 0

    def ask(self, *given, **filters):
        self.reached += 1
        return super().ask(*given, **filters)

    def search(self, *given, **filters):
        self.reached += 1
        return super().search(*given, **filters)

    def shelf(self, **asked):
        self.reached += 1
        return super().shelf(**asked)

    def article(self, id):
        self.reached += 1
        return super().article(id)


@pytest.fixture
def counting(tmp_path, make):
    with Counting.open(tmp_path / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        archive.add([make("a", "The bridge was opened in 1932.")])
        yield archive


@pytest.fixture
def damaged(tmp_path, make):
    """An archive of two articles, of which `b` is not what was stored, and whose caches were built since."""
    folder = tmp_path / "damaged"
    with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
        archive.add([make("a", "The bridge opened in 1932."), make("b", "The bridge closed in 1945.")])
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        db.execute("UPDATE articles SET title = 'x' WHERE id = 'b'")
        db.commit()
    shutil.rmtree(folder / "cache")
    with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
        yield archive
