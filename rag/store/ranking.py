"""The best of what an index finds, the same ones whatever parts the index has: where many have one score, the index would choose by its parts."""

from collections.abc import Callable

import numpy as np

from rag.arrays import Numbers, Scores

# where the last ones have one score, so many times as many are asked for again
_TIMES = 4


def best(find: Callable[[int], tuple[Numbers, Scores]], k: int) -> tuple[Numbers, Scores]:
    """The `k` best, best first and by number where equal; `find` gives as many of the best as it is asked for, or all, in any order."""
    asked = k + 1
    while True:
        numbers, scores = find(asked)
        order = np.lexsort((numbers, -scores))
        numbers, scores = numbers[order], scores[order]
        if len(scores) < asked or scores[asked - 1] < scores[k - 1]:
            return numbers[:k], scores[:k]
        asked *= _TIMES
