"""The array types that rooms hand to each other."""

import numpy as np
from numpy.typing import NDArray

# unit vectors, [n, dimension] or [dimension]
Vectors = NDArray[np.float32]
# passages' numbers in a store, [n]
Numbers = NDArray[np.int64]
# a number for each passage, [n]
Scores = NDArray[np.float32]
# which of them, [n]
Mask = NDArray[np.bool_]
# what stored vectors are: half the size of those that are searched with, and cosines change by less than 0.001
STORED = np.float16


def unit_mean(vectors: Vectors) -> Vectors:
    """The direction of the mean of vectors [n, dimension], a unit vector [dimension]."""
    mean: Vectors = vectors.sum(axis=0)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))
