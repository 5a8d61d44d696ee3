"""Single errors of transcripts as a table: a row per substituted, deleted or inserted word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import MetricError
from slicecore.text.alignment import DELETED, EQUAL, INSERTED, SUBSTITUTED, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.slices.result import Scan
    from slicecore.table.dataset import Dataset

_KINDS = {SUBSTITUTED: "substitution", DELETED: "deletion", INSERTED: "insertion"}


def has_words(costs: Costs) -> bool:
    """True if a metric is one of transcripts, whose errors are those of words or of their characters."""
    return costs.unit in ("words", "characters")


def error_rows(
    data: Dataset, scan: Scan | None = None, *, normalisation: str = DEFAULT_NORMALISATION
) -> pd.DataFrame:
    """A row per wrong word of the first model's predictions, in the order of the clips and their words.

    Columns: id, slice_id (only with a scan; empty outside any slice), kind ("substitution", "deletion" or
    "insertion"), reference_word (empty where a word was inserted), predicted_word (empty where one was deleted),
    position (number of the word in the reference, from 1; of an inserted one the number of the word before it, 0 at
    the beginning), then the clip's start and end where clips are parts of files. Words are as the normalisation
    leaves them; in a word error rate each row counts once.

    Parameters
    ----------
    data
        The clips.
    scan
        Slices of these clips.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`; that of the metric.

    Raises
    ------
    TableError
        There are no references or no predictions.
    MetricError
        The normalisation is unknown, or the scan is of a metric that does not compare transcripts.

    Examples
    --------
    >>> data = sc.read(pd.DataFrame({"reference": ["a cold day"], "prediction": ["a gold"]}))
    >>> sc.error_rows(data).drop(columns="id")
               kind reference_word predicted_word  position
    0  substitution           cold           gold         2
    1      deletion            day                        3
    """
    import pandas as pd

    if scan is not None and not has_words(scan.costs):
        raise MetricError(
            f"Single errors are those of words, but {scan.costs.name} does not compare transcripts. Choose wer or cer."
        )
    aligned = align_table(data.reference, data.prediction, normalisation)
    wrong = np.flatnonzero(aligned.kind != EQUAL)
    clip = aligned.clip[wrong]
    words = np.array([*aligned.vocabulary, ""], dtype=object)
    # Words of the references up to every step, less those of the clips before.
    so_far = np.concatenate([[0], np.cumsum(aligned.reference >= 0)])
    columns: dict[str, object] = {"id": data.ids[clip]}
    if scan is not None:
        slice_ids = np.array([slice_.id for slice_ in scan.slices] + [""], dtype=object)
        columns["slice_id"] = slice_ids[scan.slice_of_clip[clip]]
    columns |= {
        "kind": np.array([_KINDS.get(kind, "") for kind in range(4)], dtype=object)[aligned.kind[wrong]],
        "reference_word": words[aligned.reference[wrong]],
        "predicted_word": words[aligned.prediction[wrong]],
        "position": so_far[wrong + 1] - so_far[aligned.first_step[clip]],
    }
    for role, column in (("start", data.roles.start), ("end", data.roles.end)):
        if column is not None:
            columns[role] = data.table[column].to_numpy()[clip]
    return pd.DataFrame(columns)
