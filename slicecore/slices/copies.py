"""Copies: clips that are in the table several times, as they are, encoded anew, or cropped by a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CopySettings:
    """Limits of what is a copy, chosen by `benchmarks/detection.py` (part "copies", docs/significance.md).

    Attributes
    ----------
    near : share of the ordinary distance between neighbours that copies lie apart at most.
    neighbours : clips of the same text before it in the order of the tree with which a clip is compared.
    most : share of the clips above which what looks like copies are none: the vectors are those of categories.
    sample : pairs of neighbours from which the ordinary distance is known.
    unlike : share of the neighbours as near as copies that have different texts, of that among all neighbours, above
        which nothing is a copy: the vectors are those of categories or numbers. No benchmark chose it: copies differ
        in no text, and rows of categories or numbers in nearly as many as other rows.
    """

    near: float = 0.1
    neighbours: int = 4
    most: float = 0.9
    sample: int = 5000
    unlike: float = 0.5


SETTINGS = CopySettings()
_OFTEN = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}
_ROWS_AT_ONCE = 1 << 16


def find_copies(
    vectors: Sequence[NDArray[np.float32]], hierarchy: Hierarchy, texts: Sequence[str] | NDArray | pd.Series
) -> NDArray[np.int64] | None:
    """Row that stands for every clip, (n,): that of the first of its copies, else its own; None without any copy.

    Copies have the same text, and in every embedding vectors that are equal, as those of equal recordings are, or lie
    far closer together than neighbours of different texts.

    Parameters
    ----------
    vectors
        (n, d) one table per embedding; clips with a value that is not finite have no copies.
    hierarchy
        Clusters over these vectors: copies are close to each other in its order.
    texts
        (n,) reference of every clip.

    Examples
    --------
    >>> twice = np.concatenate([np.stack(clips["vector"])] * 2)
    >>> texts = [f"sentence {number}" for number in range(200)] * 2
    >>> copies = sc.find_copies([twice], sc.build_hierarchy(twice), texts)
    >>> copies[[0, 200, 399]]
    array([  0,   0, 199])
    """
    import pandas as pd

    n, order = hierarchy.n, hierarchy.trees[0].order
    cells = texts if isinstance(texts, pd.Series) else np.asarray(texts, dtype=object)
    text = pd.factorize(cells, use_na_sentinel=False)[0]
    limits = [_farthest(table, order, text) for table in vectors]
    if not _tell_clips(vectors, limits, order, text):
        return None
    by_text = order[np.argsort(text[order], kind="stable")]
    pairs = [np.zeros((2, 0), dtype=np.int64)]
    for step in range(1, SETTINGS.neighbours + 1):
        same = text[by_text[step:]] == text[by_text[:-step]]
        first, second = by_text[:-step][same], by_text[step:][same]
        near = np.ones(len(first), dtype=bool)
        for table, limit in zip(vectors, limits, strict=True):
            near &= _apart(table, first, second) <= limit
        pairs.append(np.stack([first[near], second[near]]))
    first, second = np.concatenate(pairs, axis=1)
    if not len(first):
        return None
    from scipy.sparse import coo_array  # not above: most tables are without copies, and it takes .2 s
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(n, n))
    unit = connected_components(links, directed=False)[1]
    # The first in the order of the tree stands for all: it does not depend on the order of the rows.
    ranked = np.concatenate([order, np.setdiff1d(np.arange(n), order)])
    units, place = np.unique(unit[ranked], return_index=True)
    if not n * (1 - SETTINGS.most) <= len(units) < n:
        return None
    return ranked[place][unit]


def _tell_clips(
    vectors: Sequence[NDArray[np.float32]],
    limits: list[float],
    order: NDArray[np.int64],
    text: NDArray[np.int64],
) -> bool:
    """True where neighbours as near as copies have one text far more often than others: vectors tell clips apart."""
    first = np.arange(0, len(order) - 1, max(1, len(order) // SETTINGS.sample))
    before, after = order[first], order[first + 1]
    near = np.ones(len(first), dtype=bool)
    for table, limit in zip(vectors, limits, strict=True):
        near &= _apart(table, before, after) <= limit
    differ = text[before] != text[after]
    return not near.any() or float(differ[near].mean()) <= SETTINGS.unlike * float(differ.mean())


def _farthest(table: NDArray[np.float32], order: NDArray[np.int64], text: NDArray[np.int64]) -> float:
    """Largest distance of copies; -1 where nothing tells."""
    before, after = order[:-1], order[1:]
    pairs = np.flatnonzero(text[before] != text[after])
    if not len(pairs):
        return -1.0
    pairs = pairs[:: max(1, len(pairs) // SETTINGS.sample)]
    apart = _apart(table, before[pairs], after[pairs])
    return SETTINGS.near * float(np.nanmedian(apart)) if np.isfinite(apart).any() else -1.0


def _apart(
    table: NDArray[np.float32], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Distance of pairs of rows, NaN where one is not finite."""
    parts = [
        np.linalg.norm(
            table[first[i : i + _ROWS_AT_ONCE]].astype(np.float64) - table[second[i : i + _ROWS_AT_ONCE]],
            axis=1,
        )
        for i in range(0, len(first), _ROWS_AT_ONCE)
    ]
    return np.concatenate([np.zeros(0), *parts])


def once_each(values: NDArray[np.float64], copies: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Values of clips, (n,), so that copies count once: their mean at the row that stands for them, 0 at the others."""
    if copies is None:
        return values
    count = np.bincount(copies, minlength=len(values))
    return np.bincount(copies, values, minlength=len(values)) / np.maximum(count, 1)


def copies_text(copies: NDArray[np.int64] | None) -> str:
    """Copies of a table as a sentence: "61 clips are in the table 5 times."; "" without any."""
    if copies is None:
        return ""
    counts = [count for count in np.bincount(copies).tolist() if count > 1]
    fewest, most = min(counts), max(counts)
    often = _OFTEN.get(most, f"{most} times")
    if fewest < most:
        often = f"{fewest} to {most} times"
    clips = "1 clip is" if len(counts) == 1 else f"{len(counts):,} clips are"
    return f"{clips} in the table {often}."
