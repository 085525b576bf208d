"""Many threads at once: `python -m benchmarks.threads INDEX GOLD.jsonl… [--threads 16] [--each 500]`.

Asks the archive in INDEX the gold files' questions: once one after the other,
then with `ask_many`, then EACH of them in every one of THREADS threads, over
and over from different places. All answers are compared with the first ones.
Prints errors, wrong answers, throughput and how long answers took.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from rag import Answer, Archive
from rag.encoder import precision_of, sentence_encoder
from rag.evaluation import read_gold
from rag.settings import Settings

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--each", type=int, default=500, help="questions a thread")
    parser.add_argument("--questions", type=int, default=1_000, dest="count", help="that many of the gold files' questions at most")
    given = parser.parse_args()
    questions = [row.question for path in given.gold for row in read_gold(path)][: given.count]
    settings = Settings.from_environment()
    encoder = sentence_encoder(settings)
    print(f"model in {precision_of(settings)}, {len(questions)} questions", flush=True)

    def fresh(work: Callable[[Archive], T]) -> T:
        with Archive.open(given.index, settings, encoder) as archive:
            archive.ask("Is the model loaded?")
            return work(archive)

    serial, together = [], []
    for _ in range(2):
        # in turn, since such machines drift
        serial.append(fresh(lambda archive: _timed(lambda: [archive.ask(question) for question in questions])))
        together.append(fresh(lambda archive: _timed(lambda: archive.ask_many(questions))))
    right = dict(zip(questions, map(_said, serial[0][0]), strict=True))
    for name, runs in (("ask, one after the other", serial), ("ask_many", together)):
        wrong = sum(_said(answer) != right[answer.question] for answers, _ in runs for answer in answers)
        print(f"{name}: {', '.join(f'{len(questions) / seconds:.2f}' for _, seconds in runs)} answers/s, wrong: {wrong}", flush=True)
    gains = [one / many for (_, one), (_, many) in zip(serial, together, strict=True)]
    print(f"ask_many against ask: {', '.join(f'{gain:.2f}' for gain in gains)} times", flush=True)
    fresh(lambda archive: _crowd(archive, questions, right, given.threads, given.each))


def _crowd(archive: Archive, questions: Sequence[str], right: dict[str, object], threads: int, each: int) -> None:
    def visitor(number: int) -> tuple[list[float], list[str], int]:
        took, errors, wrong = [], [], 0
        for n in range(each):
            question = questions[(number * len(questions) // threads + n) % len(questions)]
            started = time.perf_counter()
            try:
                wrong += _said(archive.ask(question)) != right[question]
            except Exception as error:  # noqa: BLE001 - every kind is counted
                errors.append(repr(error))
            took.append(time.perf_counter() - started)
        return took, errors, wrong

    with ThreadPoolExecutor(threads) as pool:
        results, seconds = _timed(lambda: list(pool.map(visitor, range(threads))))
    took = [one for own, _, _ in results for one in own]
    errors = [error for _, own, _ in results for error in own]
    print(f"{threads} threads, {each} questions each: {len(took)} answers, {len(took) / seconds:.2f} a second")
    print(f"errors: {len(errors)} {errors[:3] or ''}; answers unlike the serial ones: {sum(wrong for _, _, wrong in results)}")
    for share in (50, 95, 99):
        print(f"p{share}: {np.percentile(took, share) * 1000:.0f} ms")


def _said(answer: Answer) -> object:
    return answer.outcome, answer.quotes, answer.near_misses, answer.differences, answer.searched


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


if __name__ == "__main__":
    main()
