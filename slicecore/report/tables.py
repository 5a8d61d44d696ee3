"""Tables of exports: reviewed slices, all slices, all clips, metadata slices and wrong references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from slicecore.report.clip_columns import clip_columns, metadata_columns
from slicecore.slices.result import slices_frame

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from slicecore.carry_over.carrying import Carried, CarriedOver
    from slicecore.explain.causes import Cause
    from slicecore.explain.explainer import Explanation
    from slicecore.explain.wrong_references import WrongReference
    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.slices.scanner import Scan, Slice
    from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceCorrection, ReferenceMark
    from slicecore.table.dataset import Dataset

CLIP_VERDICT = "clip_verdict"
"""Column with a reviewer's verdict on the reference of a clip: `WRONG`, or nothing."""
WRONG = "reference_error"
CORRECTED = "corrected_reference"
"""Column with the text that a reviewer put in the place of a reference; empty for none."""
ALSO = "also_explained_by"
"""Column of clips with the ids of other slices whose problem they have, too."""
ASSIGNEE = "assignee"
"""Column with the name of the reviewer who is to judge a slice; empty for nobody."""
CARRIED_OVER = "carried_over"
"""Column with the overlap of a slice and the one whose judgement it has; empty for one of its own."""


def clips_table(
    data: Dataset,
    scan: Scan,
    rows: Sequence[int] | np.ndarray | None = None,
    measured: pd.DataFrame | None = None,
    marks: Mapping[str, ReferenceMark] | None = None,
    corrections: Mapping[str, ReferenceCorrection] | None = None,
) -> pd.DataFrame:
    """Every clip, or those of some rows in their order, with its counts and the slice it belongs to.

    Columns: id, audio, reference, prediction, errors, words, value, slice_id (empty outside any slice),
    also_explained_by (ids of the other slices whose problem the clip has, too, separated by ";"), then the table's own
    metadata, then the measurements if there are any. `errors` and `words` are the metric's numerator and denominator.
    With `marks` (by clip id) clip_verdict follows slice_id: "reference_error" where a reviewer called the
    reference wrong; with `corrections` (by clip id) corrected_reference has the text that a reviewer put in its place,
    by which nothing is counted. Where two models are compared, `errors` and `value` are the difference; model,
    model_value, compared_with, other_value and other_prediction name both models and their values.
    """
    frame = clip_columns(data, scan.costs)
    slice_ids = np.array([slice_.id for slice_ in scan.slices] + [""], dtype=object)
    frame["slice_id"] = slice_ids[scan.slice_of_clip]
    if marks is not None:
        frame[CLIP_VERDICT] = _clip_verdicts(data.ids, marks)
    if corrections is not None:
        frame[CORRECTED] = [_corrected_text(corrections.get(str(clip))) for clip in data.ids]
    frame[ALSO] = _also_explained_by(scan)
    frame = frame.join(metadata_columns(data, {*frame.columns, *_RESERVED}))
    if measured is not None:
        free = {name: name if name not in frame.columns else f"{name}_measured" for name in measured.columns}
        frame = frame.join(measured.reset_index(drop=True).rename(columns=free))
    return frame if rows is None else frame.iloc[np.asarray(rows, dtype=int)].reset_index(drop=True)


