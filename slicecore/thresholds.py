"""Comparison with a threshold, as people read both numbers: what rounding takes from a difference does not count."""

from typing import overload

import numpy as np
from numpy.typing import NDArray

_ROUNDING = 1e-9
"""Share of a threshold below it that is still the threshold: .3 - .2 is 0.09999999999999998."""


@overload
def reaches(amount: float, threshold: float) -> bool: ...
@overload
def reaches(amount: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]: ...
def reaches(amount: float | NDArray[np.float64], threshold: float) -> bool | NDArray[np.bool_]:
    """True where a drop, or another difference, is at least a threshold, up to a rounding error; False for NaN.

    Parameters
    ----------
    amount
        Differences, one or an array of them.
    threshold
        What they are compared with. A number is above an amount, beyond rounding, where the amount does not reach it.

    Examples
    --------
    >>> from slicecore.thresholds import reaches
    >>> 0.3 - 0.2 >= 0.1, reaches(0.3 - 0.2, 0.1)
    (False, True)
    """
    return amount >= threshold - _ROUNDING * abs(threshold)
