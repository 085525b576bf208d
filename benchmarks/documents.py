"""How long documents take to be read, each in a process of its own: `python -m benchmarks.documents FOLDER…`.

For every format prints files, articles, files of which something was refused, and milliseconds a file: the mean without the first
file of a format, which loads its reader, and the most. Then the same of the encoder, over the passages of all articles.
"""

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from rag import Settings
from rag.corpus.draft import Draft
from rag.corpus.lenient import drafted
from rag.corpus.readers import Readers
from rag.corpus.sniffing import HEAD_BYTES, format_of
from rag.encoder import sentence_encoder
from rag.errors import InputError
from rag.passages import passages
from rag.types import Article


@dataclass
class Read:
    """What the files of one format came to."""

    articles: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    found: defaultdict[str, Read] = defaultdict(Read)
    articles: list[Article] = []
    with Readers(Settings()) as readers:
        for file in sorted(path for folder in given.folders for path in folder.rglob("*") if path.is_file()):
            read_file(file, readers, found, articles)
    for format, read in sorted(found.items()):
        rest = read.seconds[1:] or read.seconds
        print(
            f"{format:12} {len(read.seconds):4} files {read.articles:4} articles {read.refused:3} refused"
            f" {sum(rest) / len(rest) * 1000:7.1f} ms a file, at most {max(rest) * 1000:.0f}"
        )
    reading = sum(sum(read.seconds[1:]) for read in found.values())
    print(f"reading {reading:.1f} s, encoding {encode(articles):.1f} s for {sum(len(article.text) for article in articles):,} characters")


def read_file(file: Path, readers: Readers, found: defaultdict[str, Read], articles: list[Article]) -> None:
    data = file.read_bytes()
    try:
        read = found[format_of(data[:HEAD_BYTES], file.name)]
    except InputError:
        return
    started = time.perf_counter()
    items = list(readers.read(data, file.name))
    read.seconds.append(time.perf_counter() - started)
    made = [drafted(item, id=file.name, name=file.name, origin="", max_bytes=5_000_000) for item in items if isinstance(item, Draft)]
    read.articles += sum(isinstance(one, Article) for one in made)
    read.refused += any(not isinstance(item, Draft) for item in items)
    articles += [one for one in made if isinstance(one, Article)]


def encode(articles: list[Article]) -> float:
    """Seconds that the encoder takes for all passages."""
    encoder = sentence_encoder(Settings())
    texts = [passage.indexed_text for article in articles for passage in passages(article, Settings())]
    encoder.encode(texts[:1])
    started = time.perf_counter()
    encoder.encode(texts)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
