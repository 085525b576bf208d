"""Whether an archive that many machines share answers as one in a folder does: python -m benchmarks.same_answers [DATA] [--questions N]

The seeds' gold questions with their filters, and with DATA, a folder with `clapnq`, those of the CLAPnq half, are asked of a
folder and of Milvus and PostgreSQL with the same articles, copied in the order in which they were added and with their vectors,
so that these are equal. Prints for each set the share of questions with the same first quote (article and span), the same outcome, the
same first three quotes and the same forty passages found, in their order, and by how much the fused score of one differs at
most. Of each question that is not answered alike it tells where the quotes stand that differ, and the scores of the passages that
hold them. Ends with 1 where fewer than 99% of the first quotes are the same.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, zip_longest
from pathlib import Path

from benchmarks.servers import Servers, machine, opened, servers
from rag import Answer, Archive, Settings, read_articles
from rag.encoder import Encoder, sentence_encoder
from rag.evaluation.converters import clapnq
from rag.evaluation.gold import Gold, read_gold
from rag.reader import SpanReader, span_reader
from rag.store import Store
from rag.types import Article, Hit, Quote

_LEAST = 0.99
_SEEDS = Path(__file__).parents[1] / "seeds"
_BATCH = 64

# an article, and where in it a quote stands
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is the same in two archives' answers to one question, the greatest difference of a score, and what is told where not all is the same."""

    first: bool
    outcome: bool
    three: bool
    found: bool
    apart: float
    why: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--questions", type=int, default=None, help="of each set, the first so many")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    encoder, spans = sentence_encoder(Settings()), span_reader(Settings())
    print(machine())
    print(f"{'':8}questions  first quote  outcome  first three  40 passages  scores apart")
    equal = True
    with servers() as running, tempfile.TemporaryDirectory() as folder:
        for name, articles, gold in _sets(given.data):
            found = compared(Path(folder) / name, running, articles, gold[: given.questions], encoder, spans)
            first, outcome, three, passages = (
                sum(getattr(one, what) for one in found) / len(found) for what in ("first", "outcome", "three", "found")
            )
            apart = max(one.apart for one in found)
            print(f"{name:8}{len(found):9,}  {first:11.4f}  {outcome:7.4f}  {three:11.4f}  {passages:11.4f}  {apart:12.1e}")
            print("".join(one.why for one in found), end="", flush=True)
            equal &= first >= _LEAST
    return int(not equal)


def _sets(data: Path | None) -> Iterator[tuple[str, Sequence[Article], Sequence[Gold]]]:
    yield "seeds", [item for item in read_articles(_SEEDS) if isinstance(item, Article)], read_gold(_SEEDS / "gold.jsonl")
    if data:
        collection = clapnq.read(data / "clapnq")
        yield "clapnq", collection.articles, collection.gold


def compared(
    folder: Path, running: Servers, articles: Sequence[Article], gold: Sequence[Gold], encoder: Encoder, spans: SpanReader
) -> list[Compared]:
    """Asks each question of both, once both have the articles; the folder's name is the collection's."""
    with opened(folder, encoder, spans) as local, opened(running.address(folder.name), encoder, spans) as shared:
        local.add(articles)
        copy(local._store, shared._store, encoder, articles)
        return [compare(row, local, shared) for row in gold]


def copy(source: Store, target: Store, encoder: Encoder, articles: Sequence[Article]) -> None:
    """Copies articles with their passages and vectors, in this order."""
    entries = (entry for article in articles if (entry := source.entry(article.id)))
    with target.writing() as writer:
        while some := list(islice(entries, _BATCH)):
            writer.put(some, encoder.identity)


def compare(row: Gold, local: Archive, shared: Archive) -> Compared:
    filters = asdict(row.filters)
    answers = local.ask(row.question, **filters), shared.ask(row.question, **filters)
    hits = [archive.search(row.question, archive.settings.skim_hits, **filters) for archive in (local, shared)]
    here, there = map(places, answers)
    scores = [{hit.passage.key: hit.score for hit in found} for found in hits]
    first, three, outcome = here[:1] == there[:1], here[:3] == there[:3], answers[0].outcome == answers[1].outcome
    why = "" if first and three and outcome else _why(row.question, answers, hits)
    apart = max((abs(score - scores[1][key]) for key, score in scores[0].items() if key in scores[1]), default=0.0)
    return Compared(first, outcome, three, list(scores[0]) == list(scores[1]), apart, why)


def _why(question: str, answers: Sequence[Answer], hits: Sequence[Sequence[Hit]]) -> str:
    """The outcomes, and of the first quotes that differ the places, and the scores of the passages that hold them, in either archive."""
    pairs = zip_longest(*(_shown(answer)[:3] for answer in answers))
    differ = next((pair for pair in pairs if len({quote and _place(quote) for quote in pair}) > 1), (None, None))
    lines = [f"  {question}"]
    for name, answer, quote in zip(("folder", "shared"), answers, differ, strict=True):
        told = ""
        if quote:
            id, start, end = _place(quote)
            scores = ", ".join(_score(quote, found) for found in hits)
            told = f": {id} {start}-{end}, confidence {quote.confidence:.6f}; the passage that holds it, here and there: {scores}"
        lines.append(f"    {name}, {answer.outcome.value}{told}")
    return "".join(f"{line}\n" for line in lines)


def _score(quote: Quote, hits: Sequence[Hit]) -> str:
    """That of the best passage that holds the quote, with its rank."""
    for rank, hit in enumerate(hits, 1):
        span = hit.passage.span
        if hit.passage.article.id == quote.article.id and span.start <= quote.span.start and quote.span.end <= span.end:
            return f"{hit.score:.7f} (rank {rank})"
    return "not found"


def places(answer: Answer) -> list[Place]:
    """Those of all quotes that it shows, best first."""
    return [_place(quote) for quote in _shown(answer)]


def _shown(answer: Answer) -> list[Quote]:
    return [*answer.quotes, *answer.near_misses]


def _place(quote: Quote) -> Place:
    return quote.article.id, quote.span.start, quote.span.end


if __name__ == "__main__":
    sys.exit(main())
