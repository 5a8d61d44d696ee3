"""Lists of clips that deserve a look whatever their cluster: empty, repeated or over-long output, wrong references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.explain.wrong_references import WrongReference
    from slicecore.table.dataset import Dataset

EMPTY, REPEATED, LONG, WRONG, MARKED, CORRECTED = "empty", "repeated", "long", "wrong", "marked", "corrected"


@dataclass(frozen=True)
class OddOutput:
    """Limits from which on the output of a model is odd; chosen by judgement, no benchmark covers them.

    Attributes
    ----------
    repeated_words : words of a prediction that only repeat what went before.
    length_ratio : words of a prediction per word of the reference.
    """

    repeated_words: int = 6
    length_ratio: float = 2.0


LIMITS = OddOutput()


@dataclass(frozen=True, eq=False)
class ClipList:
    """Some clips of a table.

    Attributes
    ----------
    name : short name, such as "empty".
    label : name for people, such as "Empty predictions".
    reason : how the clips were chosen.
    rows : the clips, ascending.
    """

    name: str
    label: str
    reason: str
    rows: NDArray[np.int64]


def clip_lists(
    data: Dataset,
    measured: pd.DataFrame | None = None,
    wrong_references: Sequence[WrongReference] = (),
    marked: Sequence[int] | NDArray[np.int64] = (),
    corrected: Sequence[int] | NDArray[np.int64] = (),
    empty: NDArray[np.int64] | None = None,
) -> tuple[ClipList, ...]:
    """All lists that hold a clip.

    Parameters
    ----------
    data
        The clips; the first prediction counts.
    measured
        `Measurements.table`; without it there are no lists of repeated and over-long output.
    wrong_references
        From `find_wrong_references`.
    marked, corrected
        Rows of the clips whose reference a person called wrong, and of those that a person corrected.
    empty
        From `empty_predictions`, where that is known.
    """
    if empty is None:
        empty = empty_predictions(data)
    lists = [ClipList(EMPTY, "Empty predictions", "nothing was recognised", empty)]
    if measured is not None:
        repeated = np.flatnonzero(measured["repeated_words"] >= LIMITS.repeated_words)
        long = np.flatnonzero(measured["length_ratio"] >= LIMITS.length_ratio)
        lists += [
            ClipList(REPEATED, "Repeated output", "words repeated over and over", repeated),
            ClipList(LONG, "Predictions over twice as long", "twice as many words as the reference", long),
        ]
    wrong = np.array(sorted(reference.row for reference in wrong_references), dtype=np.int64)
    by_people, put_right = (np.unique(np.asarray(rows, dtype=np.int64)) for rows in (marked, corrected))
    lists += [
        ClipList(WRONG, "Probably wrong references", "signs that the reference is wrong", wrong),
        ClipList(MARKED, "Marked wrong references", "a reviewer listened and marked them", by_people),
        ClipList(CORRECTED, "Corrected references", "a reviewer listened and corrected them", put_right),
    ]
    return tuple(list_ for list_ in lists if len(list_.rows))


def empty_predictions(data: Dataset) -> NDArray[np.int64]:
    """Rows of the clips that have a reference and an empty prediction."""
    # What has a letter or a sign of ASCII is not empty, which the column knows without an object for each text.
    perhaps = np.flatnonzero(~data.prediction.str.contains("[!-~]").to_numpy(dtype=bool))
    texts = zip(data.prediction.iloc[perhaps], data.reference.iloc[perhaps], strict=True)
    is_empty = [not prediction.strip() and bool(reference.strip()) for prediction, reference in texts]
    return perhaps[np.array(is_empty, dtype=bool)]
