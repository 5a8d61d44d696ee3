"""Sums of residuals over the parts of trees, for permutations of very many clips that share shuffles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from slicecore.slices.shared_shuffles import SharedShuffles, shuffled_effects

_WIDTH = 20
CELLS_AT_ONCE = 1 << 15
"""Cells whose sums are taken at once: memory for more would be cleared anew each time."""


@dataclass(frozen=True, eq=False)
class GroupParts:
    """Effects of groups, and how much each counts in the cells.

    Attributes
    ----------
    effect : (groups,) effects.
    rates : (cells, groups) sums of weight times sensitivity.
    """

    effect: NDArray[np.float64]
    rates: sparse.csr_array


class JointDealing:
    """Sums over the parts of trees, of residuals that are dealt out to the clips.

    Parameters
    ----------
    residual
        (n,) what is dealt: residuals, or the clips' own parts.
    weight
        (n,) weights of the clips.
    trees
        (parts, n) 1 where a clip is in a part, of every tree. It helps where clips of the same parts stand together.
    effects
        Effects, groups of the clips and their sensitivities, where effects are dealt to groups.
    seed
        Seed of the columns.
    """

    def __init__(
        self,
        residual: NDArray[np.float64],
        weight: NDArray[np.float64],
        trees: Sequence[sparse.csr_array],
        effects: tuple[NDArray, NDArray, NDArray] | None,
        seed: int,
    ) -> None:
        n = len(weight)
        self._shuffles = SharedShuffles(residual, _WIDTH, seed)
        # A cell is what no part of any tree divides, as far as its clips stand together.
        part = [_part_of_clip(parts) for parts in trees]
        first = np.flatnonzero(
            np.concatenate([[True], np.any([np.diff(each) != 0 for each in part], axis=0)])
        )
        bounds = np.append(first, n).astype(np.int32)
        self._weight, self._bounds = weight.astype(np.float32), bounds
        self._cells = [_by_part(each[first], parts.shape[0]) for each, parts in zip(part, trees, strict=True)]
        self._groups: GroupParts | None = None
        if effects is not None:
            effect, group, sensitivity = effects
            rate = (weight * sensitivity).astype(np.float32)
            inputs = rate, group.astype(np.int32), bounds.copy()  # summing duplicates changes them in place
            rates = sparse.csr_array(inputs, shape=(len(first), len(effect)))
            rates.sum_duplicates()
            self._groups = GroupParts(effect, rates)

    def sums(self, count: int, random: np.random.Generator) -> Iterator[list[NDArray[np.float32]]]:
        """(parts, width) sums of each tree, for so many permutations or a few more in all."""
        width, groups = self._shuffles.width, self._groups
        own = np.empty((len(self._bounds) - 1, width), dtype=np.float32)
        for _ in range(0, count, width):
            rows = self._shuffles.rows(random)
            effects = None if groups is None else shuffled_effects(groups.effect, width, random)
            for begin in range(0, len(own), CELLS_AT_ONCE):
                cells = slice(begin, min(len(own), begin + CELLS_AT_ONCE))
                own[cells] = self._own(cells, rows)
                if groups is not None:
                    own[cells] += groups.rates[cells] @ effects
            yield [parts @ own for parts in self._cells]

    def _own(self, cells: slice, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """(cells, width) sums of what some cells' clips are dealt, which is some row of the columns each."""
        columns = self._shuffles.columns
        bounds = self._bounds[cells.start : cells.stop + 1]
        clips = slice(bounds[0], bounds[-1])
        inputs = self._weight[clips], rows[clips], bounds - bounds[0]
        return sparse.csr_array(inputs, shape=(len(bounds) - 1, len(columns))) @ columns


def _part_of_clip(parts: sparse.csr_array) -> NDArray[np.int32]:
    """(n,) part of every clip, -1 for one in none."""
    part = np.full(parts.shape[1], -1, dtype=np.int32)
    part[parts.indices] = np.repeat(np.arange(parts.shape[0], dtype=np.int32), np.diff(parts.indptr))
    return part


def _by_part(part: NDArray[np.int32], count: int) -> sparse.csr_array:
    """(parts, cells) 1 where a cell is in a part."""
    cell = np.flatnonzero(part >= 0).astype(np.int32)
    ones = np.ones(len(cell), dtype=np.float32)
    return sparse.csr_array((ones, (part[cell], cell)), shape=(count, len(part)))
