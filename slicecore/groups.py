"""Groups of clips, given as rows or as a mask, and checks that things are of the same clips."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.wording import clips


def rows_of(members: Sequence[int] | NDArray | None, n: int) -> NDArray[np.int64]:
    """Rows of a group of clips, ascending and each once.

    Parameters
    ----------
    members
        Rows, or a mask over all clips; None for all of them.
    n
        Number of clips of the table.

    Raises
    ------
    SlicecoreError
        A mask of another length, or a row that the table does not have.
    """
    if members is None:
        return np.arange(n)
    given = np.asarray(members)
    if given.dtype == bool:
        if given.shape != (n,):
            raise SlicecoreError(f"The mask is of {len(given)} clips, but the table has {n}.")
        return np.flatnonzero(given)
    rows = given.astype(np.int64).ravel()
    if (rows[1:] <= rows[:-1]).any():
        rows = np.unique(rows)
    if len(rows) and (rows[0] < 0 or rows[-1] >= n):
        raise SlicecoreError(
            f"Rows go from 0 to {n - 1}, but there is {rows[0] if rows[0] < 0 else rows[-1]}."
        )
    return rows


def check_same_clips(n: int, lengths: Mapping[str, int], whole: str = "table") -> None:
    """Check that everything that is handed in together is of the same clips.

    Parameters
    ----------
    n
        Number of clips of the whole.
    lengths
        Number of clips by name, in the plural: {"costs": 30}.
    whole
        Name of what has n clips.

    Raises
    ------
    SlicecoreError
        A length differs.
    """
    for name, length in lengths.items():
        if length != n:
            raise SlicecoreError(f"The {whole} has {clips(n)}, but the {name} cover {length}.")


def intervals(first: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of all intervals from `first` on, so many each, one interval after the other."""
    before = np.cumsum(length) - length
    return np.arange(length.sum()) - np.repeat(before - first, length)


def digest(group: NDArray) -> bytes:
    """A short name that no other array of rows, or mask, has: a key that does not keep it in memory."""
    return hashlib.blake2b(group.tobytes(), digest_size=16).digest()
