"""Confusion of labels as the browser draws it: a matrix, and the errors of every class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.metrics.labels import OTHERS
from slicecore.wording import rate

if TYPE_CHECKING:
    from slicecore.metrics import Confusion, LabelTable
    from slicecore_app.review.review_result import ReviewResult

MOST_CLASSES = 30
"""Rows and columns of a matrix that are still read; with more classes the last one stands for all others."""


@dataclass(frozen=True)
class ClassRow:
    """Errors of one class, as texts; `hint` has what they are in the rest of the clips, "" without a rest."""

    label: str
    clips: str
    errors: str
    precision: str
    recall: str
    f1: str
    hint: str


@dataclass(frozen=True)
class Matrix:
    """Confusion of some clips.

    Attributes
    ----------
    labels : of the rows (references) and the columns (predictions).
    counts : clips, row by row.
    others : how many labels the last one stands for; 0 where it stands for itself.
    classes : errors by class, those with most errors first.
    """

    labels: Sequence[str]
    counts: Sequence[Sequence[int]]
    others: int
    classes: Sequence[ClassRow]


@dataclass(frozen=True)
class ConfusionView:
    """Confusion of the picked clips, None where nothing is picked, and that of all."""

    picked: Matrix | None
    whole: Matrix


def confusion_view(rows: NDArray[np.int64] | None, result: ReviewResult) -> ConfusionView | None:
    """Confusion of the picked clips (`rows`) and of all; None where labels are not compared, or too many."""
    labels = labels_of(result)
    if labels is None:
        return None
    whole = labels.confusion()
    own = labels.confusion(rows) if rows is not None and len(rows) else None
    return ConfusionView(_matrix(own, whole) if own is not None else None, _matrix(whole))


def labels_of(result: ReviewResult) -> LabelTable | None:
    """Labels of the model on the page; None where labels are not compared, or too many."""
    if result.costs.model_costs.unit != "labels":
        return None
    labels = result.table.scoring.labels(result.prediction)
    return labels if labels.has_matrix else None


def clips_of_cell(
    actual: str, predicted: str, rows: NDArray[np.int64] | None, result: ReviewResult
) -> NDArray[np.int64]:
    """Rows of the clips of one cell of the matrix of some clips, or of all (None).

    None where there is no such label, on a page of before. `OTHERS` stands for what the matrix leaves out.
    """
    labels = labels_of(result)
    if labels is None:
        return np.zeros(0, np.int64)
    merged = labels.confusion(rows).condensed(MOST_CLASSES).merged
    sides = [merged if label == OTHERS and merged else label for label in (actual, predicted)]
    try:
        cell = labels.rows(*sides)
    except MetricError:
        return np.zeros(0, np.int64)
    return cell if rows is None else np.intersect1d(cell, rows)


def _matrix(confusion: Confusion, whole: Confusion | None = None) -> Matrix:
    drawn = confusion.condensed(MOST_CLASSES)
    return Matrix(drawn.labels, drawn.counts.tolist(), len(drawn.merged), _classes(confusion, whole))


def _classes(confusion: Confusion, whole: Confusion | None) -> list[ClassRow]:
    """Errors by class; those of the rest follow from the whole."""
    errors = confusion.clips - confusion.counts.diagonal()
    there = np.flatnonzero(confusion.clips + confusion.predicted)
    order = there[np.lexsort([there, -errors[there]])][:MOST_CLASSES]
    hints = [""] * len(order)
    if whole is not None:
        rest = whole.clips - confusion.clips
        wrong = whole.clips - whole.counts.diagonal() - errors
        hints = [f"{wrong[i]:,} of {rest[i]:,} wrong in the rest" for i in order]
    return [
        ClassRow(
            confusion.labels[i],
            f"{confusion.clips[i]:,}",
            f"{errors[i]:,}",
            rate(confusion.precision[i]),
            rate(confusion.recall[i]),
            rate(confusion.f1[i]),
            hint,
        )
        for i, hint in zip(order, hints, strict=True)
    ]
