"""Two classifiers on the same clips: which of them takes which label for which, and on which clips they differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.groups import rows_of
from slicecore.metrics.costs import Members
from slicecore.metrics.labels import Confusion, LabelTable


@dataclass(frozen=True, eq=False)
class ConfusionChange:
    """Confusion matrices of two models over a group of clips, with the same labels.

    Attributes
    ----------
    model, other
        The matrices of both.
    gained, lost : (labels, labels) int64
        Clips that only the model puts into a cell, and clips that only the other one does.
    """

    model: Confusion
    other: Confusion
    gained: NDArray[np.int64]
    lost: NDArray[np.int64]


class LabelComparison:
    """Labels of two models on the same clips.

    Parameters
    ----------
    model, other
        The labels of both, by the same references.

    Raises
    ------
    MetricError
        The clips or the references are not the same.
    """

    def __init__(self, model: LabelTable, other: LabelTable) -> None:
        self.labels = tuple(dict.fromkeys([*model.labels, *other.labels]))
        self._tables = model, other
        code_of = {label: code for code, label in enumerate(self.labels)}
        own, others = (
            np.array([code_of[label] for label in table.labels], dtype=np.int64) for table in (model, other)
        )
        if not np.array_equal(own[model.actual], others[other.actual]):
            raise MetricError(
                "The labels of two models are compared by the same references of the same clips."
            )
        self._actual = own[model.actual]
        self._predicted = own[model.predicted], others[other.predicted]

    def change(self, group: Members | None = None, most: int | None = None) -> ConfusionChange:
        """Both matrices of a group of clips (of all by default), with the same labels.

        Parameters
        ----------
        group
            Rows or a mask.
        most
            With more labels those with most mistakes of both models are left, and the others are one; see
            `Confusion.condensed`.
        """
        rows = rows_of(group, len(self._actual))
        actual, size = self._actual[rows], len(self.labels)
        model, other = (
            Confusion(self.labels, _cells(actual, predicted[rows], size)) for predicted in self._predicted
        )
        both = Confusion(self.labels, model.counts + other.counts)
        drawn = both.condensed(size if most is None else most)
        place_of = {label: place for place, label in enumerate(drawn.labels)}
        place = np.array([place_of.get(label, len(drawn.labels) - 1) for label in self.labels])
        size, actual = len(drawn.labels), place[actual]
        by_model, by_other = (place[predicted[rows]] for predicted in self._predicted)
        differs = by_model != by_other
        return ConfusionChange(
            Confusion(drawn.labels, _cells(actual, by_model, size), drawn.merged),
            Confusion(drawn.labels, _cells(actual, by_other, size), drawn.merged),
            gained=_cells(actual[differs], by_model[differs], size),
            lost=_cells(actual[differs], by_other[differs], size),
        )

    def rows(self, actual: str | Collection[str], predicted: str | Collection[str]) -> NDArray[np.int64]:
        """Rows of the clips that only one of the models puts into a cell; each side is a label or several labels.

        Raises
        ------
        MetricError
            There is no such label.
        """
        is_actual = self._has(self._actual, actual)
        by_model, by_other = (self._has(codes, predicted) for codes in self._predicted)
        return np.flatnonzero(is_actual & (by_model != by_other))

    def _has(self, codes: NDArray[np.int64], labels: str | Collection[str]) -> NDArray[np.bool_]:
        wanted = [labels] if isinstance(labels, str) else labels
        for label in wanted:
            if label not in self.labels:
                raise MetricError(f"Neither model has a label “{label}”.")
        return np.isin(codes, [self.labels.index(label) for label in wanted])


def _cells(actual: NDArray[np.int64], predicted: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.bincount(actual * size + predicted, minlength=size * size).reshape(size, size)
