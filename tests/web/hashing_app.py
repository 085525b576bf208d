"""`app.py` with words hashed in the model's place, for what is not about meaning; all else is the real page and its server."""

import sys

import rag.archive
from rag.cli import main
from tests.fakes import HashingEncoder

if __name__ == "__main__":
    rag.archive.SentenceEncoder = lambda settings: HashingEncoder()
    sys.exit(main(["serve", *sys.argv[1:]]))
