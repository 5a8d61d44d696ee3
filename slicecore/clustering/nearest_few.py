"""The few smallest of many numbers."""

import numpy as np
from numpy.typing import NDArray


def smallest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Columns of the smallest numbers of every row, the smallest first, of equal ones among these the first.

    Parameters
    ----------
    scores
        (n, k)
    count
        How many of each row, at most k.
    """
    few = np.sort(np.argpartition(scores, count - 1, axis=1)[:, :count], axis=1)
    order = np.argsort(np.take_along_axis(scores, few, axis=1), axis=1, kind="stable")
    return np.take_along_axis(few, order, axis=1)
