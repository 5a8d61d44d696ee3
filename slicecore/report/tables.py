"""Tables that people take along: the reviewed slices, all slices, all clips. CSV by RFC 4180, UTF-8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.explain.explainer import Explanation
    from slicecore.explain.wrong_references import WrongReference
    from slicecore.metrics import Costs
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.scanner import Scan, Slice
    from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceMark
    from slicecore.table.dataset import Dataset

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DECIMALS = 6
FIRST_ROW = 2
"""Number of the first clip's row as a spreadsheet counts."""
_VERDICT_COLUMNS = ("verdict", "tags", "note", "reviewer", "time")
_OWN_COLUMNS = ("name", "reason")
CLIP_VERDICT = "clip_verdict"
"""Column of what a person said about the reference of a clip: `WRONG`, or nothing."""
WRONG = "reference_error"
_WHY_COLUMNS = ("causes", "explanation")
_SLICE_COLUMNS = (
    *("slice_support", "slice_value", "overall_value", "drop", "metric"),
    *_WHY_COLUMNS,
    *_OWN_COLUMNS,
)
_RESERVED = frozenset(("slice_id", CLIP_VERDICT, *_VERDICT_COLUMNS, *_SLICE_COLUMNS))


def clips_table(
    data: Dataset,
    found: Scan,
    rows: Sequence[int] | np.ndarray | None = None,
    measured: pd.DataFrame | None = None,
    marks: Mapping[str, ReferenceMark] | None = None,
) -> pd.DataFrame:
    """Every clip, or those of some rows in their order, with its counts and the slice it belongs to.

    Columns: id, audio, reference, prediction, errors, words, value, slice_id (empty outside any slice), then the
    table's own metadata, then the measurements if there are any. `errors` and `words` are the metric's numerator and
    denominator. With `marks` (by clip id) clip_verdict follows slice_id: "reference_error" where a person called the
    reference wrong. Where two models are compared, `errors` and `value` are the difference; model, model_value,
    compared_with, other_value and other_prediction say what it is of.
    """
    slice_ids = np.array([one.id for one in found.slices] + [""], dtype=object)[found.slice_of_clip]
    frame = _clip_columns(data, found)
    frame["slice_id"] = slice_ids
    if marks is not None:
        frame[CLIP_VERDICT] = _clip_verdicts(data.ids, marks)
    frame = _with_metadata(frame, data)
    if measured is not None:
        free = {name: name if name not in frame.columns else f"{name}_measured" for name in measured.columns}
        frame = frame.join(measured.reset_index(drop=True).rename(columns=free))
    return frame if rows is None else frame.iloc[np.asarray(rows, dtype=int)].reset_index(drop=True)


