"""Exported tables as Parquet, and clips as a manifest that NeMo and its Speech Data Explorer read."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

_OF_SLICES = ("slice_id", "name", "causes", "verdict", "tags", "note", "reviewer", "clip_verdict")
"""Columns of exported tables that a manifest has as well, where they say something."""


def to_parquet(table: pd.DataFrame) -> bytes:
    """Parquet file of a table. A column whose cells are of several types is one of texts."""
    plain = table.copy()
    for name in plain.columns:
        if plain[name].dtype == object and plain[name].map(type).nunique() > 1:
            plain[name] = plain[name].map(lambda cell: None if _is_missing(cell) else str(cell))
    plain.columns = plain.columns.map(str)
    buffer = io.BytesIO()
    plain.to_parquet(buffer, index=False)
    return buffer.getvalue()


def to_manifest(
    table: pd.DataFrame,
    data: Dataset,
    durations: Callable[[Sequence[int]], Sequence[float | None]],
    corrected: Mapping[int, str],
) -> bytes:
    """JSON lines of the clips of an exported table, an object per row that has sound.

    Keys: audio_filepath (absolute, or a URL), duration and offset in seconds, text, pred_text, and pred_text_NAME for
    every further model; then id, and slice_id, name, causes, verdict, tags, note, reviewer and clip_verdict where the
    table has them and they say something. Where a reviewer corrected the reference, text is the corrected one and
    original_text that of the table. A recording whose length is not known has no duration.

    Parameters
    ----------
    table
        With a column id, as `slicecore.report.tables` makes them.
    data
        The clips.
    durations
        Function from rows to lengths in seconds, None where one is not known.
    corrected
        References that reviewers corrected, by row.
    """
    rows = [data.row_of_id[clip] for clip in table["id"]]
    models = list(data.predictions.items())
    lines = []
    for record, row, length in zip(table.to_dict("records"), rows, durations(rows), strict=True):
        clip = data.clips[row]
        if clip is None:
            continue
        known = length is not None and math.isfinite(length)
        text = corrected.get(row, "")
        entry: dict[str, Any] = {
            "audio_filepath": str(clip.path),
            **({"duration": round(float(length), 4)} if known and length is not None else {}),
            "offset": clip.start,
            "text": text or data.reference.iloc[row],
            **({"original_text": data.reference.iloc[row]} if text else {}),
            "pred_text": models[0][1].iloc[row],
            **{f"pred_text_{name}": texts.iloc[row] for name, texts in models[1:]},
            "id": str(data.ids[row]),
        }
        entry |= {
            name: record[name] for name in _OF_SLICES if name in record and not _is_missing(record[name])
        }
        lines.append(json.dumps(entry, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines).encode()


def _is_missing(cell: Any) -> bool:
    """True for a cell that says nothing."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
