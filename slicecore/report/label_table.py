"""CSV exports of a classifier's errors: by class, and by pairs of classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import LabelTable
    from slicecore.metrics.costs import Members


def labels_table(labels: LabelTable, groups: Mapping[str, Members]) -> pd.DataFrame:
    """Errors by class, over all clips (slice_id empty), then in every slice.

    Columns: slice_id, label, clips, errors, error_rate, precision, recall, f1 and taken_for.

    Parameters
    ----------
    labels
        Of the whole table.
    groups
        Id of every slice -> its clips.
    """
    import pandas as pd

    everything: Mapping[str, Members | None] = {"": None, **groups}
    tables = []
    for slice_id, members in everything.items():
        table = labels.confusion(members).by_label()
        table.insert(0, "slice_id", slice_id)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def confusion_table(labels: LabelTable, groups: Mapping[str, Members]) -> pd.DataFrame:
    """Cells of the confusion matrix that have clips, over all clips (slice_id empty), then in every slice.

    Columns: slice_id, reference, prediction, clips and share_of_reference (of the clips with that reference).

    Parameters
    ----------
    labels
        Of the whole table.
    groups
        Id of every slice -> its clips.
    """
    import pandas as pd

    everything: Mapping[str, Members | None] = {"": None, **groups}
    tables = []
    for slice_id, members in everything.items():
        confusion = labels.confusion(members)
        actual, predicted = np.nonzero(confusion.counts)
        clips = confusion.counts[actual, predicted]
        tables.append(
            pd.DataFrame(
                {
                    "slice_id": slice_id,
                    "reference": [labels.labels[code] for code in actual],
                    "prediction": [labels.labels[code] for code in predicted],
                    "clips": clips,
                    "share_of_reference": clips / confusion.clips[actual],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