def slices_table(
    found: Scan,
    judgements: Mapping[str, Judgement] | None = None,
    own: Sequence[tuple[OwnSlice, Slice]] = (),
    explanations: Mapping[str, Explanation] | None = None,
) -> pd.DataFrame:
    """Every flagged slice in the order of the scan, then those people made, with what reviewers said where they did.

    `causes` are short names, best first, separated by ";", and `explanation` is the sentence; both are empty where a
    slice has none in `explanations` (by its id).
    `name` and `reason` are those of slices that people made, which have no `rank`; they are empty for flagged ones.
    `tier` and `p_value` are empty where the scan made no test; the interval is that of `value`. Where two models are
    compared, `value` is their difference, and model, model_value, compared_with and other_value say of what.
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
                **_both_columns(found.costs, one.members),
                **_why_columns((explanations or {}).get(one.id)),
                **_verdict_columns(judgement),
                **_own_columns(mine),
            }
        )
    columns = [
        *("slice_id", "rank", "tier", "p_value", "support", "value", "interval_low", "interval_high"),
        *("drop", "impact", "share", "metric", "overall_value"),
        *_both_columns(found.costs, []),
        *_WHY_COLUMNS,
        *_VERDICT_COLUMNS,
        *_OWN_COLUMNS,
    ]
    return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})


def reviewed_table(
    data: Dataset,
    found: Scan,
    judgements: Mapping[str, Judgement],
    own: Mapping[str, OwnSlice] | None = None,
    explanations: Mapping[str, Explanation] | None = None,
    marks: Mapping[str, ReferenceMark] | None = None,
) -> pd.DataFrame:
    """A row per clip of every judged slice, also of slices that the present thresholds no longer find.

    Columns: slice_id, verdict, tags, note, reviewer, time, id, audio, reference, prediction, errors, words, value,
    slice_support, slice_value, overall_value, drop, metric, causes and explanation (`explanations`, by id; see
    `slices_table`), name and reason of slices that people made (`own`, by id), then the table's own metadata. With
    `marks` clip_verdict follows value, as in `clips_table`.
    """
    import pandas as pd

    costs = found.costs
    row_of = {clip_id: row for row, clip_id in enumerate(data.ids)}
    clips = _clip_columns(data, found)
    if marks is not None:
        clips[CLIP_VERDICT] = _clip_verdicts(data.ids, marks)
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
            drop=float(costs.drop(value, found.overall)),
            metric=costs.name,
            **_why_columns((explanations or {}).get(judgement.slice_id)),
            **_own_columns((own or {}).get(judgement.slice_id)),
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def metadata_slices_table(found: Scan, slices: Sequence[MetadataSlice]) -> pd.DataFrame:
    """Slices over metadata and measurements in their order.

    `slice` is what its clips have in common, `same` what nearly the same clips have in common besides, separated by
    ";". The other columns are those of `slices_table`.
    """
    import pandas as pd

    columns = [
        *(
            "slice_id",
            "slice",
            "same",
            "tier",
            "p_value",
            "support",
            "value",
            "interval_low",
            "interval_high",
        ),
        *("drop", "impact", "share", "metric", "overall_value"),
    ]
    rows = [
        (
            *(one.slice.id, one.label, "; ".join(other.text for other in one.same)),
            *(one.slice.tier, one.slice.p_value, one.slice.support, one.slice.value, *one.slice.interval),
            *(one.slice.drop, one.slice.impact, one.slice.share, found.costs.name, found.overall),
        )
        for one in slices
    ]
    return pd.DataFrame(rows, columns=columns)


def wrong_references_table(
    data: Dataset, listed: Sequence[WrongReference], marks: Mapping[str, ReferenceMark] | None = None
) -> pd.DataFrame:
    """Clips whose reference is probably wrong, the surest first, with the signs (separated by ";") and their text.

    `row` is the row of the table as a spreadsheet counts, below the header. With `marks` (by clip id), those follow
    that nothing but a person called wrong, and the last columns are clip_verdict ("reference_error" or empty),
    reviewer and time.
    """
    import pandas as pd

    audio = data.table[data.roles.audio].tolist() if data.roles.audio else [""] * len(data)
    signs = {one.row: one for one in listed}
    marked = [data.row_of_id[clip] for clip in marks or {} if clip in data.row_of_id]
    rows = [*signs, *sorted(set(marked) - signs.keys())]
    columns = {
        "id": [data.ids[row] for row in rows],
        "row": [row + FIRST_ROW for row in rows],
        "audio": [audio[row] for row in rows],
        "reference": [data.reference[row] for row in rows],
        **{name: [texts[row] for row in rows] for name, texts in data.predictions.items()},
        "score": [signs[row].score if row in signs else None for row in rows],
        "signs": [";".join(one.name for one in signs[row].reasons) if row in signs else "" for row in rows],
        "explanation": [signs[row].text if row in signs else "" for row in rows],
    }
    if marks is not None:
        said = [marks.get(str(data.ids[row])) for row in rows]
        columns |= {
            CLIP_VERDICT: [WRONG if one else "" for one in said],
            "reviewer": [one.reviewer if one else "" for one in said],
            "time": [one.time if one else "" for one in said],
        }
    return pd.DataFrame(columns).astype({"score": float, "row": int})


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


def _why_columns(why: Explanation | None) -> dict[str, str]:
    if why is None:
        return dict.fromkeys(_WHY_COLUMNS, "")
    return {"causes": ";".join(one.name for one in why.causes), "explanation": why.sentence}


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


def _clip_verdicts(ids: Sequence[str] | np.ndarray, marks: Mapping[str, ReferenceMark]) -> list[str]:
    return [WRONG if str(clip) in marks else "" for clip in ids]


def _own_columns(own: OwnSlice | None) -> dict[str, str]:
    return {name: getattr(own, name) if own else "" for name in _OWN_COLUMNS}


def _both_columns(costs: Costs, members: np.ndarray | Sequence[int]) -> dict[str, object]:
    """Values of two models that are compared, in some clips; nothing for one model."""
    if not costs.compared:
        return {}
    (model, model_costs), (other, other_costs) = costs.compared
    return {
        "model": model,
        "model_value": model_costs.value(members),
        "compared_with": other,
        "other_value": other_costs.value(members),
    }


def _compared_clips(data: Dataset, costs: Costs) -> dict[str, object]:
    if not costs.compared:
        return {}
    (model, model_costs), (other, other_costs) = costs.compared
    texts = data.predictions.get(other)
    return {
        "model": model,
        "model_value": model_costs.per_clip(),
        "compared_with": other,
        "other_value": other_costs.per_clip(),
        "other_prediction": "" if texts is None else list(texts),
    }


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
            **_compared_clips(data, costs),
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
