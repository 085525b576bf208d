"""BM25 as the local index weighs it (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), by the counts of a whole archive.

Milvus finds candidates by BM25, but weighs a word by how rare it is in one of the
parts that it has cut the archive into, so that its scores differ from part to part.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.arrays import Scores

K1, B = 1.2, 0.75
# what Milvus takes as one text
_MOST_BYTES = 65_535
_PLAIN = re.compile(r"(?!0x)[a-z0-9]+")
_SPELT = "0x"


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many passages an archive has, how many stems stand in them, and in how many passages each stem that is asked for stands."""

    passages: int
    words: int
    frequencies: Mapping[str, int]


def as_words(stems: Iterable[str]) -> str:
    """The stems as a text that every tokenizer takes apart alike, as far as Milvus takes it; of no stem, one word that none has."""
    text = " ".join(map(token, stems)) or _SPELT
    return text if len(text) <= _MOST_BYTES else text[: text.rindex(" ", 0, _MOST_BYTES + 1)]


def in_words(words: str) -> list[str]:
    """The stems that a text has which `as_words` made: those that are to be counted."""
    return [] if words == _SPELT else [bytes.fromhex(word[2:]).decode() if word.startswith(_SPELT) else word for word in words.split(" ")]


def token(stem: str) -> str:
    """A stem as small letters and digits, another one for each."""
    return stem if _PLAIN.fullmatch(stem) else _SPELT + stem.encode("utf-8", "surrogatepass").hex()


def scores(texts: Sequence[str], stems: Sequence[str], statistics: Statistics) -> Scores:
    """The BM25 of texts that `as_words` made for the stems, float32 [texts]."""
    tokens = [token(stem) for stem in stems]
    split = [text.split(" ") for text in texts]
    counts = np.array([[words.count(one) for one in tokens] for words in split], dtype=np.float32).reshape(len(texts), len(tokens))
    lengths = np.array([0 if text == _SPELT else len(words) for text, words in zip(texts, split, strict=True)], dtype=np.int64)
    average = np.float32(statistics.words / max(1, statistics.passages))
    norms = np.float32(K1) * (np.float32(1 - B) + np.float32(B) * _kept(lengths) / average)
    frequencies = np.array([statistics.frequencies.get(stem, 0) for stem in stems], dtype=np.float32)
    rarity = np.log1p((np.float32(statistics.passages) - frequencies + np.float32(0.5)) / (frequencies + np.float32(0.5)))
    weighed: Scores = (rarity * np.float32(1 + K1) * counts / (counts + norms[:, None])).sum(axis=1, dtype=np.float32)
    return weighed


def _kept(lengths: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Scores:
    """Lengths as the local index keeps them, each in a byte: to 40 as they are, above in steps that grow."""
    return _LENGTHS[np.searchsorted(_LENGTHS, lengths, side="right") - 1]


def _length(kept: int) -> int:
    """The length that a byte stands for: 24 as they are, then three bits of a number and by how many more it is shifted."""
    if kept < 24:
        return kept
    shift, bits = divmod(kept - 24, 8)
    return 24 + (bits if shift == 0 else (bits | 8) << (shift - 1))


_LENGTHS = np.array([_length(kept) for kept in range(256)], dtype=np.float32)
