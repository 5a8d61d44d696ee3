"""Kinds of word errors in a group of clips and in the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import rows_of
from slicecore.metrics.transcripts import WordErrors
from slicecore.wording import fixed, percent

KINDS = ("substitutions", "deletions", "insertions")
"""In the order of `ErrorKinds`."""

_FEWEST_ERRORS = 10  # of a group for the commonest kind to be named
_LARGE_SHARE = 0.5  # share of the errors of a group that are of one kind for it to be named
_LARGER_SHARE = 0.15  # how much larger it must be than in the rest


@dataclass(frozen=True, eq=False)
class ErrorKinds:
    """Word errors by kind.

    Attributes
    ----------
    inside, outside : (3,) substitutions, deletions and insertions in a group of clips and in the rest.
    """

    inside: NDArray[np.float64]
    outside: NDArray[np.float64]

    @classmethod
    def of(cls, errors: WordErrors, members: Sequence[int] | NDArray) -> ErrorKinds:
        """Add up the errors of some clips, rows or a mask, and of all others."""
        counts = np.stack([errors.substitutions, errors.deletions, errors.insertions])
        inside = counts[:, rows_of(members, counts.shape[1])].sum(axis=1)
        return cls(inside, counts.sum(axis=1) - inside)

    @property
    def commonest(self) -> str:
        """The kind that most errors of the group are of, if it is not as common in the rest: "70 % of the errors …"."""
        if self.inside.sum() < _FEWEST_ERRORS or not self.outside.sum():
            return ""
        inside, outside = self.inside / self.inside.sum(), self.outside / self.outside.sum()
        kind = int(inside.argmax())
        if inside[kind] < _LARGE_SHARE or inside[kind] - outside[kind] < _LARGER_SHARE:
            return ""
        return f"{percent(inside[kind])} of the errors are {KINDS[kind]} (rest: {percent(outside[kind])})"

    @property
    def sentence(self) -> str:
        """All kinds with their shares: "Errors: 50 % substitutions, 40 % deletions, 10 % insertions (rest: …)."."""
        if not self.inside.sum():
            return "No errors here."
        shares = (
            f"{percent(share)} {kind}" for kind, share in zip(KINDS, self._shares(self.inside), strict=True)
        )
        text = "Errors: " + ", ".join(shares)
        if self.outside.sum():
            text += f" (rest: {', '.join(fixed(100 * share) for share in self._shares(self.outside))} %)"
        return text + "."

    @staticmethod
    def _shares(counts: NDArray[np.float64]) -> list[float]:
        return (counts / counts.sum()).tolist()
