"""CSV export of a detector's errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import DetectionTable
    from slicecore.metrics.costs import Members


def detection_table(scores: DetectionTable, threshold: float, groups: Mapping[str, Members]) -> pd.DataFrame:
    """False accepts and false rejects at a threshold, over all clips (slice_id empty), then in every slice.

    Columns: slice_id, threshold; nontargets, false_accepts, false_accept_rate with its 95 % interval (_low, _high);
    targets, false_rejects, false_reject_rate with its interval; equal_error_rate of the group.

    Parameters
    ----------
    scores
        Of the whole table.
    threshold
        Scores from it on are accepted.
    groups
        Id of every slice -> its clips.
    """
    import pandas as pd

    everything: Mapping[str, Members | None] = {"": None, **groups}
    rows = []
    for slice_id, members in everything.items():
        rates = scores.rates(threshold, members)
        accept_low, accept_high = rates.false_accept_interval
        reject_low, reject_high = rates.false_reject_interval
        rows.append(
            {
                "slice_id": slice_id,
                "threshold": threshold,
                "nontargets": rates.nontargets,
                "false_accepts": rates.false_accepts,
                "false_accept_rate": rates.false_accept_rate,
                "false_accept_rate_low": accept_low,
                "false_accept_rate_high": accept_high,
                "targets": rates.targets,
                "false_rejects": rates.false_rejects,
                "false_reject_rate": rates.false_reject_rate,
                "false_reject_rate_low": reject_low,
                "false_reject_rate_high": reject_high,
                "equal_error_rate": scores.curve(members).equal_error_rate,
            }
        )
    return pd.DataFrame(rows)
