"""Tables that people take along: the reviewed slices, all slices, all clips. CSV by RFC 4180, UTF-8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.dataset import Dataset
    from slicecore.scan import Scan, Slice
    from slicecore.verdicts import Judgement, OwnSlice

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DECIMALS = 6
_VERDICT_COLUMNS = ("verdict", "tags", "note", "reviewer", "time")
_OWN_COLUMNS = ("name", "reason")
_SLICE_COLUMNS = ("slice_support", "slice_value", "overall_value", "drop", "metric", *_OWN_COLUMNS)
_RESERVED = frozenset(("slice_id", *_VERDICT_COLUMNS, *_SLICE_COLUMNS))


def clips_table(data: Dataset, found: Scan, rows: Sequence[int] | np.ndarray | None = None) -> pd.DataFrame:
    """Every clip, or those of some rows in their order, with its counts and the slice it belongs to.

    Columns: id, audio, reference, prediction, errors, words, value, slice_id (empty outside any slice), then the
    table's own metadata. `errors` and `words` are the metric's numerator and denominator.
    """
    slice_ids = np.array([one.id for one in found.slices] + [""], dtype=object)[found.slice_of_clip]
    frame = _clip_columns(data, found)
    frame["slice_id"] = slice_ids
    frame = _with_metadata(frame, data)
    return frame if rows is None else frame.iloc[np.asarray(rows, dtype=int)].reset_index(drop=True)


def slices_table(
    found: Scan,
    judgements: Mapping[str, Judgement] | None = None,
    own: Sequence[tuple[OwnSlice, Slice]] = (),
) -> pd.DataFrame:
    """Every flagged slice in the order of the scan, then those people made, with what reviewers said where they did.

    `name` and `reason` are those of slices that people made, which have no `rank`; they are empty for flagged ones.
    `tier` and `p_value` are empty where the scan made no test; the interval is that of `value`.
    """
    import pandas as pd

    said = judgements or {}
    rows = []
    flagged = [(rank, one, None) for rank, one in enumerate(found.slices, 1)]
    for rank, one, mine in [*flagged, *((None, one, mine) for mine, one in own)]:
        judgement = said.get(one.id)
        rows.append(
            {
                "slice_id": one.id,
                "rank": rank,
                "tier": one.tier,
                "p_value": one.p_value,
                "support": one.support,
                "value": one.value,
                "interval_low": one.interval[0],
                "interval_high": one.interval[1],
                "drop": one.drop,
                "impact": one.impact,
                "share": one.share,
                "metric": found.costs.name,
                "overall_value": found.overall,
                **_verdict_columns(judgement),
                **_own_columns(mine),
            }
        )
    columns = [
        *("slice_id", "rank", "tier", "p_value", "support", "value", "interval_low", "interval_high"),
        *("drop", "impact", "share", "metric", "overall_value"),
        *_VERDICT_COLUMNS,
        *_OWN_COLUMNS,
    ]
    return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})


def reviewed_table(
    data: Dataset,
    found: Scan,
    judgements: Mapping[str, Judgement],
    own: Mapping[str, OwnSlice] | None = None,
) -> pd.DataFrame:
    """A row per clip of every judged slice, also of slices that the present thresholds no longer find.

    Columns: slice_id, verdict, tags, note, reviewer, time, id, audio, reference, prediction, errors, words, value,
    slice_support, slice_value, overall_value, drop, metric, name and reason of slices that people made (`own`, by id),
    then the table's own metadata.
    """
    import pandas as pd

    costs = found.costs
    row_of = {clip_id: row for row, clip_id in enumerate(data.ids)}
    clips = _clip_columns(data, found)
    always = list(clips.columns)
    clips = _with_metadata(clips, data)
    columns = ["slice_id", *_VERDICT_COLUMNS, *always, *_SLICE_COLUMNS, *clips.columns[len(always) :]]
    parts = []
    for judgement in judgements.values():
        rows = np.array(sorted(row_of[i] for i in judgement.clip_ids if i in row_of), dtype=int)
        value = costs.value(rows)
        part = clips.iloc[rows].assign(
            slice_id=judgement.slice_id,
            **_verdict_columns(judgement),
            slice_support=len(rows),
            slice_value=value,
            overall_value=found.overall,
            drop=found.overall - value if costs.higher_is_better else value - found.overall,
            metric=costs.name,
            **_own_columns((own or {}).get(judgement.slice_id)),
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def to_csv(table: pd.DataFrame) -> bytes:
    """CSV bytes of a table: UTF-8, CRLF, quoted by RFC 4180, cells that a spreadsheet would run made harmless.

    Text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return gets an apostrophe before it, unless it
    is a number (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype.kind == "f":
            safe[name] = safe[name].round(_DECIMALS)
        elif safe[name].dtype.kind not in "iub":
            safe[name] = safe[name].map(_defuse)
    return safe.rename(columns=_defuse).to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write `to_csv(table)` to a file."""
    path.write_bytes(to_csv(table))


def _defuse(cell: object) -> object:
    if not isinstance(cell, str) or not cell.startswith(_FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell


def _verdict_columns(judgement: Judgement | None) -> dict[str, str]:
    if judgement is None:
        return dict.fromkeys(_VERDICT_COLUMNS, "")
    return {
        "verdict": judgement.verdict or "",
        "tags": "; ".join(judgement.tags),
        "note": judgement.note,
        "reviewer": judgement.reviewer,
        "time": judgement.time,
    }


def _own_columns(own: OwnSlice | None) -> dict[str, str]:
    return {name: getattr(own, name) if own else "" for name in _OWN_COLUMNS}


def _clip_columns(data: Dataset, found: Scan) -> pd.DataFrame:
    import pandas as pd

    costs = found.costs
    audio = data.table[data.roles.audio] if data.roles.audio else [""] * len(data.ids)
    segment = (("start", data.roles.start), ("end", data.roles.end))
    return pd.DataFrame(
        {
            "id": data.ids,
            "audio": list(audio),
            **{role: data.table[column].to_numpy() for role, column in segment if column is not None},
            "reference": list(data.reference),
            "prediction": list(data.prediction),
            "errors": _whole(costs.numerator),
            "words": _whole(costs.denominator),
            "value": costs.per_clip(),
        }
    )


def _with_metadata(frame: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    for name in data.metadata:
        # A column of the user's that is called like one of ours keeps its values under another name.
        free = name if name not in frame.columns and name not in _RESERVED else f"{name}_in_table"
        frame[free] = data.table[name].to_numpy()
    return frame


def _whole(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(np.int64) if np.all(numbers == np.floor(numbers)) else numbers
