"""Confusion of labels as the browser draws it: a matrix, and the errors of every class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.display.confusion_colours import cell_points, change_points
from slicecore.errors import MetricError
from slicecore.metrics.label_changes import LabelComparison
from slicecore.metrics.labels import OTHERS
from slicecore.wording import points, rate, signed

if TYPE_CHECKING:
    from slicecore.metrics import Confusion, LabelTable
    from slicecore.metrics.label_changes import ConfusionChange
    from slicecore_app.review.review_result import ReviewResult

MOST_CLASSES = 30
"""Rows and columns of a matrix that are still read; with more classes the last one stands for all others."""


MODEL, OTHER, DIFFERENCE = "model", "other", "difference"
"""Kinds of matrices: of the first model, of the one it is compared with, and of the first less the other."""


@dataclass(frozen=True)
class ClassRow:
    """Errors of one class, as texts, with signs in a difference.

    `hint` has what they are in the rest of the clips, or by either model; "" where there is neither.
    """

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
    counts : clips, row by row; of the first model where it stands for a difference.
    points : of every cell on the drop scale, None where it has no colour.
    others : how many labels the last one stands for; 0 where it stands for itself.
    classes : errors by class, those with most errors first.
    gained, lost : clips that only the first model puts into a cell, and that only the other one does; None where the
        matrix is of one model.
    """

    labels: Sequence[str]
    counts: Sequence[Sequence[int]]
    points: Sequence[Sequence[int | None]]
    others: int
    classes: Sequence[ClassRow]
    gained: Sequence[Sequence[int]] | None = None
    lost: Sequence[Sequence[int]] | None = None


@dataclass(frozen=True)
class Side:
    """Confusion by a model, or the difference of two: of the picked clips, None where nothing is picked, and of all.

    `kind` is `MODEL`, `OTHER` or `DIFFERENCE`; `name` what people call it.
    """

    kind: str
    name: str
    picked: Matrix | None
    whole: Matrix


@dataclass(frozen=True)
class ConfusionView:
    """Matrices among which the reader chooses: of the one model, or of two models and their difference."""

    sides: Sequence[Side]


def confusion_view(rows: NDArray[np.int64] | None, result: ReviewResult) -> ConfusionView | None:
    """Confusion of the picked clips (`rows`) and of all; None where labels are not compared, or too many."""
    if rows is not None and not len(rows):
        rows = None
    sides = [
        _side(kind, name, labels, rows)
        for kind, name in ((MODEL, result.prediction), (OTHER, result.compared))
        if name and (labels := labels_of(result, name)) is not None
    ]
    if comparison := _comparison(result):
        sides.append(_difference(comparison, rows))
    return ConfusionView(sides) if sides else None


def labels_of(result: ReviewResult, model: str = "") -> LabelTable | None:
    """Labels of a model, by default the first on the page; None where labels are not compared, or too many."""
    if result.costs.model_costs.unit != "labels":
        return None
    labels = result.table.scoring.labels(model or result.prediction)
    return labels if labels.has_matrix else None


def clips_of_cell(
    actual: str, predicted: str, kind: str, rows: NDArray[np.int64] | None, result: ReviewResult
) -> NDArray[np.int64]:
    """Rows of the clips of one cell of the matrix of some clips, or of all (None).

    Of a difference these are the clips that only one of the models puts there. None where there is no such label or
    matrix, on a page of before. `OTHERS` stands for what the matrix leaves out.
    """
    labels: LabelTable | LabelComparison | None
    if kind == DIFFERENCE:
        labels = _comparison(result)
        merged = labels.change(rows, MOST_CLASSES).model.merged if labels else ()
    else:
        labels = labels_of(result, result.compared if kind == OTHER else "")
        merged = labels.confusion(rows).condensed(MOST_CLASSES).merged if labels else ()
    if labels is None:
        return np.zeros(0, np.int64)
    sides = [merged if label == OTHERS and merged else label for label in (actual, predicted)]
    try:
        cell = labels.rows(*sides)
    except MetricError:
        return np.zeros(0, np.int64)
    return cell if rows is None else np.intersect1d(cell, rows)


def _comparison(result: ReviewResult) -> LabelComparison | None:
    if not result.compared:
        return None
    model, other = labels_of(result), labels_of(result, result.compared)
    return LabelComparison(model, other) if model and other else None


def _side(kind: str, name: str, labels: LabelTable, rows: NDArray[np.int64] | None) -> Side:
    whole = labels.confusion()
    picked = None if rows is None else _matrix(labels.confusion(rows), whole)
    return Side(kind, name, picked, _matrix(whole))


def _matrix(confusion: Confusion, whole: Confusion | None = None) -> Matrix:
    drawn = confusion.condensed(MOST_CLASSES)
    points = _whole_points(cell_points(drawn))
    return Matrix(drawn.labels, drawn.counts.tolist(), points, len(drawn.merged), _classes(confusion, whole))


def _whole_points(points: NDArray[np.float64]) -> list[list[int | None]]:
    return [[None if np.isnan(each) else round(each) for each in row] for row in points.tolist()]


def _difference(comparison: LabelComparison, rows: NDArray[np.int64] | None) -> Side:
    def matrix(group: NDArray[np.int64] | None) -> Matrix:
        change = comparison.change(group, MOST_CLASSES)
        return Matrix(
            change.model.labels,
            change.model.counts.tolist(),
            _whole_points(change_points(change)),
            len(change.model.merged),
            _changed_classes(comparison.change(group)),
            change.gained.tolist(),
            change.lost.tolist(),
        )

    return Side(DIFFERENCE, "Difference", None if rows is None else matrix(rows), matrix(None))


def _changed_classes(change: ConfusionChange) -> list[ClassRow]:
    """Errors by class of the first model less those of the other, those first that changed most."""
    model, other = change.model, change.other
    wrong, wrong_other = (each.clips - each.counts.diagonal() for each in (model, other))
    changed = change.gained.sum(axis=1) + change.gained.sum(axis=0) + change.lost.sum(axis=0)
    there = np.flatnonzero(changed)
    order = there[np.lexsort([there, -np.abs(wrong - wrong_other)[there]])][:MOST_CLASSES]
    return [
        ClassRow(
            model.labels[i],
            f"{model.clips[i]:,}",
            signed(wrong[i] - wrong_other[i]),
            points(model.precision[i] - other.precision[i]),
            points(model.recall[i] - other.recall[i]),
            points(model.f1[i] - other.f1[i]),
            f"{wrong[i]:,} wrong, {wrong_other[i]:,} by the other model",
        )
        for i in order
    ]


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
