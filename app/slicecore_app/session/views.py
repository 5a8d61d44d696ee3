"""What a view consists of, as text and back: for the address of the page and for the file in the workspace.

Nothing in an address or a file is trusted: what does not fit the table, or never was a choice, is left out.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from slicecore.embedding import SUGGESTED
from slicecore.errors import SlicecoreError, StorageError
from slicecore.filtering.clip_filter import ClipFilter, Condition
from slicecore.filtering.columns import Column, measured_columns
from slicecore.table.dataset import Dataset
from slicecore_app.review.map import colouring
from slicecore_app.review.review_result import Shown, chosen_costs
from slicecore_app.review.saved_views.component import address
from slicecore_app.server import engine
from slicecore_app.server.sources import Source
from slicecore_app.session import embedding_choice, launch_options, layout, state
from slicecore_app.session.view_file import View, ViewFile

MOST_CHARACTERS = 500
"""A longer text in an address is no filter that a person typed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Table:
    """What values are checked against."""

    source: Source
    data: Dataset
    models: frozenset[str]

    def columns(self) -> dict[str, Column]:
        """Columns with the metric that is chosen by now, measured or not. Raises SlicecoreError."""
        now = st.session_state
        known = engine.columns(self.source, now["prediction"], now["metric"], None, now["compared"])
        expected = {
            name: Column(name, values, unit, "measured")
            for name, (values, unit) in measured_columns().items()
        }
        return expected | known

    def drop_limits(self) -> tuple[float, float]:
        """Ends of the slider of the minimum drop. Raises SlicecoreError."""
        return state.drop_limits(chosen_costs(self.source))


@dataclass(frozen=True)
class Field:
    """One part of a view: its name in the session and in the address, and the way from value to text and back.

    `parse` raises ValueError, KeyError or SlicecoreError for what does not fit.
    """

    key: str
    name: str
    text: Callable[[Any], str]
    parse: Callable[[str, Table], Any]


def _one_of(values: Callable[[Table], Any]) -> Callable[[str, Table], Any]:
    def parse(text: str, table: Table) -> Any:
        found = {_plain(value): value for value in values(table)}
        return found[text]

    return parse


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "all" if value is None else str(value)


def _drop(text: str, table: Table) -> float | int:
    number = float(text)
    low, high = table.drop_limits()
    if not math.isfinite(number) or not low <= number <= high:
        raise ValueError(text)
    if not (st.session_state["metric"].is_rate or st.session_state["relative"]):
        return number
    step = state.RELATIVE_STEP if st.session_state["relative"] else 1
    return step * round(number / step)


def _support_steps(table: Table) -> list[Any]:
    steps = state.share_choices if st.session_state["support_share"] else state.support_choices
    return steps(len(table.data))


def _words(text: str, table: Table) -> str:
    if len(text) > MOST_CHARACTERS or not text.isprintable():
        raise ValueError(text)
    return text


def _conditions(text: str, table: Table) -> tuple[Condition, ...]:
    if len(text) > 4 * MOST_CHARACTERS:
        raise ValueError(text)
    raw = json.loads(text)
    if not isinstance(raw, list):
        raise ValueError(text)
    found = tuple(Condition(str(c), str(o), v if isinstance(v, str) else float(v)) for c, o, v in raw)
    columns = table.columns()
    ClipFilter(conditions=found).check(columns)
    return found


def _conditions_text(conditions: tuple[Condition, ...]) -> str:
    return json.dumps(
        [[c.column, c.operator, c.value] for c in conditions], ensure_ascii=False, separators=(",", ":")
    )


def _in_layout(name: str) -> Field:
    key, check = layout.PARTS[name]
    return Field(key, name, str, lambda text, table: check(text, table.data.metadata))


FIELDS = (
    Field("prediction", "output", _plain, _one_of(lambda table: table.data.roles.predictions)),
    Field("compared", "compare", _plain, _one_of(lambda table: state.others(table.data))),
    Field("model", "embedding", _plain, _one_of(lambda table: table.models)),
    Field("metric", "metric", _plain, _one_of(lambda table: state.metric_choices())),
    Field("support_share", "share", _plain, _one_of(lambda table: (False, True))),
    Field("relative", "relative", _plain, _one_of(lambda table: (False, True))),
    Field("against", "against", _plain, _one_of(lambda table: state.AGAINST)),
    Field("tier", "tier", _plain, _one_of(lambda table: state.TIERS)),
    Field("rule", "rule", _plain, _one_of(lambda table: state.RULE_NAMES)),
    Field("max_slices", "most", _plain, _one_of(lambda table: state.MOST_SLICES)),
    Field("min_support", "support", _plain, _one_of(_support_steps)),
    Field("min_drop", "drop", lambda drop: f"{drop:g}", _drop),
    Field("sort", "sort", _plain, _one_of(lambda table: state.SORTS)),
    Field("colour", "colour", str, _one_of(lambda table: colouring.choices(table.columns()))),
    Field("filter", "find", str, _words),
    Field("conditions", "where", _conditions_text, _conditions),
    *map(_in_layout, layout.PARTS),
)
"""In the order in which they are set: what a drop means depends on the metric, what a condition means on both."""

PICK, EMBEDDING = "slice", "embedding"
NAMES = (*(field.name for field in FIELDS), PICK)
_ALWAYS = ("prediction", "model", "metric", "min_support", "min_drop")
_SLICE_ID = re.compile(r"[0-9a-f]{12}")


def current(pick: str | None = None) -> View:
    """The view of now: the main choices, whatever else is not as it would be anyway, and the id of a picked slice."""
    view = {}
    for field in FIELDS:
        value = st.session_state.get(field.key)
        if value is None and field.key != "max_slices":
            continue
        if field.key in _ALWAYS or value != state.DEFAULTS.get(field.key):
            view[field.name] = field.text(value)
    return view | ({PICK: pick} if pick else {})


