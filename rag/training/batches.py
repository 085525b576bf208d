"""What one step of training reads, as arrays that are made ahead by processes of their own."""

import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from rag.reader.joint_text import JointText
from rag.training.groups import Block, Group, Groups, Labelled


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows, padded to the tokens of the longest.

    `ids` and `segments` are int32 [windows, tokens]. Which places hold a token is
    `real`, and which could be an outcome `allowed`, both bool [windows, tokens]: the
    passage's tokens, and [CLS], which stands for none. `right`, bool [windows,
    tokens, 2], are those that start and end an answer; [CLS] where none does. `owners`,
    int64 [windows], are the numbers of the questions, from 0 on.
    """

    ids: NDArray[np.int32]
    segments: NDArray[np.int32]
    real: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    right: NDArray[np.bool_]
    owners: NDArray[np.int64]

    @property
    def tokens(self) -> int:
        return int(self.real.sum())


def batch_of(groups: Sequence[Group]) -> Batch:
    windows = [window for group in groups for window in group]
    shape = len(windows), max(len(window.text.ids) for window in windows)
    ids, segments = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    real, allowed, right = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool), np.zeros((*shape, 2), dtype=bool)
    for n, window in enumerate(windows):
        text = window.text
        size = len(text.ids)
        ids[n, :size], segments[n, :size], real[n, :size] = text.ids, text.segments, True
        allowed[n, 0] = allowed[n, text.first : text.first + len(text.starts)] = True
        _mark(right[n], window)
    owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return Batch(ids, segments, real, allowed, right, owners)


def batch_to_read(texts: Sequence[JointText]) -> Batch:
    """The same of texts of which nothing is known."""
    return batch_of([(Labelled(text, ()),) for text in texts])


def ahead(groups: Groups, seed: int, size: int) -> Generator[Batch]:
    """Batches of `size` windows or a few more, pass after pass without end: the same ones from the same seed, however many cores make them."""
    workers = max(1, (os.cpu_count() or 1) - 1)
    pool = ProcessPoolExecutor(workers, get_context("fork"), _of.append, (groups,))
    waiting: deque[Future[list[Batch]]] = deque()
    try:
        for block in groups.blocks(seed):
            waiting.append(pool.submit(_made, block, size))
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


# what a process that makes batches makes them of; it comes with the process, not with each block
_of: list[Groups] = []


def _made(block: Block, size: int) -> list[Batch]:
    return [batch_of(batch) for batch in _of[0].batches(block, size)]


def _mark(right: NDArray[np.bool_], window: Labelled) -> None:
    if not window.answers:
        right[0] = True
    for first, last in window.answers:
        if window.inexact:
            right[first : last + 1] = True
        else:
            right[first, 0] = right[last, 1] = True
