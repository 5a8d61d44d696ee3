"""Errors of a classifier by class: which labels are taken for which, precision and recall of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.errors import MetricError
from slicecore.groups import rows_of
from slicecore.metrics.costs import Members, Values, check_lengths

if TYPE_CHECKING:
    import pandas as pd

_MOST_LABELS = 1000
"""With more different labels there is no matrix: the cells are their square, and they are rather texts than labels."""
NO_LABEL = "(none)"
"""Label of a clip whose cell is empty."""
OTHERS = "(others)"
"""Label that stands for those that a condensed matrix leaves out."""


@dataclass(frozen=True, eq=False)
class Confusion:
    """Confusion matrix of a group of clips.

    Attributes
    ----------
    labels
        Of references and predictions of the whole table, the commonest reference first.
    counts : (labels, labels) int64
        Clips by reference (rows) and prediction (columns).
    merged
        Labels that the last one, `OTHERS`, stands for; () where every label stands for itself.
    """

    labels: tuple[str, ...]
    counts: NDArray[np.int64]
    merged: tuple[str, ...] = ()

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

    @cached_property
    def f1(self) -> NDArray[np.float64]:
        """Harmonic mean of precision and recall, (labels,); NaN of a label that no clip has or gets.

        van Rijsbergen, Information Retrieval, 1979.
        """
        return _share(2 * self.counts.diagonal(), self.clips + self.predicted)

    def condensed(self, most: int) -> Confusion:
        """The same clips with at most so many labels: those of the group with most mistakes, the others as one.

        A mistake counts for the label that the clip has and for the one that it gets. Labels keep their order; those
        that no clip of the group has or gets are left out. The label of the rest comes last.
        """
        wrong = self.counts - np.diag(self.counts.diagonal())
        mistakes = wrong.sum(axis=0) + wrong.sum(axis=1)
        there = np.flatnonzero(self.clips + self.predicted)
        if len(there) <= most:
            return Confusion(tuple(self.labels[i] for i in there), self.counts[np.ix_(there, there)])
        by_mistakes = there[np.lexsort([there, -mistakes[there]])]
        shown = np.sort(by_mistakes[: most - 1])
        place = np.full(len(self.labels), len(shown))
        place[shown] = np.arange(len(shown))
        counts = np.zeros((len(shown) + 1, len(shown) + 1), dtype=np.int64)
        np.add.at(counts, (place[:, None], place[None, :]), self.counts)
        rest = tuple(self.labels[i] for i in np.setdiff1d(there, shown))
        return Confusion((*(self.labels[i] for i in shown), OTHERS), counts, rest)

    def by_label(self) -> pd.DataFrame:
        """Table with a row per label of the group: clips, errors, rate, precision, recall, F1 and commonest mistake.

        `taken_for` is the label that most of its errors have, "" without errors.
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
                "f1": self.f1,
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
        columns = (pd.Series(list(values), dtype=object) for values in (reference, prediction))
        actual, predicted = (
            column.where(column.notna(), "").astype(str).str.strip().replace("", NO_LABEL)
            for column in columns
        )
        labels = list(dict.fromkeys([*actual.value_counts().index, *predicted.value_counts().index]))
        self._code_of = {label: code for code, label in enumerate(labels)}
        self.labels: tuple[str, ...] = tuple(labels)
        self.actual: NDArray[np.int64] = actual.map(self._code_of).to_numpy(np.int64)
        self.predicted: NDArray[np.int64] = predicted.map(self._code_of).to_numpy(np.int64)

    @property
    def has_matrix(self) -> bool:
        """True if there are few enough labels for a matrix; see `confusion`."""
        return len(self.labels) <= _MOST_LABELS

    def confusion(self, group: Members | None = None) -> Confusion:
        """Confusion matrix of a group of clips, given as rows or a mask; of all by default.

        Raises
        ------
        MetricError
            There are too many labels for a matrix.
        """
        if not self.has_matrix:
            raise MetricError(
                f"There are {len(self.labels):,} different labels, and a matrix has {_MOST_LABELS:,} at most. Choose "
                "another metric (wer or cer) if they are transcripts."
            )
        rows = rows_of(group, len(self.actual))
        size = len(self.labels)
        codes = self.actual[rows] * size + self.predicted[rows]
        return Confusion(self.labels, np.bincount(codes, minlength=size * size).reshape(size, size))

    def rows(self, actual: str | Collection[str], predicted: str | Collection[str]) -> NDArray[np.int64]:
        """Rows of the clips of one cell of the matrix, or of several: each side is a label or several labels.

        Raises
        ------
        MetricError
            There is no such label.
        """
        is_actual, is_predicted = (
            np.isin(codes, self._codes([labels] if isinstance(labels, str) else labels))
            for codes, labels in ((self.actual, actual), (self.predicted, predicted))
        )
        return np.flatnonzero(is_actual & is_predicted)

    def _codes(self, labels: Collection[str]) -> list[int]:
        for label in labels:
            if label not in self._code_of:
                raise MetricError(
                    f"There is no label “{label}”. The labels are: {', '.join(self.labels[:20])}."
                )
        return [self._code_of[label] for label in labels]


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
