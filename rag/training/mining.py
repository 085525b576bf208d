"""Passages that the encoder finds for a question and that do not answer it: what a reader must learn to be silent on."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Vectors
from rag.encoder import Encoder
from rag.training.rows import Row

Progress = Callable[[int], object]

# of each question's nearest passages so many are kept, those that answer left out
NEAREST = 12
_AT_ONCE = 1024


def hard_negatives(rows: Sequence[Row], encoder: Encoder, work: Path, progress: Progress) -> list[list[int]]:
    """For each row the rows whose contexts are nearest to its question and hold none of its answers' words, nearest first.

    A context is named by the first row that has it. For a question that its own
    context does not answer, the nearest may answer it: it has none. Vectors are
    kept in `work`, by what they were made of.
    """
    first: dict[tuple[str, str], int] = {}
    for n, row in enumerate(rows):
        first.setdefault((row.title, row.context), n)
    owners = np.array(list(first.values()))
    contexts = _vectors([f"{rows[n].title}\n{rows[n].context}" for n in owners], encoder, work, progress)
    questions = _vectors([row.question for row in rows], encoder, work, progress)
    folded = [rows[n].context.casefold() for n in owners]
    found = []
    for start in range(0, len(rows), _AT_ONCE):
        near = _nearest(questions[start : start + _AT_ONCE] @ contexts.T)
        for row, order in zip(rows[start : start + _AT_ONCE], near, strict=True):
            answers = [span.of(row.context).casefold() for span in row.answers]
            kept = [
                int(owners[n])
                for n in order
                if answers and not any(answer in folded[n] for answer in answers) and rows[owners[n]].context != row.context
            ]
            found.append(kept[:NEAREST])
    return found


def _nearest(likeness: Vectors) -> NDArray[np.intp]:
    """The columns of a matrix's 2 * NEAREST greatest values, greatest first, [rows, 2 * NEAREST]."""
    columns = np.sort(np.argpartition(-likeness, 2 * NEAREST, axis=1)[:, : 2 * NEAREST])
    order = np.argsort(-np.take_along_axis(likeness, columns, axis=1), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)


def _vectors(texts: Sequence[str], encoder: Encoder, work: Path, progress: Progress) -> Vectors:
    digest = hashlib.sha256("\0".join([encoder.identity.sha256, *texts]).encode()).hexdigest()[:16]
    path = work / f"vectors-{digest}.npy"
    if not path.exists():
        blocks = []
        for start in range(0, len(texts), _AT_ONCE):
            blocks.append(encoder.encode(texts[start : start + _AT_ONCE]))
            progress(len(blocks[-1]))
        np.save(path.with_suffix(".part.npy"), np.concatenate(blocks))
        path.with_suffix(".part.npy").replace(path)
    vectors: Vectors = np.load(path, allow_pickle=False)
    return vectors
