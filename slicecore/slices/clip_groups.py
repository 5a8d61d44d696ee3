"""Groups that clips come in, such as speakers, sessions or devices, and who is in a slice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.result import SliceGroups


@dataclass(frozen=True, eq=False)
class ClipGroups:
    """Group of every clip.

    Attributes
    ----------
    noun : for one of the groups, such as "speaker".
    names : of the groups, sorted.
    code : (n,) position in `names`, -1 for a clip that is in no group.
    """

    noun: str
    names: tuple[str, ...]
    code: NDArray[np.int64]

    @classmethod
    def of(cls, labels: "ClipGroups | Sequence[object] | NDArray", noun: str = "group") -> "ClipGroups":
        """Groups from a label per clip; one that is empty, None or NaN is no group. Groups come back as they are."""
        if isinstance(labels, ClipGroups):
            return labels

        import pandas as pd

        # Labels come again and again: the texts of those that differ are looked at.
        given, different = pd.factorize(pd.Series(list(labels), dtype=object))
        texts = np.array([*(str(cell).strip() or None for cell in different), None], dtype=object)
        code, names = pd.factorize(texts, sort=True)
        return cls(noun, tuple(map(str, names)), code.astype(np.int64)[given])

    def __len__(self) -> int:
        return len(self.code)

    def is_group(self, name: str, clips: NDArray[np.bool_]) -> bool:
        """True if clips, (n,), are all those of the group of that name."""
        return name in self.names and bool(np.array_equal(self.code == self.names.index(name), clips))

    def of_slice(self, members: NDArray[np.int64], losses: NDArray[np.float64]) -> SliceGroups:
        """The groups of some clips; clips in no group are one each.

        Parameters
        ----------
        members
            Rows of the clips.
        losses
            (n,) what every clip loses, see `slicecore.metrics.Costs.losses`.
        """
        code, lost = self.code[members], losses[members]
        known = code >= 0
        if not known.any():
            return SliceGroups(self.noun, len(members), "", 0.0, "", 0.0)
        groups, place = np.unique(code[known], return_inverse=True)
        clips, errors = np.bincount(place), np.bincount(place, lost[known])
        largest, worst = int(clips.argmax()), int(errors.argmax())
        total = float(lost.sum())
        return SliceGroups(
            noun=self.noun,
            count=len(groups) + int(np.count_nonzero(~known)),
            largest=self.names[groups[largest]],
            share_of_clips=float(clips[largest] / len(members)),
            worst=self.names[groups[worst]],
            share_of_errors=float(errors[worst]) / total if total > 0 else 0.0,
        )


def each_in_a_group(code: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) group of every clip from (n,) codes of groups; a clip in none, of code -1, is a group of its own."""
    code, alone = code.copy(), np.flatnonzero(code < 0)
    code[alone] = code.max(initial=-1) + 1 + np.arange(len(alone))
    return code
