"""What one session remembers: the choices in the head, the thresholds, what is picked and what is playing.

Everything lives in `st.session_state` under the names below; widgets use the same names as their keys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from slicecore.embedding import SUGGESTED
from slicecore.filtering.clip_filter import ClipFilter
from slicecore.metrics import Costs
from slicecore.slices.options import CONFIRMED, Options
from slicecore.slices.result import Slice
from slicecore.table.dataset import Dataset
from slicecore.text.normalisation import DEFAULT_NORMALISATION, NORMALISATIONS
from slicecore_app.server.metrics_offered import offered
from slicecore_app.server.sources import Source, known

SORTS = {
    "impact": "Most errors first",
    "drop": "Largest drop first",
    "evidence": "Strongest evidence first",
    "support": "Most clips first",
    "unreviewed": "Unreviewed first",
}
DEFAULT_DROP = 0.1
MOST_ROWS = 500
"""Clips in the table at first, the worst; so many more each time the reader asks: a pick has to be quick."""
RELATIVE_STEP = 5
"""Of the minimum drop in percent of the overall value."""
SMALLEST_SUPPORT = 5

TIERS = {"all": "All", CONFIRMED: "Confirmed only"}
AGAINST = {"whole": "The whole", "rest": "The rest"}
RULE_NAMES = {"best": "Every problem once", "plain": "Plain rule of the literature"}
MOST_SLICES = (None, 5, 10, 20, 50)

_WIDGETS = (
    *("source", "prediction", "compared", "view", "metric", "min_support", "min_drop"),
    *("support_share", "relative", "against", "tier", "max_slices", "rule"),
)


@dataclass(frozen=True)
class Pick:
    """What the reader looks at: a flagged slice, another cluster of the tree, a slice of their own, or a selection.

    `key` is the slice's id, the cluster's key, or "". `rows` are the clips, sorted. `found` is the cluster with all
    its numbers where the engine described it: flagged, or wider or narrower than a flagged one. `reason` says how a
    selection came about: "lasso on the map", "accent = scottish".
    """

    kind: Literal["slice", "cluster", "own", "selection"]
    key: str
    rows: np.ndarray
    found: Slice | None = None
    reason: str = ""


@dataclass(frozen=True)
class MetricChoice:
    """A metric with its normalisation, as the head offers it."""

    metric: str
    normalisation: str

    @property
    def is_rate(self) -> bool:
        """Whether thresholds are in percentage points."""
        return offered()[self.metric].is_rate

    @property
    def label(self) -> str:
        """Name for people, such as "WER, basic"; the normalisation only where it matters."""
        entry = offered()[self.metric]
        name = {"none": "as written", "basic": "basic", "english": "English"}[self.normalisation]
        return f"{entry.label}, {name}" if entry.normalises else entry.label

    def __str__(self) -> str:
        """As an address has it: "wer.basic"."""
        return f"{self.metric}.{self.normalisation}"


@dataclass(frozen=True)
class Choices:
    """The choices in head and controls, as the scan needs them."""

    prediction: str
    compared: str  # the model that it is compared with, "" for none
    model: str
    metric: MetricChoice
    min_support: float  # clips, or a share of all clips below 1
    min_drop: float
    sort: str
    relative: bool
    against: str
    tier: str | None
    max_slices: int | None
    rule: str

    @property
    def options(self) -> Options:
        """Options of the scan."""
        return Options(
            min_support=self.min_support,
            min_drop=self.min_drop,
            relative=self.relative,
            against=self.against,
            rule=self.rule,
            tier=self.tier,
            max_slices=self.max_slices,
        )


def choices() -> Choices:
    """What is chosen now; thresholds in clips and in the metric's own unit."""
    now = st.session_state
    metric: MetricChoice = now["metric"]
    unit = 100 if metric.is_rate or now["relative"] else 1
    return Choices(
        prediction=now["prediction"],
        compared=now["compared"],
        model=now["model"],
        metric=metric,
        min_support=now["min_support"] / 100 if now["support_share"] else int(now["min_support"]),
        min_drop=now["min_drop"] / unit,
        sort=now["sort"],
        relative=bool(now["relative"]),
        against=now["against"] or "whole",
        tier=CONFIRMED if now["tier"] == CONFIRMED else None,
        max_slices=now["max_slices"],
        rule=now["rule"] or "best",
    )


