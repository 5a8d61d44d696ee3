"""Order of clips, and numbers of their groups, that do not depend on the rows in which the clips stand.

Sorting by several keys at once is sorting by a number that joins them, which takes a fifth of the time.
"""

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy

_MOST = np.iinfo(np.int64).max


def canonical_order(
    hierarchy: Hierarchy,
    errors: NDArray[np.float64],
    words: NDArray[np.float64],
    groups: NDArray[np.int64] | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Rows of the clips, by their clusters, words and groups; and the groups, numbered by their clips.

    Parameters
    ----------
    hierarchy
        The clusters. Clips in no cluster are left out of the order.
    errors, words
        (n,) what is counted, and out of how much.
    groups
        (n,) group of every clip, -1 for a clip that is in none; None where clips are in no groups.
    """
    n = hierarchy.n
    leaves = [tree.leaf_of_clip(n) for tree in hierarchy.trees]
    inside: NDArray[np.bool_] = np.any([leaf >= 0 for leaf in leaves], axis=0)
    place = _joined(*(leaf + 1 for leaf in reversed(leaves)), _ranks(words))
    if groups is None:
        order = _order(place)
        return order[inside[order]], None
    place = _dense(place)
    clip = _dense(_joined(place, _ranks(errors)))
    groups = groups.copy()
    alone = np.flatnonzero(groups < 0)
    groups[alone] = groups.max(initial=-1) + 1 + np.arange(len(alone))
    present = np.bincount(groups) > 0
    groups = (np.cumsum(present) - 1)[groups]
    count = int(np.count_nonzero(present))
    first = np.full(count, n)
    np.minimum.at(first, groups, clip)
    sums = [np.bincount(groups, clip.astype(float) ** power, minlength=count) for power in (2, 1, 0)]
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort([*sums, first])] = np.arange(count)
    groups = rank[groups]
    order = _order(_joined(place, groups))
    return order[inside[order]], groups


def _joined(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) number that sorts as several keys from 0 on do, the first of them first."""
    joined, size = np.zeros(len(keys[0]), dtype=np.int64), 1
    for key in keys:
        count = int(key.max(initial=0)) + 1
        if size > _MOST // count:
            joined, size = _dense(joined), len(joined)
        joined = joined * count + key
        size *= count
    return joined


def _ranks(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) rank of every value among those that differ."""
    import pandas as pd

    code, different = pd.factorize(values, use_na_sentinel=False)
    rank = np.empty(len(different), dtype=np.int64)
    rank[np.argsort(different)] = np.arange(len(different))
    return rank[code]


def _dense(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) rank of every number among those that differ."""
    order = _order(key)
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.cumsum(np.diff(key[order], prepend=key[order[:1]]) != 0)
    return rank


def _order(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows by their numbers from 0 on, equal ones as they stand."""
    n = len(key)
    if int(key.max(initial=0)) >= _MOST // max(n, 1) - 1:
        return np.argsort(key, kind="stable")
    return np.sort(key * n + np.arange(n)) % n
