"""The menu of exports: slices, clips and lists as CSV. Which columns each has stands in docs/export.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from slicecore.explain.clip_lists import MARKED, WRONG
from slicecore.explain.explainer import Explanation
from slicecore.report.tables import (
    clips_table,
    metadata_slices_table,
    reviewed_table,
    slices_table,
    to_csv,
    wrong_references_table,
)
from slicecore.storage.verdicts import Judgement, ReferenceMark
from slicecore_app import wording
from slicecore_app.review.review_result import ReviewResult


@dataclass(frozen=True)
class Export:
    """A file to download: `make` gives its table when it is asked for; `is_there`: it has rows."""

    title: str
    file: str
    make: Callable[[ReviewResult], pd.DataFrame]
    is_there: bool = True


def export_menu(shown: ReviewResult | None) -> None:
    """Draw the menu."""
    with st.popover("Export", icon=":material/download:", disabled=shown is None, key="export"):
        if shown is None:
            return
        judged = sum(1 for judgement in shown.judgements.values() if judgement.verdict)
        with st.container(key="export-menu"):
            _draw(f"Slices, {judged} of {len(shown.problems) + len(shown.own)} judged", _slices(shown), shown)
            _draw("Clips", _clips(shown), shown)
            _draw("Lists", _lists(shown), shown)


def _draw(heading: str, exports: Iterable[Export], shown: ReviewResult) -> None:
    st.caption(heading)
    for export in exports:
        st.download_button(
            export.title,
            data=partial(_content, export.make, shown),
            file_name=export.file,
            mime="text/csv",
            on_click="ignore",
            width="stretch",
            disabled=not export.is_there,
            key=f"export {export.file}",
        )


def _content(make: Callable[[ReviewResult], pd.DataFrame], shown: ReviewResult) -> bytes:
    return to_csv(make(shown))


def _slices(shown: ReviewResult) -> list[Export]:
    described = shown.reasons.metadata
    return [
        Export("Reviewed slices (one row per clip)", "reviewed_slices.csv", _reviewed),
        Export("All slices incl. yours (one row per slice)", "slices.csv", _all_slices),
        Export(
            f"Metadata and audio properties: {'–' if described is None else len(described)}",
            "metadata_slices.csv",
            lambda s: metadata_slices_table(s.found, s.reasons.metadata or ()),
            bool(described),
        ),
    ]


def _clips(shown: ReviewResult) -> list[Export]:
    picked = len(shown.pick.rows) if shown.pick else 0
    filtered = ", as filtered" if shown.clip_filter else ""
    return [
        Export(
            f"This table{filtered}: {wording.clips(len(shown.clips))}",
            "clips_in_table.csv",
            lambda s: _of_rows(s, s.clips),
            len(shown.clips) > 0,
        ),
        Export(
            f"This selection: {wording.clips(picked)}",
            "selection.csv",
            partial(_of_rows, rows=shown.pick.rows if shown.pick else None),
            picked > 0,
        ),
        Export("All clips with their slice", "clips.csv", _of_rows),
    ]


def _lists(shown: ReviewResult) -> list[Export]:
    exports = [
        Export(
            f"{clips.label}: {wording.clips(len(clips.rows))}",
            f"{clips.label.lower().replace(' ', '_')}.csv",
            partial(_of_rows, rows=clips.rows),
        )
        for clips in shown.clip_lists
        if clips.name not in (WRONG, MARKED)  # a file with columns of its own
    ]
    return [*exports, _wrong_references(shown)]


def _wrong_references(shown: ReviewResult) -> Export:
    measured = shown.reasons.measured
    listed = [reference.row for reference in measured.wrong_references] if measured else []
    count = len(np.union1d(listed, shown.marked_rows))
    known = wording.clips(count) if measured or count else "–"
    return Export(
        f"Wrong references, probable or marked: {known}",
        "wrong_references.csv",
        lambda s: wrong_references_table(
            s.data, s.reasons.measured.wrong_references if s.reasons.measured else (), _marks(s)
        ),
        count > 0,
    )


# The buttons may be older than the last verdict or mark: those are read when a file is asked for.


def _marks(shown: ReviewResult) -> dict[str, ReferenceMark]:
    return shown.verdicts.marked_references()


def _of_rows(shown: ReviewResult, rows: np.ndarray | None = None) -> pd.DataFrame:
    return clips_table(shown.data, shown.found, rows, marks=_marks(shown))


def _all_slices(shown: ReviewResult) -> pd.DataFrame:
    judgements = shown.verdicts.current(shown.judged)
    own = [(problem.own, problem.slice) for problem in shown.own if problem.own]
    slices = [*shown.found.slices, *(slice_ for _, slice_ in own)]
    # Those that are not known yet are worked out now; none are while nothing is measured.
    reasons = {slice_.id: shown.reasons.of(slice_) for slice_ in slices}
    why = {slice_id: explanation for slice_id, explanation in reasons.items() if explanation is not None}
    return slices_table(shown.found, judgements, own, why)


def _reviewed(shown: ReviewResult) -> pd.DataFrame:
    verdicts = shown.verdicts
    judgements = verdicts.current(shown.judged)
    why = _explained(shown, judgements.values())
    return reviewed_table(shown.data, shown.found, judgements, verdicts.own_slices(), why, _marks(shown))


def _explained(shown: ReviewResult, judgements: Iterable[Judgement]) -> dict[str, Explanation]:
    """Why judged slices are bad, by id, also those that the present thresholds no longer find."""
    measured = shown.reasons.measured
    if measured is None:
        return {}
    row_of = shown.data.row_of_id
    rows = {
        judgement.slice_id: [row_of[clip] for clip in judgement.clip_ids if clip in row_of]
        for judgement in judgements
    }
    return {slice_id: measured.explainer.explain(members) for slice_id, members in rows.items() if members}