def metric_choices() -> list[MetricChoice]:
    """Every metric, those on text with each normalisation; the default first."""
    choices = [
        MetricChoice(key, normalisation)
        for key, entry in offered().items()
        for normalisation in (NORMALISATIONS if entry.normalises else (DEFAULT_NORMALISATION,))
    ]
    return sorted(choices, key=lambda one: one != MetricChoice(next(iter(offered())), DEFAULT_NORMALISATION))


def start() -> None:
    """Give every name a value, and keep those whose widget is not on the page now (Streamlit would drop them)."""
    kept = st.session_state.setdefault("kept", {})
    for name in _WIDGETS:
        if _has(name):
            kept[name] = st.session_state[name]
        elif name in kept:
            # Only where it is missing: a value set from here would take back what the reader is changing just now.
            st.session_state[name] = kept[name]
    st.session_state.setdefault("model", SUGGESTED[0].model)
    st.session_state.setdefault("metric", metric_choices()[0])
    default_view()
    st.session_state.setdefault("picked", None)
    st.session_state.setdefault("playing", None)
    st.session_state.setdefault("everywhere", False)
    st.session_state.setdefault("most_rows", MOST_ROWS)
    st.session_state["seq"] = st.session_state.get("seq", 0) + 1


DEFAULTS = {
    **{
        "support_share": False,
        "relative": False,
        "against": "whole",
        "tier": "all",
        "max_slices": None,
        "rule": "best",
    },
    **{"sort": next(iter(SORTS)), "filter": "", "conditions": ()},
    **{"colour": "value", "compared": ""},
    **{"panels": "", "open_cluster": "", "part_of_map": "", "order_of_clips": ""},
}
"""What a view is where nothing was chosen: the options of the scan, then the rest."""
_OPTIONS = ("support_share", "relative", "against", "tier", "max_slices", "rule")


def default_options(again: bool = False) -> None:
    """Give the options of the scan their defaults where they have no value yet, or in any case if `again`."""
    for name in _OPTIONS:
        if again or not _has(name):
            st.session_state[name] = DEFAULTS[name]


def default_view(again: bool = False) -> None:
    """The same for all that a view consists of, but for what depends on the table."""
    for name, value in DEFAULTS.items():
        if again or not _has(name):
            st.session_state[name] = value


def _has(name: str) -> bool:
    # Not `in`, which is also true of a widget that was on the page before the last run and is forgotten since.
    try:
        st.session_state[name]
    except KeyError:
        return False
    return True


def seq() -> int:
    """Number of this run of the script; components show it when they have drawn it."""
    return st.session_state["seq"]


def source() -> Source | None:
    """The table on the page: the one chosen, the one the address names, or the first known."""
    tables = known()
    token = st.session_state.get("source")
    if token not in tables:
        asked = st.query_params.get("data", "")
        token = asked if asked in tables else next(iter(tables), None)
        st.session_state["source"] = token
        if asked:
            st.session_state["asked_table"] = asked
    if token is None:
        return None
    if st.query_params.get("data") != token:  # setting it tells the browser, which then forgets the rest
        st.query_params["data"] = token
    return tables[token]


def fit(data: Dataset) -> None:
    """Give the choices that depend on the table a value that it has."""
    if st.session_state.get("prediction") not in data.roles.predictions:
        st.session_state["prediction"] = data.roles.predictions[0]
    if st.session_state["compared"] not in others(data):
        st.session_state["compared"] = ""


def others(data: Dataset) -> list[str]:
    """The models with which the one on the page can be compared."""
    return [name for name in data.roles.predictions if name != st.session_state["prediction"]]


def is_new(name: str) -> bool:
    """Whether a choice is not that of the run before.

    Streamlit forgets the widgets that a run did not come to because another one was asked for, and then tells of
    their values as if they were new.
    """
    return _has(name) and st.session_state[name] != st.session_state["kept"].get(name)


