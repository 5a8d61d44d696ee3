"""The menu of exports: slices, clips, lists as CSV (columns: docs/export.md), definitions, recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from slicecore.explain.clip_lists import CORRECTED, MARKED, WRONG
from slicecore.explain.explainer import Explanation
from slicecore.report.agreement import agreement, agreement_table, has_several_reviewers, verdicts_table
from slicecore.report.csv_files import to_csv
from slicecore.report.file_formats import to_manifest, to_parquet
from slicecore.report.models_table import FEWEST_MODELS, models_table
from slicecore.report.single_errors import error_rows, has_words
from slicecore.report.tables import (
    clips_table,
    metadata_slices_table,
    reviewed_table,
    slices_table,
    wrong_references_table,
)
from slicecore.storage.verdicts import REAL_ISSUE, Judgement
from slicecore.transfer.defining import define, judged_slices
from slicecore_app import wording
from slicecore_app.review.export.label_studio import label_studio
from slicecore_app.review.export.probe import mended_clips
from slicecore_app.review.export.recipe import recipe
from slicecore_app.review.export.report import report
from slicecore_app.review.more_like.panel import more_like_button
from slicecore_app.review.review_result import ReviewResult

CSV, PARQUET, MANIFEST = "CSV", "Parquet", "NeMo manifest"
_ENDINGS = {
    CSV: ("csv", "text/csv"),
    PARQUET: ("parquet", "application/vnd.apache.parquet"),
    MANIFEST: ("jsonl", "application/jsonl"),
}


@dataclass(frozen=True)
class Export:
    """A file to download: `make` gives its table when it is asked for; `is_there`: it has rows.

    `of_clips`: a row is a clip, so that it can be a manifest.
    """

    title: str
    file: str
    make: Callable[[ReviewResult], pd.DataFrame]
    is_there: bool = True
    of_clips: bool = True


def export_menu(result: ReviewResult | None) -> None:
    """Draw the menu."""
    with st.popover("Export", icon=":material/download:", disabled=result is None, key="export"):
        if result is None:
            return
        carried = [each.judgement for each in result.carried.all_holding.values()]
        verdicts = [judgement.verdict for judgement in (*result.judgements.values(), *carried)]
        judged = sum(1 for verdict in verdicts if verdict)
        with st.container(key="export-menu"):
            tables, others = st.columns(2, gap="medium")
        with tables:
            st.segmented_control(
                "Format",
                list(_ENDINGS),
                key="export format",
                default=CSV,
            )
            _draw(
                f"Slices, {judged} of {len(result.problems) + len(result.own)} judged",
                _slices(result),
                result,
            )
            _draw("Clips", _clips(result), result)
            _draw("Lists", _lists(result), result)
        with others:
            report(result)
            label_studio(result, _wrong_rows(result))
            st.caption("For gates and training")
            _draw_definitions(result, REAL_ISSUE in verdicts)
            recipe(result)
            mended_clips(result)
            more_like_button(result)


def _draw(heading: str, exports: Iterable[Export], result: ReviewResult) -> None:
    st.caption(heading)
    form = st.session_state.get("export format") or CSV
    ending, mime = _ENDINGS[form]
    for export in exports:
        st.download_button(
            export.title,
            data=partial(_content, export.make, result, form),
            file_name=f"{export.file.removesuffix('csv')}{ending}",
            mime=mime,
            on_click="ignore",
            width="stretch",
            disabled=not export.is_there or (form == MANIFEST and not export.of_clips),
            key=f"export {export.file}",
        )


def _draw_definitions(result: ReviewResult, has_real: bool) -> None:
    st.download_button(
        "Definitions of real issues (slices.yaml)",
        data=partial(_definitions, result),
        file_name="slices.yaml",
        mime="application/yaml",
        on_click="ignore",
        width="stretch",
        disabled=not has_real,
        key="definitions",
    )


def _content(make: Callable[[ReviewResult], pd.DataFrame], result: ReviewResult, form: str) -> bytes:
    table = make(result)
    if form == MANIFEST:
        return to_manifest(table, result.data, result.durations, result.corrected)
    return to_parquet(table) if form == PARQUET else to_csv(table)


def _slices(result: ReviewResult) -> list[Export]:
    described = result.reasons.metadata
    return [
        Export("Reviewed slices (one row per clip)", "reviewed_slices.csv", _reviewed),
        Export("All slices incl. yours (one row per slice)", "slices.csv", _all_slices, of_clips=False),
        *_of_reviewers(result),
        Export(
            f"Metadata and audio properties: {'–' if described is None else len(described)}",
            "metadata_slices.csv",
            lambda s: metadata_slices_table(s.scan, s.reasons.metadata or ()),
            bool(described),
            of_clips=False,
        ),
    ]


def _of_reviewers(result: ReviewResult) -> list[Export]:
    """Files of the verdicts of several reviewers; none where there is only one reviewer."""
    if not has_several_reviewers(result.opinions):
        return []
    title, is_there = "Agreement of reviewers", agreement(result.opinions) is not None
    return [
        Export(
            "Verdicts of all reviewers (one row each)",
            "verdicts.csv",
            lambda s: verdicts_table(_opinions(s)),
            of_clips=False,
        ),
        Export(title, "agreement.csv", lambda s: agreement_table(_opinions(s)), is_there, of_clips=False),
    ]


def _opinions(result: ReviewResult) -> dict[str, tuple[Judgement, ...]]:
    return result.verdicts.workspace(result.judged).opinions


def _clips(result: ReviewResult) -> list[Export]:
    picked = len(result.pick.rows) if result.pick else 0
    filtered = ", as filtered" if result.clip_filter else ""
    return [
        Export(
            f"This table{filtered}: {wording.clips(len(result.clips))}",
            "clips_in_table.csv",
            lambda s: _of_rows(s, s.clips),
            len(result.clips) > 0,
        ),
        Export(
            f"This selection: {wording.clips(picked)}",
            "selection.csv",
            partial(_of_rows, rows=result.pick.rows if result.pick else None),
            picked > 0,
        ),
        Export("All clips with their slice", "clips.csv", _of_rows),
    ]


def _lists(result: ReviewResult) -> list[Export]:
    exports = [
        Export(
            f"{clips.label}: {wording.clips(len(clips.rows))}",
            f"{clips.label.lower().replace(' ', '_')}.csv",
            partial(_of_rows, rows=clips.rows),
        )
        for clips in result.clip_lists
        if clips.name not in (WRONG, MARKED, CORRECTED)  # a file with columns of its own
    ]
    return [*exports, _wrong_references(result), _single_errors(result), *_models(result)]


def _models(result: ReviewResult) -> list[Export]:
    """All models on every slice, where there are several."""
    if len(result.data.predictions) < FEWEST_MODELS:
        return []

    def make(shown: ReviewResult) -> pd.DataFrame:
        groups = {problem.slice.id: problem.slice.members for problem in (*shown.problems, *shown.own)}
        return models_table(shown.costs_of_models, groups)

    return [Export("All models on every slice", "models.csv", make, of_clips=False)]


def _wrong_rows(result: ReviewResult) -> NDArray[np.int64]:
    """Rows of clips whose reference is probably wrong, was called wrong or corrected."""
    measured = result.reasons.measured
    listed = [reference.row for reference in measured.wrong_references] if measured else []
    reviewed = np.union1d(result.marked_rows, result.corrected_rows)
    return np.union1d(listed, reviewed).astype(np.int64)


def _single_errors(result: ReviewResult) -> Export:
    return Export(
        "Single errors (one row per wrong word)",
        "errors.csv",
        lambda s: error_rows(s.data, s.scan, normalisation=s.choice.normalisation),
        has_words(result.costs),
        of_clips=False,
    )


def _wrong_references(result: ReviewResult) -> Export:
    measured, count = result.reasons.measured, len(_wrong_rows(result))
    known = wording.clips(count) if measured or count else "–"
    return Export(
        f"Wrong references, probable or marked: {known}",
        "wrong_references.csv",
        lambda s: wrong_references_table(
            s.data,
            s.reasons.measured.wrong_references if s.reasons.measured else (),
            s.verdicts.marked_references(),
            s.verdicts.corrections(),
        ),
        count > 0,
    )


# The buttons may be older than the last verdict, mark or correction: those are read when a file is asked for.


def _of_rows(result: ReviewResult, rows: np.ndarray | None = None) -> pd.DataFrame:
    marks, corrections = result.verdicts.marked_references(), result.verdicts.corrections()
    return clips_table(result.data, result.scan, rows, marks=marks, corrections=corrections)


def _all_slices(result: ReviewResult) -> pd.DataFrame:
    known = result.verdicts.workspace(result.judged)
    own = [(problem.own, problem.slice) for problem in result.own if problem.own]
    slices = [*result.scan.slices, *(slice_ for _, slice_ in own)]
    # Those that are not known yet are worked out now; none are while nothing is measured.
    reasons = {slice_.id: result.reasons.of(slice_) for slice_ in slices}
    why = {slice_id: explanation for slice_id, explanation in reasons.items() if explanation is not None}
    assignees = known.assignees
    return slices_table(
        result.scan, known.judgements, own, why, result.carried_over(known), known.own_slices, assignees
    )


def _definitions(result: ReviewResult) -> bytes:
    known, measured = result.verdicts.workspace(result.judged), result.reasons.measured
    slices = judged_slices(
        (REAL_ISSUE,),
        result.scan,
        result.scanner,
        result.data.row_of_id,
        known,
        result.carried_over(known),
        lambda slice_: why.title if (why := result.reasons.of(slice_)) else "",
    )
    definitions = define(
        slices,
        result.data,
        result.costs,
        metric=result.choice.metric,
        normalisation=result.choice.normalisation,
        embeddings=result.analysis.all_embeddings,
        measured=measured.measurements.table if measured else None,
        metadata_slices=result.reasons.metadata or (),
    )
    return definitions.to_yaml().encode()


def _reviewed(result: ReviewResult) -> pd.DataFrame:
    known = result.verdicts.workspace(result.judged)
    carried, judgements = result.carried_over(known), known.judgements
    why = _explained(result, judgements.values())
    if result.reasons.measured:
        explain = result.reasons.measured.explainer.explain
        why |= {slice_id: explain(each.members) for slice_id, each in carried.all_holding.items()}
    return reviewed_table(
        result.data, result.scan, judgements, known.own_slices, why, known.marked_references, carried
    )


def _explained(result: ReviewResult, judgements: Iterable[Judgement]) -> dict[str, Explanation]:
    """Reasons why judged slices are bad, by id, also those that the present thresholds no longer find."""
    measured = result.reasons.measured
    if measured is None:
        return {}
    row_of = result.data.row_of_id
    rows = {
        judgement.slice_id: [row_of[clip] for clip in judgement.clip_ids if clip in row_of]
        for judgement in judgements
    }
    return {slice_id: measured.explainer.explain(members) for slice_id, members in rows.items() if members}
