"""How fast files are added to a new archive, and how much memory that takes: `python -m benchmarks.adding PATH… [--rounds 3] [--hashing]`.

Prints for each round the passages, the seconds and passages a second of `add` but for the search caches, which are made at its
end, and the most memory that the process had until these were begun. The model is loaded before. With `--hashing` words are hashed
in its place.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from rag import Archive, Settings
from rag.corpus import read_documents
from rag.encoder import sentence_encoder
from rag.store.local import LocalStore
from tests.fakes import CommonWords, HashingEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--hashing", action="store_true")
    given = parser.parse_args()
    encoder = HashingEncoder() if given.hashing else sentence_encoder(Settings())
    encoder.encode(["The bridge opened."])
    for _ in range(given.rounds):
        passages, seconds, most = added(given.places, encoder)
        print(f"{passages:,} passages in {seconds:.2f} s: {passages / seconds:.1f} a second; {most:.0f} MiB", flush=True)


def added(places: list[Path], encoder: object) -> tuple[int, float, float]:
    """How many passages were added, and the seconds and MiB that it took until all were on disk."""
    published = LocalStore._publish
    on_disk = most = 0.0

    def publish(store: LocalStore, truth: object) -> None:
        nonlocal on_disk, most
        on_disk = time.perf_counter()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        published(store, truth)

    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder, "index"), Settings(), encoder, CommonWords()) as archive:
        LocalStore._publish = publish
        started = time.perf_counter()
        try:
            archive.add(read_documents(*places, known=archive.kept))
        finally:
            LocalStore._publish = published
        return archive.status().passages, on_disk - started, most


if __name__ == "__main__":
    main()
