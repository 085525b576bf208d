"""What one step of training reads: for each question its own passage and others that the encoder took for near."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.reader.joint_text import JointText, JointTokenizer
from rag.training.exchange import Exchange
from rag.training.rows import CORPORA, Row
from rag.types import Span

# how often a question is read with none, one or two passages that do not answer it
_NEGATIVES = (0.2, 0.3, 0.5)
# how often it is read with an exchanged name, and stands without its title
_EXCHANGED, _UNTITLED = 0.25, 0.1
# how often a passage stands behind a part of the one before it or before a part of the next, as an archive's windows do, and how much of it
_BESIDE, _BESIDE_CHARS = 0.3, 400
# an answer of more tokens than this is not read to its ends: the data that have only sentences name where it is, not what it is
_LONGEST_ANSWER = 14
# questions of like length are read together, out of so many
_SORTED = 2_048


@dataclass(frozen=True, slots=True)
class Labelled:
    """A joint text and the tokens of it that answer, from the first to the last of each place; none where it does not answer."""

    text: JointText
    answers: tuple[tuple[int, int], ...]

    @property
    def inexact(self) -> bool:
        return any(last - first >= _LONGEST_ANSWER for first, last in self.answers)


Group = tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that are read one after the other, by their numbers, and what all that is drawn for them is drawn from."""

    key: str
    rows: tuple[int, ...]


class Groups:
    """The same groups in the same order from the same rows, negatives, seed and pass."""

    def __init__(self, rows: Sequence[Row], negatives: Sequence[Sequence[int]], tokenizer: JointTokenizer) -> None:
        self._rows = rows
        self._negatives = negatives
        self._tokenizer = tokenizer
        self._exchange = Exchange(rows)
        self._passages: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            known = self._passages.setdefault((row.corpus, row.title), [])
            if row.title and (not known or known[-1] != row.context):
                known.append(row.context)

    def blocks(self, seed: int) -> Iterator[Block]:
        """The rows of one pass over the data after the other, without end."""
        for passed in itertools.count():
            rng = random.Random(f"{seed}/{passed}")
            taken = [n for n, row in enumerate(self._rows) for _ in range(_times(CORPORA[row.corpus], rng))]
            rng.shuffle(taken)
            for start in range(0, len(taken), _SORTED):
                yield Block(f"{seed}/{passed}/{start}", tuple(taken[start : start + _SORTED]))

    def batches(self, block: Block, size: int) -> list[list[Group]]:
        """A block's groups, those of like length together, `size` windows or a few more a batch."""
        rng = random.Random(block.key)
        groups = [group for n in block.rows for group in self._groups(n, rng)]
        groups.sort(key=lambda group: max(len(window.text.ids) for window in group))
        batches = list(_batches(groups, size))
        rng.shuffle(batches)
        return batches

    def _groups(self, n: int, rng: random.Random) -> Iterator[Group]:
        row = self._rows[n]
        row = replace(row, title="") if rng.random() < _UNTITLED else row
        own = self._window(self._beside(row, rng), rng)
        if row.answers and not own.answers:
            return
        yield own, *(self._window(other, rng) for other in self._others(n, row, rng))
        if row.answers and rng.random() < _EXCHANGED:
            question = self._exchange.exchanged(row, rng) if row.title else None
            if question:
                yield (self._window(replace(row, question=question, answers=()), rng),)

    def _others(self, n: int, row: Row, rng: random.Random) -> Iterator[Row]:
        """The row with passages that do not answer it in place of its own; the nearest, which are the hardest, the oftener."""
        (count,) = rng.choices(range(len(_NEGATIVES)), _NEGATIVES)
        near = self._negatives[n]
        for at in {min(int(rng.expovariate(0.3)), len(near) - 1) for _ in range(count if near else 0)}:
            other = self._rows[near[at]]
            yield replace(row, title=other.title if row.title else "", context=other.context, answers=())

    def _beside(self, row: Row, rng: random.Random) -> Row:
        """The row with a part of the passage before or after its own, which share a line."""
        passages = self._passages.get((row.corpus, row.title), [])
        if rng.random() >= _BESIDE or row.context not in passages:
            return row
        at = passages.index(row.context) + rng.choice((-1, 1))
        if not 0 <= at < len(passages):
            return row
        if at < passages.index(row.context):
            before = passages[at][-rng.randint(1, _BESIDE_CHARS) :]
            before = before[before.find(" ") + 1 :] + "\n"
            moved = tuple(Span(span.start + len(before), span.end + len(before)) for span in row.answers)
            return replace(row, context=before + row.context, answers=moved)
        return replace(row, context=f"{row.context}\n{passages[at][: rng.randint(1, _BESIDE_CHARS)]}")

    def _window(self, row: Row, rng: random.Random) -> Labelled:
        """The row's question and passage; of a passage that is too long a part with the answer."""
        text = self._tokenizer.joined(row.question, row.title, row.context)
        reach = int(text.ends[-1]) if len(text.ends) else 0
        if reach < len(row.context.rstrip()):
            row = _cut(row, reach, rng)
            text = self._tokenizer.joined(row.question, row.title, row.context)
        return Labelled(text, tuple(places(text, row.answers)))


def places(text: JointText, answers: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The first and the last token of each answer that a joint text has whole."""
    for answer in answers:
        inside = np.flatnonzero((text.starts < answer.end) & (text.ends > answer.start))
        if len(inside) and text.ends[inside[-1]] >= answer.end:
            yield text.first + int(inside[0]), text.first + int(inside[-1])


def _cut(row: Row, reach: int, rng: random.Random) -> Row:
    """The passage without so much of its beginning that its rest, or the part with its first answer, is read."""
    latest = len(row.context) - reach
    if row.answers:
        answer = rng.choice(row.answers)
        lowest = max(0, answer.end - int(0.8 * reach))
        start = rng.randint(min(lowest, answer.start), min(answer.start, max(lowest, latest)))
    else:
        start = rng.randint(0, max(0, latest))
    start = row.context.rfind(" ", 0, start) + 1
    kept = tuple(Span(span.start - start, span.end - start) for span in row.answers if span.start >= start)
    return replace(row, context=row.context[start:], answers=kept)


def _times(share: float, rng: random.Random) -> int:
    return int(share) + (rng.random() < share % 1)


def _batches(groups: Sequence[Group], size: int) -> Iterator[list[Group]]:
    batch: list[Group] = []
    for group in groups:
        batch.append(group)
        if sum(map(len, batch)) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
