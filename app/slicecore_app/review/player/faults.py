"""Causes whose places are marked in the picture of a clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.media import marks_url

if TYPE_CHECKING:
    from numpy.typing import NDArray


def marks_of_clips(result: ReviewResult) -> str:
    """Address of the marks of any clip, `{row}` in the place of its row; "" while the clips are not measured.

    Marked in a clip are the causes that it shows by itself, and those of the slice on the page where it is in that.
    """
    measured = result.reasons.measured
    if measured is None:
        return ""
    slice_ = result.subject.slice if result.subject else None
    explanation = result.reasons.of(slice_)
    causes = [cause.name for cause in explanation.causes] if explanation else []
    members = slice_.members if slice_ is not None else np.zeros(0, np.int64)
    shown = measured.explainer.context.shown
    choices = f"{result.prediction} {result.choice} {slice_.id if slice_ else ''} {' '.join(causes)}"
    return marks_url(result.table.open_causes(choices, lambda row: _causes(row, shown, causes, members)))


def _causes(
    row: int, shown: NDArray[np.bool_], causes: Sequence[str], members: NDArray[np.int64]
) -> list[str]:
    from slicecore.explain.causes.rules import CAUSES

    own = [name for name, is_shown in zip(CAUSES, shown[row], strict=True) if is_shown]
    return list(dict.fromkeys([*(causes if (members == row).any() else []), *own]))
