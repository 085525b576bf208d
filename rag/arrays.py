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