def open_view(view: View, source: Source, data: Dataset, name: str = "") -> list[str]:
    """Make a view that of now, or let it wait until its embedding is made. Returns the names that do not fit.

    `name` is what somebody called it, "" for the view of a link.
    """
    model = view.get(EMBEDDING, "")
    if model in _models(source) and not embedding_choice.start(source, model):
        embedding_choice.await_view(source, embedding_choice.Awaited(model, view, name))
        return []
    embedding_choice.await_view(source, None)
    return restore(view, source, data)


def begin(source: Source, model: str) -> None:
    """Go on with an embedding; if it is ready at once, `show` it."""
    if embedding_choice.start(source, model):
        show(source, model)


def show(source: Source, model: str) -> None:
    """Go over to an embedding that is ready: to the view that waited for it, if one did."""
    waits = embedding_choice.awaited(source)
    embedding_choice.show(source, model)
    if waits and waits.model == model:
        _tell_ignored(restore(waits.view, source, engine.dataset(source)), waits.name)


def _models(source: Source) -> frozenset[str]:
    """Embeddings that a view may name: no link starts a download of just anything."""
    kept = ViewFile(source.path)
    named = {one[EMBEDDING] for one in (kept.last(), *kept.named().values()) if EMBEDDING in one}
    return frozenset({one.model for one in SUGGESTED} | {st.session_state["model"]} | named)


def restore(view: View, source: Source, data: Dataset) -> list[str]:
    """Make a view that of now; what it does not say goes back to its default. Returns the names that do not fit."""
    table = Table(source, data, _models(source))
    state.forget("prediction", "min_support", "min_drop")
    state.fit(data)
    state.default_view(again=True)
    ignored = []
    for field in FIELDS:
        if field.name not in view:
            continue
        try:
            st.session_state[field.key] = field.parse(view[field.name], table)
        except (ValueError, KeyError, TypeError, SlicecoreError):
            ignored.append(field.name)
    state.forget_pick()
    if PICK in view:
        if _SLICE_ID.fullmatch(view[PICK]):
            st.session_state["asked_slice"] = view[PICK]
        else:
            ignored.append(PICK)
    layout.open_again()
    st.session_state["just_opened"] = True
    return ignored


def arrive(source: Source, data: Dataset) -> None:
    """When a table comes up in a session: open the view of the address, of the command line, or of the last time."""
    if st.session_state.get("arrived") == source.token:
        return
    is_first = "arrived" not in st.session_state
    st.session_state["arrived"] = source.token
    asked = {name: st.query_params[name] for name in NAMES if name in st.query_params} if is_first else {}
    if asked and st.session_state.get("asked_table", source.token) != source.token:
        _tell("The address names a table that is not known here; its view is left out.")
        asked = {}
    started = launch_options.view() if is_first else {}
    before = started or ViewFile(source.path).last()
    if asked.get(EMBEDDING, before.get(EMBEDDING)) != before.get(EMBEDDING):
        restore(before, source, data)  # what the page has while the embedding of the link is made
        job = engine.jobs().get(engine.job_key(source, st.session_state["model"]))
        if job:
            job.ended.wait(embedding_choice.CHOSEN_S)
    if asked:
        _tell_ignored(open_view(asked, source, data))
    else:
        restore(before, source, data)


def _tell_ignored(names: list[str], view: str = "") -> None:
    if names and view:
        _tell(f"{view}: {', '.join(names)} no longer fits this table and is left out.")
    elif names:
        _tell(f"Left out of the address, because it does not fit this table: {', '.join(names)}.")


def _tell(text: str) -> None:
    """Say something when the page is there: what runs before it may be gone at once."""
    st.session_state["told"] = " ".join(filter(None, (st.session_state.get("told"), text)))


def leave(source: Source, shown: Shown) -> None:
    """Write the view of now into the address and the workspace, and pick the slice that the address names."""
    asked = st.session_state.pop("asked_slice", None)
    if asked and shown.problem(asked):
        shown.pick_slice(asked)
        layout.open_again()  # a pick would move the treemap to its slice
        st.rerun()
    elif asked:
        _tell("The slice that the address names is not among those found with these thresholds.")
    if st.session_state.pop("just_opened", False):
        _close_what_is_gone(shown)
    told = st.session_state.pop("told", None)
    if told:
        st.toast(told, duration="long")
    _keep(source, shown)


def _close_what_is_gone(shown: Shown) -> None:
    cluster = st.session_state["open_cluster"]
    if cluster and cluster not in shown.tree.key:
        st.session_state["open_cluster"] = ""
        _tell("The cluster that was open is not among those of this view; all clips are shown.")


@st.fragment
def _keep(source: Source, shown: Shown) -> None:
    """A part of its own: the browser tells how the layout changed, and nothing else has to run for that."""
    view = current(shown.pick.key if shown.pick and shown.pick.kind in ("slice", "own") else None)
    waits = embedding_choice.awaited(source)
    address(
        waits.view if waits else view,
        waits=waits is not None,
        names=NAMES,
        opened=layout.all_opened(),
        key="address",
        on_event=lambda: layout.take(st.session_state["address"]["event"], shown.data.metadata),
        seq=state.seq(),
    )
    kept = {name: value for name, value in view.items() if name != PICK}
    if st.session_state.get("left") == (source.token, kept):
        return
    st.session_state["left"] = (source.token, kept)
    try:
        ViewFile(source.path).leave(kept)
    except StorageError as error:
        _log.warning("%s", error)
