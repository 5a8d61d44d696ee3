"""Errors of a classifier by class: which labels are taken for which, precision and recall of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.groups import rows_of
from slicecore.metrics.costs import Members, Values, check_lengths

if TYPE_CHECKING:
    import pandas as pd

NO_LABEL = "(none)"
"""Label of a clip whose cell is empty."""


@dataclass(frozen=True, eq=False)
class Confusion:
    """Confusion matrix of a group of clips.

    Attributes
    ----------
    labels
        Of references and predictions of the whole table, the commonest reference first.
    counts : (labels, labels) int64
        Clips by reference (rows) and prediction (columns).
    """

    labels: tuple[str, ...]
    counts: NDArray[np.int64]

    @cached_property
    def clips(self) -> NDArray[np.int64]:
        """Clips whose reference is each label, (labels,)."""
        clips: NDArray[np.int64] = self.counts.sum(axis=1)
        return clips

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """Clips whose prediction is each label, (labels,)."""
        predicted: NDArray[np.int64] = self.counts.sum(axis=0)
        return predicted

    @cached_property
    def recall(self) -> NDArray[np.float64]:
        """Share of the clips of each label that get it, (labels,); NaN of a label without clips."""
        return _share(self.counts.diagonal(), self.clips)

    @cached_property
    def precision(self) -> NDArray[np.float64]:
        """Share of the predictions of each label that are right, (labels,); NaN of a label never predicted."""
        return _share(self.counts.diagonal(), self.predicted)

    def by_label(self) -> pd.DataFrame:
        """Table with a row per label of the group: clips, errors, rate, precision, recall, F1 and commonest mistake.

        F1 is the harmonic mean of precision and recall (van Rijsbergen, Information Retrieval, 1979). `taken_for` is
        the label that most of its errors have, "" without errors.
        """
        import pandas as pd

        right = self.counts.diagonal()
        wrong = self.counts - np.diag(right)
        taken_for = [self.labels[int(row.argmax())] if row.any() else "" for row in wrong]
        table = pd.DataFrame(
            {
                "label": self.labels,
                "clips": self.clips,
                "errors": self.clips - right,
                "error_rate": 1 - self.recall,
                "precision": self.precision,
                "recall": self.recall,
                "f1": _share(2 * right, self.clips + self.predicted),
                "taken_for": taken_for,
            }
        )
        return table[(self.clips > 0) | (self.predicted > 0)].reset_index(drop=True)


class LabelTable:
    """Labels of a table, as numbers: the confusion of a group then costs one count.

    Parameters
    ----------
    reference, prediction
        (n,) labels, compared as text without the space around them, as `slicecore.metrics.error_rate` does.

    Raises
    ------
    MetricError
        The lengths differ.
    """

    def __init__(self, reference: Values, prediction: Values) -> None:
        import pandas as pd

        check_lengths(reference, prediction)
        actual, predicted = (
            pd.Series(list(values), dtype=object).fillna("").astype(str).str.strip().replace("", NO_LABEL)
            for values in (reference, prediction)
        )
        labels = list(dict.fromkeys([*actual.value_counts().index, *predicted.value_counts().index]))
        at = {label: code for code, label in enumerate(labels)}
        self.labels: tuple[str, ...] = tuple(labels)
        self.actual: NDArray[np.int64] = actual.map(at).to_numpy(np.int64)
        self.predicted: NDArray[np.int64] = predicted.map(at).to_numpy(np.int64)

    def confusion(self, group: Members | None = None) -> Confusion:
        """Confusion matrix of a group of clips, given as rows or a mask; of all by default."""
        rows = rows_of(group, len(self.actual))
        size = len(self.labels)
        codes = self.actual[rows] * size + self.predicted[rows]
        return Confusion(self.labels, np.bincount(codes, minlength=size * size).reshape(size, size))

    def rows(self, actual: str, predicted: str) -> NDArray[np.int64]:
        """Rows of the clips of one cell of the matrix.

        Raises
        ------
        MetricError
            There is no such label.
        """
        for label in (actual, predicted):
            if label not in self.labels:
                raise MetricError(
                    f"There is no label “{label}”. The labels are: {', '.join(self.labels[:20])}."
                )
        codes = self.labels.index(actual), self.labels.index(predicted)
        return np.flatnonzero((self.actual == codes[0]) & (self.predicted == codes[1]))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