def other_prediction() -> None:
    """Another model is chosen: if it is the one that the page's was compared with, the two change places."""
    if not is_new("prediction"):
        return
    before = st.session_state["kept"].get("prediction")
    if st.session_state["prediction"] == st.session_state["compared"]:
        st.session_state["compared"] = before or ""
    forget_pick()


def open_table(token: str) -> None:
    """Turn to another table; what was picked belongs to the old one."""
    st.session_state["source"] = token
    forget_table()


def forget_table() -> None:
    """Drop everything that belongs to one table."""
    forget("prediction", "compared", "min_support", "min_drop", "filter")
    st.session_state["conditions"] = ()
    forget_pick()


def forget(*names: str) -> None:
    """Let choices go back to their defaults."""
    for name in names:
        st.session_state.pop(name, None)
        st.session_state["kept"].pop(name, None)


def forget_pick() -> None:
    """Nothing is picked, nothing plays."""
    pick(None)


def pick(chosen: Pick | None) -> None:
    """Look at something else; its first clip becomes the one to play. A filter goes on among its clips."""
    st.session_state["picked"] = chosen
    st.session_state["playing"] = None
    st.session_state["everywhere"] = False
    st.session_state["most_rows"] = MOST_ROWS


def picked() -> Pick | None:
    """What the reader looks at."""
    return st.session_state["picked"]


def play(row: int) -> None:
    """Put a clip into the player."""
    st.session_state["playing"] = int(row)


def playing() -> int | None:
    """The clip in the player."""
    return st.session_state["playing"]


def clip_filter() -> ClipFilter:
    """Which clips the table shows of those picked, or of all if `everywhere`."""
    return ClipFilter(st.session_state["filter"], st.session_state["conditions"])


def everywhere() -> bool:
    """Whether the filter looks at all clips rather than at the picked ones."""
    return st.session_state["everywhere"]


def set_filter(wanted: ClipFilter, everywhere: bool | None = None) -> None:
    """Filter the table of clips; `everywhere` None leaves where it looks as it is."""
    st.session_state["filter"] = wanted.words
    st.session_state["conditions"] = wanted.conditions
    if everywhere is not None:
        st.session_state["everywhere"] = everywhere


def support_choices(clips: int) -> list[int]:
    """Steps of the minimum support: fine for small numbers, coarse for large ones, up to half of the clips."""
    steps = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80]
    steps += [base * 10**power for power in range(2, 7) for base in (1, 1.5, 2, 3, 4, 5, 6, 8)]
    return [int(step) for step in steps if step <= max(5, clips // 2)]


def default_support(clips: int) -> int:
    """Half a percent of the clips, at least 5, on a step of the slider."""
    wanted = max(SMALLEST_SUPPORT, clips / 200)
    return max(step for step in support_choices(clips) if step <= wanted)


SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50)
"""Steps of the minimum support as a share, in percent of all clips."""


def clips_of_share(percent: float, clips: int) -> int:
    """How many clips a share of all is at least, as the scan counts it."""
    return max(1, math.ceil(percent / 100 * clips))


def share_choices(clips: int) -> list[float]:
    """Steps of the minimum support in percent; none that is less than two clips."""
    return [percent for percent in SHARES if percent / 100 * clips >= 2] or [SHARES[-1]]


def default_share(clips: int) -> float:
    """Half a percent, or as much as the smallest sensible slice is."""
    choices = share_choices(clips)
    return next((one for one in choices if clips_of_share(one, clips) >= default_support(clips)), choices[-1])


def drop_limits(costs: Costs) -> tuple[float, float]:
    """Ends of the slider of the minimum drop, in percent of the overall value, points, or the metric's unit."""
    if st.session_state["relative"]:
        return 0, 200
    return (0, 100) if costs.is_rate else (0, 10 * default_drop(costs))


def default_drop(costs: Costs) -> float:
    """Ten points for rates, a quarter of the overall value for everything else."""
    overall = costs.model_costs.value()
    return (
        DEFAULT_DROP if costs.is_rate or not np.isfinite(overall) else float(f"{abs(overall) / 4:.1g}") or 0.1
    )
