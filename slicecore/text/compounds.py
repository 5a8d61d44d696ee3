"""Compounds in an alignment: “ice cream” and “icecream” are the same words, however they are divided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Arc = tuple[int, int]
"""A place before a word of the reference and before one of the prediction."""


def joined_words(source: Sequence[str], target: Sequence[str]) -> dict[Arc, Arc]:
    """Places where several words of one side in a row are one word of the other: where each ends, and begins."""
    arcs = {(end, at + 1): (start, at) for start, end, at in _written_apart(source, target)}
    return arcs | {(at + 1, end): (at, start) for start, end, at in _written_apart(target, source)}


def steps_with_compounds(
    source: Sequence[str], target: Sequence[str], arcs: dict[Arc, Arc]
) -> list[tuple[Arc, Arc]]:
    """Steps of an alignment with the fewest errors, in which compounds are none: where each begins and ends.

    Words written apart count as in kaldialign with `merge_compounds`, by which the Open ASR leaderboard scores: no
    error, while the reference keeps its number of words.

    Parameters
    ----------
    source, target
        Words of the reference and of the prediction.
    arcs
        From `joined_words`.
    """
    costs = _costs(source, target, arcs)
    steps, at = [], (len(source), len(target))
    while at != (0, 0):
        before = _before(costs, source, target, arcs, at)
        steps.append((before, at))
        at = before
    return steps[::-1]


def _costs(source: Sequence[str], target: Sequence[str], arcs: dict[Arc, Arc]) -> NDArray[np.int32]:
    """Fewest errors up to every place, (words + 1, words + 1), by dynamic programming, row by row."""
    codes = {word: code for code, word in enumerate(dict.fromkeys(target))}
    others = np.array([codes[word] for word in target], np.int32)
    arcs_to: dict[int, list[tuple[int, Arc]]] = {}
    for (i, j), start in arcs.items():
        arcs_to.setdefault(i, []).append((j, start))
    places = np.arange(len(target) + 1, dtype=np.int32)
    costs = np.empty((len(source) + 1, len(target) + 1), np.int32)
    costs[0] = places
    for i, word in enumerate(source, 1):
        above, row = costs[i - 1], costs[i]
        np.add(above, 1, out=row)
        np.minimum(row[1:], above[:-1] + (others != codes.get(word, -1)), out=row[1:])
        for j, start in arcs_to.get(i, ()):  # which is in a row above
            row[j] = min(row[j], costs[start])
        row[:] = np.minimum.accumulate(row - places) + places  # insertions
    return costs


def _before(
    costs: NDArray[np.int32], source: Sequence[str], target: Sequence[str], arcs: dict[Arc, Arc], at: Arc
) -> Arc:
    i, j = at
    cost = costs[at]
    if i and j and cost == costs[i - 1, j - 1] + (source[i - 1] != target[j - 1]):
        return i - 1, j - 1
    if at in arcs:
        start = arcs[at]
        if cost == costs[start]:
            return start
    return (i - 1, j) if i and cost == costs[i - 1, j] + 1 else (i, j - 1)


def _written_apart(words: Sequence[str], compounds: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Start and end of several words in a row, and the place of a compound that they are together."""
    places: dict[str, list[int]] = {}
    for at, compound in enumerate(compounds):
        places.setdefault(compound, []).append(at)
    longest = max(map(len, compounds), default=0)
    for start, first in enumerate(words):
        together = first
        for end in range(start + 1, len(words)):
            together += words[end]
            if len(together) > longest:
                break
            for at in places.get(together, ()):
                yield start, end + 1, at
