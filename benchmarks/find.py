"""Whether search finds every article by its words, and how long that takes.

python -m benchmarks.find CORPUS.jsonl [--articles 400] [--words 5] [--sizes 12000 100000]

The articles are added to an archive, and of each so many words are drawn that are no stop words: one has to find it,
among as many articles as brute force counts. Then archives of so many passages are made of the articles' sentences,
drawn at random, with vectors at random, and common and rare words are searched for there. Every time is wall clock,
beside the time of the processor that the process took, which other work on the machine lengthens less.
"""

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from rag import Archive, Article, Settings, article, read_articles
from rag.encoder import sentence_encoder
from rag.passages import passages
from rag.store import Entry, LocalStore, stems
from rag.types import Ranking

# a whole word: "ers" of "49ers" is none
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
_SENTENCE = re.compile(r"[A-Z][^.!?\n]{40,240}[.!?](?=\s)")
_SENTENCES, _TOGETHER, _SOURCES = 110, 64, 60
_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=None, help="the first so many; without, all")
    parser.add_argument("--words", type=int, default=5, help="of each article")
    parser.add_argument("--sizes", type=int, nargs="*", default=[12_000], help="in passages")
    given = parser.parse_args()
    drawn = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        with Archive.open(Path(folder) / "real") as archive:
            archive.add(islice(read_articles(given.corpus), given.articles))
            real = list(archive.articles())
            share(archive, real, given.words, drawn)
            report("its words", archive, [word for one in real for word in words(one, 1, drawn)])
        for size in given.sizes:
            grown(Path(folder) / str(size), real, size, drawn)


def share(archive: Archive, real: Sequence[Article], each: int, drawn: random.Random) -> None:
    """Prints the share of pairs of an article and a word of it where the word finds the article and counts truly."""
    by_stem = stood(archive, real)
    pairs = found = true = 0
    for one in real:
        for word in words(one, each, drawn):
            expected = set.intersection(*(by_stem[stem] for stem in stems(word)))
            got = archive.find(word, limit=1_000, folded=False)
            pairs += 1
            found += one.id in {finding.article.id for finding in got.findings if not finding.by_meaning}
            true += got.articles == len({id for id, _ in expected})
    print(
        f"{len(real):,} articles, {pairs:,} words of theirs: {found:,} found ({found / pairs:.2%}), {true:,} with the true total ({true / pairs:.2%})"
    )


def stood(archive: Archive, real: Iterable[Article]) -> dict[str, set[tuple[str, int]]]:
    """Of each stem the passages, by id and start, that have it, their title among their words."""
    found: dict[str, set[tuple[str, int]]] = {}
    for one in real:
        for passage in passages(one, archive.settings):
            for stem in stems(passage.indexed_text):
                found.setdefault(stem, set()).add((one.id, passage.span.start))
    return found


def words(one: Article, each: int, drawn: random.Random) -> list[str]:
    """Words of its text that are looked for, each another one."""
    known = sorted({word for word in _WORD.findall(one.text) if stems(word)})
    return drawn.sample(known, min(each, len(known)))


def grown(folder: Path, real: Sequence[Article], size: int, drawn: random.Random) -> None:
    """Makes an archive of so many passages, and prints what searches in it take."""
    settings = Settings()
    encoder = sentence_encoder(settings)
    vectors = np.random.default_rng(1)
    sentences = [sentence for one in real for sentence in _SENTENCE.findall(one.text)]
    store = LocalStore(folder, settings)
    count = 0
    with store.writing() as writer:
        made = articles(sentences, drawn)
        while count < size:
            entries = []
            while count < size and len(entries) < _TOGETHER:
                one = next(made)
                spans = [passage.span for passage in passages(one, settings)]
                unit = vectors.standard_normal((len(spans), encoder.identity.dimension)).astype(np.float32)
                entries.append(Entry(one, spans, unit / np.linalg.norm(unit, axis=1, keepdims=True)))
                count += len(spans)
            writer.put(entries, encoder.identity)
    store.close()
    frequent = Counter(word for sentence in sentences for word in set(_WORD.findall(sentence)) if stems(word)).most_common()
    with Archive.open(folder, settings) as archive:
        print(f"{count:,} passages, {archive.status().articles:,} articles")
        for name, chosen in (("commonest words", frequent[:20]), ("common words", frequent[200:220]), ("rare words", frequent[-20:])):
            report(name, archive, [word for word, _ in chosen])
            report(f"{name}, newest", archive, [word for word, _ in chosen], order=Ranking.NEWEST)
        pairs = [f"{one} {other}" for (one, _), (other, _) in zip(frequent[20:40], frequent[40:60], strict=True)]
        report("two common words, every passage", archive, pairs, passages=True)


def articles(sentences: Sequence[str], drawn: random.Random) -> Iterator[Article]:
    """Articles of sentences drawn at random, without end."""
    number = 0
    while True:
        chosen = drawn.sample(sentences, _SENTENCES)
        yield article(f"made-{number}", chosen[0][:60], "\n\n".join(chosen), source=f"Source {number % _SOURCES}")
        number += 1


def report(name: str, archive: Archive, queries: Sequence[str], **chosen: object) -> None:
    """Prints how many articles the queries found, and in milliseconds what each took: the median and the 95th percentile."""
    archive.find(queries[0])
    took, worked, counts = [], [], []
    for query in [*queries] * _ROUNDS:
        started, at_work = time.perf_counter(), time.process_time()
        counts.append(archive.find(query, **chosen).articles)  # type: ignore[arg-type]
        took.append(1_000 * (time.perf_counter() - started))
        worked.append(1_000 * (time.process_time() - at_work))
    p50, p95, w50, w95 = (np.percentile(times, share) for times in (took, worked) for share in (50, 95))
    print(f"  {name}: {np.median(counts):,.0f} articles; {p50:.0f} ms (p95 {p95:.0f}), of the processor {w50:.0f} ms (p95 {w95:.0f})")


if __name__ == "__main__":
    main()
