"""Places of the clips on the map, by the layout that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.jobs import Job
from slicecore_app.session import settings
from slicecore_app.session.map_layout import HNNE, LAYOUTS, SCORES, choices

_LOOK_S = 1.0


@dataclass(frozen=True, eq=False)
class Places:
    """Places of the clips.

    Attributes
    ----------
    positions : (n, 2) float32
        NaN where a clip is not drawn.
    layout, choices
        The layout that was chosen, and all that there are.
    shows_clusters
        Whether clips of a cluster lie together, so that it can be outlined.
    meaning
        Meaning of the places in words; "" where clips that are alike lie together.
    job
        The work that will give the places of the chosen layout; until then they are those of h-nne, if there are any.
    """

    positions: np.ndarray
    layout: str
    choices: Sequence[str]
    shows_clusters: bool = True
    meaning: str = ""
    job: Job | None = None


def places_of(result: ReviewResult) -> Places:
    """Places of the clips, which are made in the background, so that the problems are there first, and cached."""
    offered = choices(result.costs.model_costs.unit == "numbers")
    chosen = settings.value("map_layout")
    if chosen == SCORES and SCORES in offered:
        places = result.table.scoring.scores(result.prediction).places()
        columns = f"across: {result.data.roles.reference}, up: {result.prediction}"
        return Places(places, chosen, offered, shows_clusters=False, meaning=columns)
    if chosen == SCORES:
        chosen = HNNE
    job = result.table.places_job(result.model, result.analysis, chosen)
    state = job.state  # which may change meanwhile: `wait_for_places` notices
    if state == "done":
        return Places(job.result, chosen, offered)
    first = result.table.places_job(result.model, result.analysis, HNNE, wait=0)
    there = first.state == "done"
    places = first.result if there else np.full((len(result.data), 2), np.nan, np.float32)
    if state == "running":
        return Places(places, chosen, offered, there, f"{LAYOUTS[chosen]} is being laid out", job)
    return Places(places, chosen, offered, there, f"{LAYOUTS[chosen]} can't be laid out. {job.error}")


def wait_for_places(job: Job) -> None:
    """Draw nothing, but draw the page anew when the places are there."""

    def look() -> None:
        if job.state != "running":
            st.rerun()

    st.fragment(look, run_every=_LOOK_S)()