def slices_table(
    scan: Scan,
    judgements: Mapping[str, Judgement] | None = None,
    own_slices: Sequence[tuple[OwnSlice | None, Slice]] = (),
    explanations: Mapping[str, Explanation] | None = None,
    carried: CarriedOver | None = None,
    named: Mapping[str, OwnSlice] | None = None,
    assignees: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Every flagged slice in the order of the scan, then the user-defined ones, with the verdicts of reviewers.

    Columns: slice_id, rank, the other numbers of `slices_frame` with shared after support (see `Scan.to_frame`),
    causes, claims, explanation, remedy, verdict, tags, note, reviewer, time, carried_over, from_table, from_model,
    assignee (who is to judge it, of `assignees` by slice id), name and reason. Where a judgement that was `carried`
    holds for a slice without one of its own, verdict to time are those of that judgement, `carried_over` is the overlap
    of both, and `from_table` and `from_model` are what was judged; else these three are empty. `causes` are short
    names, best first, separated by ";", `claims` say of each whether it is the reason (kinds of
    `slicecore.explain.claim`), `explanation` is the sentence, and `remedy` says what to do about the first cause; all
    are empty where `explanations` (by slice id) has none. `name` and `reason` are those of user-defined slices, which
    have no `rank` and no `shared`, and of flagged ones to which a reviewer gave a name (`named`, by slice id); they are
    empty for others. `tier` and `p_value` are empty where the scan made no test.
    """
    import pandas as pd

    slices = [*scan.slices, *(slice_ for _, slice_ in own_slices)]
    flagged, holding = len(scan.slices), carried.all_holding if carried else {}
    frame = slices_frame(slices, scan.costs, scan.overall)
    ranks = [*range(1, flagged + 1), *[None] * len(own_slices)]
    frame.insert(1, "rank", pd.Series(ranks, dtype="Int64"))
    shared = [*map(len, scan.shared), *[None] * len(own_slices)]
    frame.insert(list(frame.columns).index("support") + 1, "shared", pd.Series(shared, dtype="Int64"))
    by_name = {slice_id: own for slice_id, own in (named or {}).items() if own.is_named}
    definitions = [
        *(by_name.get(slice_.id) for slice_ in scan.slices),
        *(definition for definition, _ in own_slices),
    ]
    texts = [
        {
            **_why_columns((explanations or {}).get(slice_.id)),
            **_judged_columns(slice_.id, judgements or {}, holding),
            ASSIGNEE: (assignees or {}).get(slice_.id, ""),
            **_own_columns(definition),
        }
        for slice_, definition in zip(slices, definitions, strict=True)
    ]
    names = [*_why_columns(None), *_verdict_columns(None), ASSIGNEE, *_own_columns(None)]
    return frame.join(pd.DataFrame(texts, columns=names).astype({CARRIED_OVER: float}))


def reviewed_table(
    data: Dataset,
    scan: Scan,
    judgements: Mapping[str, Judgement],
    own_slices: Mapping[str, OwnSlice] | None = None,
    explanations: Mapping[str, Explanation] | None = None,
    marks: Mapping[str, ReferenceMark] | None = None,
    carried: CarriedOver | None = None,
) -> pd.DataFrame:
    """A row per clip of every judged slice, also of slices that the present thresholds no longer find.

    A judgement that was `carried` and holds for a slice is listed with the clips of that slice. Columns: slice_id,
    verdict, tags, note, reviewer, time, carried_over, from_table, from_model (see `slices_table`), id, audio,
    reference, prediction, errors, words, value, slice_support, slice_value, overall_value, drop, metric, causes,
    claims, explanation and remedy (`explanations`, by slice id; see `slices_table`), name and reason of user-defined
    slices (`own_slices`, by slice id), then the table's own metadata. With `marks` clip_verdict follows value, as in
    `clips_table`.
    """
    import pandas as pd

    clips = clip_columns(data, scan.costs)
    if marks is not None:
        clips[CLIP_VERDICT] = _clip_verdicts(data.ids, marks)
    metadata = metadata_columns(data, {*clips.columns, *_RESERVED})
    parts = []
    holding = carried.all_holding if carried else {}
    moved = {
        (each.judgement.model, each.judgement.slice_id) for each in holding.values() if not each.judged.table
    }
    judged: list[tuple[str, NDArray, Judgement | None, Carried | None]] = [
        (judgement.slice_id, _rows(data, judgement), judgement, None)
        for judgement in judgements.values()
        if (judgement.model, judgement.slice_id) not in moved
    ]
    judged += [(slice_id, each.members, each.judgement, each) for slice_id, each in holding.items()]
    # Without any, the columns of a table without rows.
    for slice_id, rows, judgement, other in judged or [("", np.array([], dtype=int), None, None)]:
        before = {"slice_id": slice_id, **_verdict_columns(judgement, other)}
        after = {
            **_slice_columns(scan, rows),
            **_why_columns((explanations or {}).get(slice_id)),
            **_own_columns((own_slices or {}).get(slice_id)),
        }
        blocks = (before, clips.iloc[rows], after, metadata.iloc[rows])
        parts.append(pd.concat([pd.DataFrame(block, index=rows) for block in blocks], axis=1))
    return pd.concat(parts, ignore_index=True)


def metadata_slices_table(scan: Scan, slices: Sequence[MetadataSlice]) -> pd.DataFrame:
    """Slices over metadata and measurements in their order.

    `slice` has the conditions that the clips of a slice meet, `same` other conditions that nearly the same clips meet,
    separated by ";". The other columns are those of `slices_table`.
    """
    frame = slices_frame([described.slice for described in slices], scan.costs, scan.overall)
    del frame["parts"]  # it is no cluster
    frame.insert(1, "slice", [described.label for described in slices])
    frame.insert(2, "same", ["; ".join(map(str, described.same)) for described in slices])
    return frame


def wrong_references_table(
    data: Dataset,
    wrong_references: Sequence[WrongReference],
    marks: Mapping[str, ReferenceMark] | None = None,
    corrections: Mapping[str, ReferenceCorrection] | None = None,
) -> pd.DataFrame:
    """Clips whose reference is probably wrong, the surest first, with the signs (separated by ";") and their text.

    `row` is the number of the row as an editor of the file shows it. With `marks` (by clip id), clips follow
    that only a reviewer called wrong, and the last columns are clip_verdict ("reference_error" or empty), reviewer and
    time. With `corrections` (by clip id), clips follow that a reviewer corrected, and after these columns
    corrected_reference, corrected_by and corrected_at.
    """
    import pandas as pd

    audio = data.table[data.roles.audio].tolist() if data.roles.audio else [""] * len(data)
    by_row = {wrong.row: wrong for wrong in wrong_references}
    reviewed = {**(marks or {}), **(corrections or {})}
    marked = [data.row_of_id[clip] for clip in reviewed if clip in data.row_of_id]
    rows = [*by_row, *sorted(set(marked) - by_row.keys())]
    signs = [by_row.get(row) for row in rows]
    columns = {
        "id": [data.ids[row] for row in rows],
        "row": [data.numbers[row] for row in rows],
        "audio": [audio[row] for row in rows],
        "reference": [data.reference[row] for row in rows],
        **{name: [texts[row] for row in rows] for name, texts in data.predictions.items()},
        "score": [wrong.score if wrong else None for wrong in signs],
        "signs": [";".join(reason.name for reason in wrong.reasons) if wrong else "" for wrong in signs],
        "explanation": [wrong.text if wrong else "" for wrong in signs],
    }
    if marks is not None:
        verdicts = [marks.get(str(data.ids[row])) for row in rows]
        columns |= {
            CLIP_VERDICT: [WRONG if mark else "" for mark in verdicts],
            "reviewer": [mark.reviewer if mark else "" for mark in verdicts],
            "time": [mark.time if mark else "" for mark in verdicts],
        }
    if corrections is not None:
        texts = [corrections.get(str(data.ids[row])) for row in rows]
        columns |= {
            CORRECTED: [_corrected_text(each) for each in texts],
            "corrected_by": [each.reviewer if each else "" for each in texts],
            "corrected_at": [each.time if each else "" for each in texts],
        }
    return pd.DataFrame(columns).astype({"score": float, "row": int})


def _why_columns(explanation: Explanation | None) -> dict[str, str]:
    return {
        "causes": ";".join(cause.name for cause in explanation.causes) if explanation else "",
        "claims": ";".join(map(_claim_of, explanation.causes)) if explanation else "",
        "explanation": explanation.sentence if explanation else "",
        "remedy": explanation.remedy if explanation else "",
    }


def _claim_of(cause: Cause) -> str:
    return cause.claim.kind if cause.claim else ""


def _rows(data: Dataset, judgement: Judgement) -> NDArray[np.int64]:
    """Rows of the judged clips that are in the table."""
    rows = [data.row_of_id[clip_id] for clip_id in judgement.clip_ids if clip_id in data.row_of_id]
    return np.array(sorted(rows), dtype=np.int64)


def _judged_columns(
    slice_id: str, judgements: Mapping[str, Judgement], holding: Mapping[str, Carried]
) -> dict[str, object]:
    if slice_id in judgements or slice_id not in holding:
        return _verdict_columns(judgements.get(slice_id))
    return _verdict_columns(holding[slice_id].judgement, holding[slice_id])


def _verdict_columns(judgement: Judgement | None, carried: Carried | None = None) -> dict[str, object]:
    return {
        "verdict": (judgement.verdict if judgement else None) or "",
        "tags": "; ".join(judgement.tags) if judgement else "",
        "note": judgement.note if judgement else "",
        "reviewer": judgement.reviewer if judgement else "",
        "time": judgement.time if judgement else "",
        CARRIED_OVER: carried.overlap if carried else None,
        "from_table": carried.judged.table if carried else "",
        "from_model": carried.judgement.model if carried else "",
    }


def _own_columns(definition: OwnSlice | None) -> dict[str, str]:
    return {
        "name": definition.name if definition else "",
        "reason": definition.reason if definition else "",
    }


def _slice_columns(scan: Scan, rows: np.ndarray) -> dict[str, object]:
    value = scan.costs.value(rows)
    return {
        "slice_support": len(rows),
        "slice_value": value,
        "overall_value": scan.overall,
        "drop": scan.drop(rows),
        "metric": scan.costs.name,
    }


_RESERVED = frozenset(
    (
        *(
            "slice_id",
            ALSO,
            CLIP_VERDICT,
            CORRECTED,
            "slice_support",
            "slice_value",
            "overall_value",
            "drop",
            "metric",
        ),
        *(*_why_columns(None), *_verdict_columns(None), *_own_columns(None)),
    )
)
"""Columns of the tables that metadata columns of the same name give way to."""


def _clip_verdicts(ids: Sequence[str] | np.ndarray, marks: Mapping[str, ReferenceMark]) -> list[str]:
    return [WRONG if str(clip) in marks else "" for clip in ids]


def _corrected_text(correction: ReferenceCorrection | None) -> str:
    return (correction.text if correction else "") or ""


def _also_explained_by(scan: Scan) -> list[str]:
    names: dict[int, list[str]] = {}
    for slice_, rows in zip(scan.slices, scan.shared, strict=True):
        for row in rows.tolist():
            names.setdefault(row, []).append(slice_.id)
    return [";".join(names.get(row, ())) for row in range(len(scan.costs))]
