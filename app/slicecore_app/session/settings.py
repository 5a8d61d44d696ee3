"""Settings of the review page in one table: name, text in the address, default, choices, part in the scan.

The values are in `st.session_state` under the settings' names, as the units of the page have them; widgets of the head
use the same names as their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from slicecore.embedding import SUGGESTED
from slicecore.filtering.clip_filter import ClipFilter
from slicecore.slices.options import CONFIRMED, Options
from slicecore.table.dataset import Dataset
from slicecore.table.speakers import NO_GROUPS, group_column
from slicecore_app.server.metrics_offered import MetricChoice, metric_choices, usual_choice
from slicecore_app.session import map_colour, map_layout, parsing, threshold_steps
from slicecore_app.session.parsing import Parser, Table

_MOST = (5, 10, 20, 50)
SORTS = {
    "impact": "Most errors first",
    "drop": "Largest drop first",
    "evidence": "Strongest evidence first",
    "support": "Most clips first",
    "unreviewed": "Unreviewed first",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One choice of the reader.

    Attributes
    ----------
    name : key in the session; where it is an option of the scan, the name of that.
    url : name in the address and in views.
    scope : "session" stays until it is chosen anew; "view" returns to the default when a view is opened, "table" also
        when another table is.
    default : function of the table; what holds where nothing was chosen. The table is not looked at unless `of_table`.
    choices : function of the table; all values that may be chosen.
    between : an address or a way out may set values between the choices.
    parse, text : from the text in the address to the value and back; by the choices where they are not given.
    to_scan : from the value and all settings to the option of the scan; None: it is none.
    always : it is in the address also with its default.
    resets : settings whose values lose their meaning when this one is chosen.
    label, labels : of the control among the options, and of its choices, which may be a function of the table; ""
        where another part of the page draws it.
    """

    name: str
    url: str
    scope: Literal["session", "view", "table"] = "view"
    default: Callable[[Table], Any]
    of_table: bool = False
    choices: Callable[[Table], Iterable[Any]] = lambda table: ()
    between: bool = False
    parse: Parser
    text: Callable[[Any], str] = parsing.plain
    to_scan: Callable[[Any, Mapping[Any, Any]], Any] | None = None
    always: bool = False
    resets: tuple[str, ...] = ()
    label: str = ""
    labels: Mapping[Any, str] | Callable[[Table], Mapping[Any, str]] | None = None


def _choice(name: str, url: str, choices: Callable[[Table], Iterable[Any]], **more: Any) -> Setting:
    """A setting whose text is that of one of its choices."""
    return Setting(name=name, url=url, choices=choices, parse=parsing.one_of(choices), **more)


def _option(name: str, url: str, label: str, labels: Mapping[Any, str], **more: Any) -> Setting:
    """An option of the scan that is asked for less often; the first choice is the default."""
    first = next(iter(labels))
    return _choice(
        name, url, lambda table: labels, default=lambda table: first, label=label, labels=labels, **more
    )


def _always(value: Any) -> Callable[[Table], Any]:
    return lambda table: value


def _layout(name: str, url: str, parse: Parser) -> Setting:
    """A part of the layout of the page: text, "" where it is as it would be anyway."""
    return Setting(name=name, url=url, default=_always(""), parse=parse, text=str)


def _same(value: Any, now: Mapping[Any, Any]) -> Any:
    return value


def _shuffles(count: int, now: Mapping[Any, Any]) -> int:
    """Permutations of the test; none confirms no slice, so that those alone can't be asked for without any."""
    return count or (Options.shuffles if now["tier"] == CONFIRMED else 0)


def _drop_unit(now: Mapping[Any, Any]) -> int:
    return threshold_steps.per_unit(now["metric"].is_rate, now["relative"])


def _support_steps(table: Table) -> Iterable[Any]:
    return threshold_steps.support_steps(len(table.data), table.now["support_share"])


def _drop_steps(table: Table) -> list[Any]:
    return list(threshold_steps.drop_steps(table.costs(), table.now["relative"]))


