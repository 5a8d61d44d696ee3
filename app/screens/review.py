"""The review page: find the worst clusters, listen, judge, export."""

import streamlit as st

from app import engine, state
from app.components.keys import FOOT_WHILE_PREPARING
from app.kept_views import arrive, leave
from app.panels.clips import clips
from app.panels.clusters import clusters
from app.panels.controls import controls, prepare
from app.panels.foot import foot
from app.panels.head import head
from app.panels.map import clip_map
from app.panels.picked import picked
from app.panels.player import player
from app.panels.preparing import preparing
from app.panels.problems import problem_list
from app.panels.strip import strip
from app.panels.trouble import trouble, unreadable
from app.shown import chosen_costs, gather
from slicecore.errors import MetricError, SlicecoreError


def _page() -> None:
    for page in ("data", "summary"):
        if st.session_state.pop(f"to_{page}_page", False):
            st.switch_page(f"screens/{page}.py")
    source = state.source()
    if source is None:
        st.switch_page("screens/data.py")
    try:
        data = engine.dataset(source)
    except SlicecoreError as error:
        trouble("This table can't be read", str(error))
        return
    state.fit(data)
    arrive(source, data)
    chosen = st.session_state["metric"]
    try:
        overall = chosen_costs(source)
    except MetricError as error:
        head(source, data, None, None)
        trouble(f"{chosen.label} can't be computed from this table", str(error))
        return
    prepare(len(data), overall)
    model = st.session_state["model"]
    job = engine.analysis_job(source, model)
    if job.state != "done":
        head(source, data, overall, None)
        preparing(source, data, model, job)
        foot(FOOT_WHILE_PREPARING)
        return
    try:
        shown = gather(source, data, job.result)
    except SlicecoreError as error:
        head(source, data, overall, None)
        trouble("The scan can't go on", str(error))
        return

    head(source, data, overall, shown)
    strip(source)
    with st.container(key="body"):
        with st.container(key="left"):
            controls(len(data), overall)
            with st.container(key="list"):
                problem_list(shown)
        with st.container(key="over"):
            with st.container(key="panel-tree"):
                clusters(shown)
            with st.container(key="panel-map"):
                clip_map(shown)
        with st.container(key="panel-pick"):
            picked(shown)
        with st.container(key="panel-clips"):
            clips(shown)
        with st.container(key="panel-player"):
            player(shown)
    foot()
    unreadable(shown)
    leave(source, shown)


_page()
