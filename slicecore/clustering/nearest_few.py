"""The few smallest of many numbers, compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def smallest(scores: NDArray[np.float32], columns: NDArray[np.int32], values: NDArray[np.float32]) -> None:
    """Columns of the smallest numbers of every row, the smallest first, of equal ones the first.

    Parameters
    ----------
    scores
        (n, k)
    columns
        (n, count), count <= k; written.
    values
        (count,) working space.
    """
    count = len(values)
    for i in range(len(scores)):
        values[:] = np.inf
        for j in range(scores.shape[1]):
            score = scores[i, j]
            if score >= values[count - 1]:
                continue
            place = count - 1
            while place > 0 and values[place - 1] > score:
                values[place] = values[place - 1]
                columns[i, place] = columns[i, place - 1]
                place -= 1
            values[place] = score
            columns[i, place] = j
