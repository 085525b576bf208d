"""What the articles that were found have in common, counted over all of them."""

import numpy as np

from rag.arrays import Numbers
from rag.store import Labels
from rag.types import Tally

# of the first day of Unix time, 1970-01-01
_EPOCH = 719_163
_UNDATED = 0


def by_source(labels: Labels) -> tuple[Tally, ...]:
    """The most first, then by name."""
    places, counts = np.unique(labels.sources[labels.sources >= 0], return_counts=True)
    found = [Tally(labels.names[place], count) for place, count in zip(places.tolist(), counts.tolist(), strict=True)]
    return tuple(sorted(found, key=lambda tally: (-tally.articles, tally.value)))


def by_time(days: Numbers, unit: str) -> tuple[Tally, ...]:
    """By year ("Y") or month ("M") of the days that are told, the newest first."""
    told = days[days != _UNDATED]
    times, counts = np.unique((told - _EPOCH).astype("datetime64[D]").astype(f"datetime64[{unit}]"), return_counts=True)
    return tuple(Tally(str(time), count) for time, count in zip(times[::-1], counts[::-1].tolist(), strict=True))