def _group_labels(table: Table) -> Mapping[Any, str]:
    """Groups that clips may come in: "" is what the table suggests."""
    suggested, *others = table.data.group_choices or ("",)
    if not table.data.guessed_groups:
        return {"": "None", **{name: name for name in (suggested, *others) if name}}
    return {"": suggested, NO_GROUPS: "None", **{name: name for name in others}}


def _most_labels(table: Table) -> Mapping[Any, str]:
    """Numbers of slices to choose among, with the one that an address or a command names."""
    counts = sorted({*_MOST, table.now.get("max_slices") or _MOST[0]})
    return {count: str(count or "all") for count in (None, *counts)}


LAYOUT = (
    _layout("panels", "panels", parsing.only_panel),
    _layout("open_cluster", "level", parsing.open_cluster),
    _layout("part_of_map", "map", parsing.part_of_map),
    _layout("order_of_clips", "order", parsing.order_of_clips),
    _layout("hidden_columns", "hide", parsing.hidden_columns),
)

SETTINGS = (
    _choice(
        "prediction",
        "output",
        lambda table: table.data.roles.predictions,
        scope="table",
        default=lambda table: table.data.roles.predictions[0],
        of_table=True,
        always=True,
    ),
    Setting(
        name="compared",
        url="compare",
        scope="table",
        default=_always(""),
        choices=lambda table: ("", *others(table.data)),
        parse=parsing.one_of(lambda table: others(table.data)),
    ),
    _choice(
        "model",
        "embedding",
        lambda table: table.models,
        scope="session",
        default=_always(SUGGESTED[0].model),
        always=True,
    ),
    _choice(
        "metric",
        "metric",
        lambda table: metric_choices(),
        scope="table",
        default=lambda table: usual_choice(table.data),
        of_table=True,
        always=True,
        resets=("min_drop",),
    ),
    Setting(
        name="threshold",
        url="threshold",
        scope="table",
        default=_always(None),
        between=True,
        parse=parsing.threshold,
        text=parsing.threshold_text,
    ),
    _option(
        "support_share",
        "share",
        "Support",
        {False: "Clips", True: "Share of all clips"},
        resets=("min_support",),
    ),
    _option(
        "relative",
        "relative",
        "Drop",
        {False: "Absolute", True: "Share of the overall value"},
        to_scan=_same,
        resets=("min_drop",),
    ),
    _option("against", "against", "Against", {"whole": "The whole", "rest": "The rest"}, to_scan=_same),
    _option(
        "tier",
        "tier",
        "Slices",
        {"all": "All", CONFIRMED: "Confirmed only"},
        to_scan=lambda tier, now: CONFIRMED if tier == CONFIRMED else None,
    ),
    _option(
        "rule",
        "rule",
        "Rule",
        {"best": "Every problem once", "plain": "Every cluster over the thresholds"},
        to_scan=_same,
    ),
    Setting(
        name="shuffles",
        url="shuffles",
        default=_always(Options.shuffles),
        between=True,
        parse=parsing.shuffles,
        to_scan=_shuffles,
    ),
    Setting(
        name="max_slices",
        url="most",
        default=_always(None),
        choices=_most_labels,
        between=True,
        parse=parsing.most,
        to_scan=_same,
        label="At most",
        labels=_most_labels,
    ),
    _choice(
        "group",
        "groups",
        lambda table: ("", NO_GROUPS, *table.data.group_choices),
        scope="table",
        default=_always(""),
        label="Groups",
        labels=_group_labels,
    ),
    _choice(
        "min_support",
        "support",
        _support_steps,
        scope="table",
        default=lambda table: threshold_steps.default_support(len(table.data), table.now["support_share"]),
        of_table=True,
        to_scan=lambda support, now: support / 100 if now["support_share"] else int(support),
        always=True,
    ),
    Setting(
        name="min_drop",
        url="drop",
        scope="table",
        default=lambda table: threshold_steps.default_drop(table.costs(), table.now["relative"]),
        of_table=True,
        choices=_drop_steps,
        between=True,
        parse=parsing.within(lambda table: (_drop_steps(table)[0], _drop_steps(table)[-1])),
        to_scan=lambda drop, now: drop / _drop_unit(now),
        always=True,
    ),
    _choice("sort", "sort", lambda table: SORTS, default=_always(next(iter(SORTS)))),
    _choice(
        "colour",
        "colour",
        lambda table: map_colour.choices(table.columns()),
        default=_always(map_colour.VALUE),
    ),
    _choice("map_layout", "layout", lambda table: map_layout.LAYOUTS, default=_always(map_layout.HNNE)),
    Setting(name="filter", url="find", scope="table", default=_always(""), parse=parsing.words),
    Setting(
        name="conditions",
        url="where",
        scope="table",
        default=_always(()),
        parse=parsing.conditions,
        text=parsing.conditions_text,
    ),
    Setting(
        name="added_columns",
        url="add",
        default=_always(()),
        parse=lambda text, table: parsing.added_columns(text, table) if text else (),
        text=",".join,
    ),
    *LAYOUT,
)
"""In the order in which a view sets them: what a drop means depends on the metric, what a condition means on both."""

