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


@dataclass(frozen=True)
class CommonestLimits:
    """Limits from which on the commonest kind of errors is named; chosen by judgement, no benchmark covers them.

    Attributes
    ----------
    fewest_errors : errors of the group.
    large_share : share of them that are of one kind.
    larger_share : how much larger that share is than in the rest.
    """

    fewest_errors: int = 10
    large_share: float = 0.5
    larger_share: float = 0.15


LIMITS = CommonestLimits()


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
        if self.inside.sum() < LIMITS.fewest_errors or not self.outside.sum():
            return ""
        inside, outside = self.inside / self.inside.sum(), self.outside / self.outside.sum()
        kind = int(inside.argmax())
        if inside[kind] < LIMITS.large_share or inside[kind] - outside[kind] < LIMITS.larger_share:
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
