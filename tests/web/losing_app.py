"""`hashing_app` over an archive whose store cannot be reached while a file `away` lies beside it, and does not answer while there is one `silent`."""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

import rag.archive
from rag.cli import main
from rag.errors import ArchiveError
from rag.store import LocalStore
from tests.fakes import CommonWords, HashingEncoder

SECRET = "postgresql://somebody:open-sesame@db/text"


class Losing(LocalStore):
    """As a store is that asks a database which goes and comes back."""

    @contextmanager
    def _generation(self):
        folder = Path(self._folder).parent
        while (folder / "silent").exists():
            time.sleep(0.05)
        if (folder / "away").exists():
            raise ArchiveError(f"the database {SECRET} cannot be reached")
        with super()._generation() as truth:
            yield truth


if __name__ == "__main__":
    rag.archive.sentence_encoder = lambda *_: HashingEncoder()
    rag.archive.span_reader = lambda settings: CommonWords()
    rag.archive.open_store = lambda place, settings, **given: Losing(Path(place), settings, **given)
    sys.exit(main(["serve", *sys.argv[1:]]))