BY_NAME = {setting.name: setting for setting in SETTINGS}
OPTIONS = tuple(setting for setting in SETTINGS if setting.label)
"""The options of the scan that are asked for less often."""
NO_TABLE: Any = None
"""For defaults that do not depend on the table."""


def start() -> None:
    """Give every setting that does not depend on a table a value."""
    for setting in SETTINGS:
        if not setting.of_table and not has(setting.name):
            st.session_state[setting.name] = setting.default(NO_TABLE)


def fit(table: Table, *names: str) -> None:
    """Give settings their defaults that have no value which the table has. Raises what their defaults raise."""
    for setting in map(BY_NAME.__getitem__, names):
        if not has(setting.name) or not (setting.between or value(setting.name) in setting.choices(table)):
            st.session_state[setting.name] = setting.default(table)


def choose(name: str, choice: Any, table: Table) -> None:
    """Make a choice that the browser sent; what is none is ignored."""
    setting = BY_NAME.get(name)
    if setting is None:
        return
    try:
        st.session_state[name] = setting.parse(setting.text(choice), table)
    except (ValueError, KeyError, TypeError):
        return
    reset(*setting.resets, table=table)


def reset(*names: str, table: Table) -> None:
    """Let settings go back to their defaults."""
    for name in names:
        st.session_state[name] = BY_NAME[name].default(table)


def leave_table() -> None:
    """Let what belongs to one table go: another one is opened."""
    _leave("table")


def leave_view() -> None:
    """Let all that a view consists of go: another one is opened."""
    _leave("table", "view")


def _leave(*scopes: str) -> None:
    for setting in SETTINGS:
        if setting.scope in scopes:
            forget(setting.name)
    start()


def forget(name: str) -> None:
    """Let a setting have no value, until a table gives it its default."""
    st.session_state.pop(name, None)
    st.session_state["before"].pop(name, None)


def has(name: str) -> bool:
    """True if a name has a value in the session."""
    # Not `in`, which is also true of a widget that was on the page before the last run and is forgotten since.
    try:
        st.session_state[name]
    except KeyError:
        return False
    return True


def value(name: str) -> Any:
    """The choice of now."""
    return st.session_state[name]


def metric() -> MetricChoice:
    """The metric that is chosen now, at the threshold of scores where it has one."""
    chosen: MetricChoice = st.session_state["metric"]
    return chosen.at(st.session_state["threshold"])


def clip_filter() -> ClipFilter:
    """The filter of the clips in the table, among those picked or all."""
    return ClipFilter(st.session_state["filter"], st.session_state["conditions"])


def group(data: Dataset) -> str | None:
    """The groups that the clips of a table come in, by the choice or the guess; None for none."""
    return group_column(data, st.session_state["group"] or None)


def others(data: Dataset) -> list[str]:
    """The models with which the one on the page can be compared."""
    return [name for name in data.roles.predictions if name != st.session_state["prediction"]]
