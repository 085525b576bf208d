"""Signatures of texts, by which likely near-copies are found among many without comparing each with each.

A signature is a MinHash of a text's runs of three words (Broder, "On the resemblance
and containment of documents", 1997): each of its 128 slots is the same in two texts
with a probability of J, the share of all their runs that both have. It is cut into
bands of 4 slots in two ways, 32 times 4 neighbours and 32 times 4 that stand 32 apart;
texts that have a band in common are compared. Simulated, those are .9999 of pairs at
J = .75 (a quarter is lacking), .98 at .5 (half is lacking), .40 at .3, .01 at .1.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

_SLOTS, _RUN = 128, 3
_OF_BAND = 4
_BANDS = 2 * _SLOTS // _OF_BAND
SIGNATURE_BYTES = 4 * _SLOTS
# the same in every archive: signatures made with another cannot be compared
_SEED = 1
# odd numbers without a pattern in their bits: the two halves of a band, and which band it is, are mixed by them
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_WHICH = np.arange(_BANDS, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
# the lower bits of a key say whose band it is; by the 36 that are left, one text in a hundred has a candidate by chance among 100,000
_OWNER = np.uint64(2**28 - 1)
# of the texts that have a band in common with one, only so many are looked at, the earliest: of a thousand copies a few are enough
_MOST_OF_BAND = 100
# so many texts are kept apart before they are sorted in among the others, and so many are read at a time
_MOST_APART = 1_000
# so many keys are moved at a time where texts are forgotten
_KEYS_MOVED = 2**20

Keys = NDArray[np.uint64]


def signature(words: Sequence[str]) -> bytes:
    """The signature of a text of these words; one of fewer than three is a run by itself."""
    # who only asks needs it not
    from rensa import RMinHash  # noqa: PLC0415

    sketch = RMinHash(num_perm=_SLOTS, seed=_SEED)
    sketch.update([" ".join(run) for run in zip(*(words[start:] for start in range(_RUN)), strict=False)] or [" ".join(words)])
    return np.array(sketch.digest(), dtype="<u4").tobytes()


class Signatures:
    """The bands of many texts' signatures; a text is known by its number."""

    def __init__(self, known: Iterable[tuple[int, bytes]]) -> None:
        """`known` are texts' numbers and signatures."""
        # 8 bytes each, where an int of a list has 40
        self._numbers = array("q")
        self._sorted: Keys = np.zeros(0, dtype=np.uint64)
        self._apart: dict[int, list[int]] = {}
        self.extend(known)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Those of all texts, in the order in which they came."""
        return np.array(self._numbers, dtype=np.int64)

    def extend(self, known: Iterable[tuple[int, bytes]]) -> None:
        """Adds many at a time."""
        self._sort_in()
        found, rows = [self._sorted], iter(known)
        while together := list(islice(rows, _MOST_APART)):
            places = np.arange(len(together), dtype=np.uint64) + np.uint64(len(self._numbers))
            found.append((_keys(b"".join(own for _, own in together)) | places[:, np.newaxis]).ravel())
            self._numbers.extend(number for number, _ in together)
        if len(found) > 1:
            self._sorted = np.concatenate(found)
            self._sorted.sort()

    def keep(self, numbers: NDArray[np.int64]) -> None:
        """Forgets all texts but those with these numbers."""
        self._sort_in()
        kept = np.isin(self.numbers, numbers)
        if kept.all():
            return
        moved = np.cumsum(kept).astype(np.uint64) - np.uint64(1)
        end = 0
        for start in range(0, len(self._sorted), _KEYS_MOVED):
            keys = self._sorted[start : start + _KEYS_MOVED]
            there = keys[kept[keys & _OWNER]]
            # what is left of a band stays in its order, and none is written over that was not read
            self._sorted[end : end + len(there)] = (there & ~_OWNER) | moved[there & _OWNER]
            end += len(there)
        self._sorted = self._sorted[:end].copy()
        self._numbers = array("q", self.numbers[kept].tolist())

    def add(self, number: int, signature: bytes) -> None:
        for key in _keys(signature)[0].tolist():
            self._apart.setdefault(key, []).append(len(self._numbers))
        self._numbers.append(number)
        if len(self._numbers) % _MOST_APART == 0:
            self._sort_in()

    def near(self, signature: bytes) -> list[int]:
        """The texts that have a band in common with the signature's, those with most of them first, then in the order in which they came."""
        keys = _keys(signature)[0]
        starts, ends = np.searchsorted(self._sorted, keys, "left").tolist(), np.searchsorted(self._sorted, keys | _OWNER, "right").tolist()
        owners: list[int] = []
        for key, start, end in zip(keys.tolist(), starts, ends, strict=True):
            if start < end or key in self._apart:
                earliest = (self._sorted[start : min(end, start + _MOST_OF_BAND)] & _OWNER).tolist()
                owners += [*earliest, *self._apart.get(key, ())][:_MOST_OF_BAND]
        shared = Counter(owners)
        return [self._numbers[place] for place in sorted(shared, key=lambda place: (-shared[place], place))]

    def _sort_in(self) -> None:
        if not self._apart:
            return
        keys = [key | place for key, places in self._apart.items() for place in places]
        self._sorted = np.concatenate([self._sorted, np.array(keys, dtype=np.uint64)])
        self._sorted.sort()
        self._apart = {}


def _keys(signatures: bytes) -> Keys:
    """A number for each band of each signature, [signatures, bands]: equal where the bands are, with room for an owner in the lower bits."""
    slots = np.frombuffer(signatures, dtype="<u4").reshape(-1, _SLOTS)
    neighbours = slots.reshape(-1, _SLOTS // _OF_BAND, _OF_BAND)
    apart = slots.reshape(-1, _OF_BAND, _SLOTS // _OF_BAND).swapaxes(1, 2)
    halves = np.concatenate([neighbours, apart], axis=1).view("<u8") * _MIXED
    keys: Keys = ((halves[:, :, 0] ^ halves[:, :, 1]) + _WHICH) & ~_OWNER
    return keys
