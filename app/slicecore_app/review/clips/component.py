"""The clips table: AgGrid with our own cells, tied to the player on the same page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from slicecore_app.review.clips import frame, style
from slicecore_app.web.theme import DROP_POINTS, drop_colours

COMPARED = ("modelValue", "otherValue", "otherEdits")
"""Columns of a comparison of two models; the edits of the first one are `edits`."""
FIXED = (
    "row",
    "id",
    "clipName",
    "clipPath",
    "value",
    "points",
    "edits",
    "words",
    "duration",
    "reason",
    "signs",
    *COMPARED,
)
"""Columns that the table is made of; all others are metadata."""


@dataclass(frozen=True)
class Measured:
    """A column of a measurement: its name in the table, what people call it, and how it is written."""

    name: str
    label: str
    hint: str
    decimals: int


def clips(
    table: pd.DataFrame,
    *,
    media: str,
    metric: str,
    dark: bool,
    key: str,
    is_rate: bool = True,
    higher_is_better: bool = False,
    models: tuple[str, str] | None = None,
    measured: Sequence[Measured] = (),
    nothing: str = "No clips",
    height: int | Literal["stretch"] = "stretch",
    joint: str = " ",
    texts: bool = True,
    first: tuple[str, Literal["asc", "desc"]] | None = None,
) -> int | None:
    """Draw the table of clips.

    The order that the reader chose stays while columns and clips come and go; it is part of the page's layout
    (`web/layout.js`). The row of the clip in the player is marked and kept in view. A click goes to the player on
    the page, which plays the clip at once and reports it as its own event; only where there is no player the click is
    returned here.

    Parameters
    ----------
    table
        One row per clip, worst first. `row` (int, unique), `id`, `clipName` (for people), `clipPath` (of its file),
        `value` (of the metric, NaN if unknown), `points` (drop on the colour scale), `edits` (JSON text of a list as in
        `player.component.Clip`); if wanted also `signs` (of a wrong reference, JSON text as there), `words`, `duration`
        (seconds), `reason` (why it can't be played, or ""). Every further column is shown as it is.
    media
        Address below which the sound of these clips is served, without the row: "api/clips/<token>".
    metric
        What the value is called.
    is_rate
        Whether values are shares, shown in percent.
    higher_is_better
        Which end of the metric is the worst one.
    models
        Names of two models that are compared: `value` is then the difference of both, and the columns of `COMPARED`
        are there. Every row has two lines, one for each.
    measured
        Columns of the table that are measurements; they stand before the metadata. The page sorts by one of them with
        `slicecoreClips.sort(name, descending)`.
    nothing
        What stands in the place of the rows when there are none.
    height
        In px, or "stretch" where the page's own style sheet gives the frame a height.
    joint
        Text between two steps of an alignment: a space between words, nothing between characters.
    texts
        Whether clips have references and predictions to be shown.
    first
        Order of the rows as they are given, a column and the direction; by default the worst value first.

    Returns
    -------
    int or None
        Row that the reader picked since the last run, if there is no player.
    """
    known = {*FIXED, *(column.name for column in measured)}
    metadata = [column for column in table.columns if column not in known]
    worst_first = "asc" if higher_is_better else "desc"
    # A name may be anything, also that of a fixed column.
    fields = {column: f"m{i}" for i, column in enumerate(metadata)}
    return frame.draw(
        table.rename(columns=fields),
        _options()
        | {
            "columnDefs": _columns(table, fields, measured, metric, higher_is_better, models, joint, texts),
            "context": _context(media, metric, joint, is_rate, table, dark)
            | {"measured": [column.name for column in measured], "models": models}
            | {"names": {field: name for name, field in fields.items()}}
            | {"first": first or ("value", worst_first)},
            "overlayNoRowsTemplate": f"<span>{html.escape(nothing)}</span>",
        },
        theme=style.theme(dark, two_lines=models is not None),
        rules=style.style_sheet(dark),
        height=None if height == "stretch" else height,
        # The frame takes colours, direction and height of rows only when it is made.
        key=f"{key}-{'dark' if dark else 'light'}-{worst_first}-{2 if models else 1}",
    )


def _options() -> dict[str, Any]:
    """AgGrid's options that are the same for every table."""
    return {
        "defaultColDef": {"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
        "getRowId": frame.Script("(params) => String(params.data.row)"),
        "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        "maintainColumnOrder": True,
        "suppressCellFocus": True,
        "suppressFieldDotNotation": True,
        "animateRows": False,
        "suppressColumnMoveAnimation": True,  # on a busy machine a column can stay where it slid from, over others
        "rowBuffer": 2,  # rows drawn out of sight: each takes as long as one in sight
    }


def _context(
    media: str, metric: str, joint: str, is_rate: bool, table: pd.DataFrame, dark: bool
) -> dict[str, Any]:
    """Context of the cells, as `cells.js` describes it. A bar is full at 100 %, else at the largest value."""
    largest = table["value"].max() if len(table) else 1.0
    return {
        "media": media,
        "metric": metric,
        "joint": joint,
        "percent": is_rate,
        "full": 1.0 if is_rate or not largest > 0 else float(largest),
        "dropPoints": DROP_POINTS,
        "dropColours": drop_colours(dark),
    }


def _columns(
    table: pd.DataFrame,
    fields: dict[str, str],
    measured: Sequence[Measured],
    metric: str,
    higher_is_better: bool,
    models: tuple[str, str] | None,
    joint: str,
    texts: bool,
) -> list[dict[str, Any]]:
    """Column definitions. Widths and order are initial: what the reader changes stays over reruns."""
    fixed: list[dict[str, Any]] = [
        {
            "colId": "value",
            "field": "value",
            "headerName": "Difference" if models else metric,
            "headerTooltip": f"{metric} of {models[0]} minus {metric} of {models[1]}" if models else metric,
            "cellRenderer": frame.cell("valueCell"),
            "initialSort": "asc" if higher_is_better else "desc",
            "initialWidth": 112,
            "type": "rightAligned",
        },
        {
            "colId": "edits",
            "field": "edits",
            "headerName": "Reference → prediction" if joint else "Reference → prediction, by character",
            "cellRenderer": frame.cell("editsCell"),
            "sortable": False,
            "hide": not texts,
            "initialWidth": 260,
            "minWidth": 120,
        },
        {
            "field": "words",
            "headerName": "Words",
            **_number("number(event.value, 0)"),
            "initialWidth": 66,
            "hide": "words" not in table,  # not left out: it has its place when it comes back
        },
        {
            "field": "duration",
            "headerName": "Length (s)",
            **_number("number(event.value, 1)"),
            "initialWidth": 84,
        },
    ]
    if models:
        fixed[1]["headerName"] = f"Reference → {models[0]}, {models[1]}"
        fixed[1]["headerTooltip"] = f"Above: {models[0]}. Below: {models[1]}"
        fixed.insert(
            1,
            {
                "colId": "modelValue",
                "field": "modelValue",
                "headerName": metric,
                "headerTooltip": f"Above: {models[0]}, which sorts. Below: {models[1]}",
                "cellRenderer": frame.cell("bothCell"),
                "initialWidth": 72,
                "type": "rightAligned",
            },
        )
    effects = [
        {
            "colId": column.name,
            "field": column.name,
            "headerName": column.label,
            "headerTooltip": column.hint,
            "initialWidth": 84,
            **_number(f"measure(event.value, {column.decimals})"),
        }
        for column in measured
    ]
    own = [_metadata_column(name, field, table[name]) for name, field in fields.items()]
    identity = {
        "colId": "id",
        "field": "clipName",
        "tooltipField": "clipPath",
        "headerName": "Clip",
        "cellClass": "mono",
        "initialWidth": 110,
    }
    if not texts:  # the name says most of what there is
        return [fixed[0], identity, *fixed[1:], *effects, *own]
    return [*fixed, *effects, *own, identity]


def _metadata_column(name: str, field: str, values: pd.Series) -> dict[str, Any]:
    column = {"colId": field, "field": field, "headerName": name, "headerTooltip": name, "initialWidth": 84}
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return {**column, **_number(f"measure(event.value, {_decimals(values)})")}
    return {**column, "tooltipField": field}


def _decimals(values: pd.Series) -> int:
    """As many for the whole column as its typical number needs."""
    sizes = values.dropna().abs()
    if not len(sizes) or (sizes % 1 == 0).all() or sizes.median() >= 100:
        return 0
    return 1 if sizes.median() >= 1 else 2


def _number(expression: str) -> dict[str, Any]:
    return {"type": "rightAligned", "valueFormatter": frame.calls(expression)}
