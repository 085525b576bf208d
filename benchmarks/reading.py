"""Where a question's time goes: `python -m benchmarks.reading INDEX QUESTIONS.jsonl [--questions N]`.

Each question is asked of the archive twice in turn; then the steps of reading
are timed one by one. QUESTIONS are gold rows. Prints milliseconds, and the most
memory that the process ever had.
"""

import argparse
import resource
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag import Archive, Settings
from rag.differences import differences
from rag.encoder import sentence_encoder
from rag.english.context import widen
from rag.english.speakers import speaker
from rag.evaluation import read_gold
from rag.question import parse
from rag.reader import SpanReader, skim, span_reader
from rag.reader.linear import shipped
from rag.reader.measures import measured
from rag.reader.rarity import Rarity
from rag.reader.reader import Reader
from rag.types import Quote, Span


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--questions", type=int, default=100, dest="count")
    given = parser.parse_args()
    settings = Settings()
    encoder, spans = sentence_encoder(settings), span_reader(settings)
    spent: dict[str, list[float]] = defaultdict(list)
    with Archive.open(given.index, settings, encoder, spans) as archive:
        archive.warm()
        reader = Reader(spans, settings)
        gold = read_gold(given.questions)[: given.count + 1]
        # the first one warms up what loads late
        archive.ask(gold[0].question)
        for row in gold[1:]:
            _timed(spent, "ask", lambda row=row: archive.ask(row.question))
            _timed(spent, "ask again", lambda row=row: archive.ask(row.question))
        for row in gold[1:]:
            _steps(spent, archive, reader, spans, settings, row.question)
        print(f"{archive.status().passages} passages, {len(gold) - 1} questions; milliseconds: median, 95th percentile")
    for name, seconds in spent.items():
        print(f"{name}: {np.median(seconds) * 1000:.1f}, {np.quantile(seconds, 0.95) * 1000:.1f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _steps(spent: dict[str, list[float]], archive: Archive, reader: Reader, spans: SpanReader, settings: Settings, text: str) -> None:
    hits = _timed(spent, "search, the question's vector and all", lambda: archive.search(text, settings.skim_hits))
    question = parse(text)
    windows = _timed(spent, "sentences of the articles found", lambda: reader.windows(question, hits))
    rarity = _timed(spent, "stems", lambda: Rarity(question.stems, (w.page.stems(n) for w in windows for n in range(w.first, w.last))))
    budget = skim.Budget(settings.read_passages, settings.read_chars)
    chosen = _timed(spent, "skim", lambda: skim.skim(windows, rarity, shipped().skim, budget))
    passages = [(window.page.article.title, window.text) for window in chosen]
    read = _timed(spent, "read: at most eight passages, each with the question", lambda: spans.read(text, passages))
    _timed(spent, "measure", lambda: measured(chosen, read, rarity))
    reading = reader.read_windows(question, windows)
    quotes = [*reading.quotes, *reading.near_misses]
    pages = {window.page.article.id: window.page for window in windows}
    _timed(spent, "speakers and contexts of all quotes", lambda: [_around(quote, pages[quote.article.id].sentences, settings) for quote in quotes])
    _timed(spent, "differences", lambda: differences(text, reading.quotes))


def _around(quote: Quote, sentences: Sequence[Span], settings: Settings) -> None:
    text = quote.article.text
    number = bisect_right(sentences, quote.span.start, key=lambda sentence: sentence.start) - 1
    widen(text, sentences, number, settings.quote_chars)
    speaker(text, sentences, quote.span)


def _timed(spent: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    done = work()
    spent[name].append(time.perf_counter() - started)
    return done


if __name__ == "__main__":
    main()
