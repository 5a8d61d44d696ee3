"""The review page: find the worst clusters, listen, judge, export."""

import streamlit as st

from slicecore.errors import MetricError, SlicecoreError, StorageError
from slicecore.metrics import Costs
from slicecore_app.review.clips.panel import clips
from slicecore_app.review.footer.panel import footer
from slicecore_app.review.gathering import chosen_costs, gather
from slicecore_app.review.head.panel import head, head_without_table
from slicecore_app.review.keys import FOOT_WHILE_PREPARING
from slicecore_app.review.map.panel import clip_map
from slicecore_app.review.more_like.panel import more_like_dialog
from slicecore_app.review.player.panel import player
from slicecore_app.review.problems.panel import problem_list
from slicecore_app.review.progress.panel import preparing
from slicecore_app.review.progress.strip import strip
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.saved_views.panel import address_of_page
from slicecore_app.review.slice.panel import slice_panel
from slicecore_app.review.thresholds.panel import prepare, thresholds
from slicecore_app.review.treemap.panel import treemap
from slicecore_app.review.trouble import storage_away, trouble, unreadable
from slicecore_app.server import registry
from slicecore_app.session import session, settings
from slicecore_app.session.views import open_first


def _page() -> None:
    for page in ("data", "summary", "models"):
        if st.session_state.pop(f"to_{page}_page", False):
            st.switch_page(f"{page}.py")
    source = session.source()
    if source is None:
        st.switch_page("data.py")
    try:
        table = registry.open_table(source)
    except SlicecoreError as error:
        head_without_table(source)
        trouble("This table can't be read", str(error), source.path)
        return
    st.session_state.pop("mapped_path", None)
    session.fit(table.data)
    open_first(table)
    chosen = settings.value("metric")
    try:
        overall = chosen_costs(table)
    except MetricError as error:
        head(table, None, None)
        trouble(f"{chosen.label} can't be computed from this table", str(error), source.path)
        return
    prepare(table.data, overall)
    model = settings.value("model")
    job = table.analysis_job(model)
    if job.state != "done":
        head(table, overall, None)
        preparing(table, model, job)
        footer(FOOT_WHILE_PREPARING)
        st.stop()  # not a page after which other work may begin: the problems come first
    try:
        result = gather(table, job.result)
    except StorageError as error:
        head(table, overall, None)
        storage_away(error)
        return
    except SlicecoreError as error:
        head(table, overall, None)
        trouble("The scan can't go on", str(error))
        return

    head(table, overall, result)
    strip(table)
    _panels(result, overall)
    footer()
    if not unreadable(result):  # one dialog at a time
        more_like_dialog(result)
    address_of_page(result)


def _panels(result: ReviewResult, overall: Costs) -> None:
    """Draw the panels, each in its place, but not from left to right: the browser works on the first meanwhile."""
    with st.container(key="body"):
        left, over = st.container(key="left"), st.container(key="over")
        panels = {name: st.container(key=f"panel-{name}") for name in ("pick", "clips", "player")}
    with over:
        panels |= {name: st.container(key=f"panel-{name}") for name in ("tree", "map")}
    with panels["clips"]:
        clips(result)
    with left:
        thresholds(result.data, overall, result.detection)
        with st.container(key="list"):
            problem_list(result)
    with panels["tree"]:
        treemap(result)
    with panels["map"]:
        clip_map(result)
    with panels["pick"]:
        slice_panel(result)
    with panels["player"]:
        player(result)


_page()
