"""The frame in which streamlit-aggrid 1.x draws the clips table: everything that stands on there being one.

With its release 2.0 the table becomes an element of the page: this module and `bridge.js` go then, and the component
calls AgGrid itself.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from st_aggrid import AgGrid, JsCode, StAggridTheme

_MODULES = (
    "web/colour.js",
    "web/direction.js",
    "web/format.js",
    "web/long_runs.js",
    "web/wrong_words.js",
    "review/clips/cells.js",
    "review/clips/bridge.js",
)
"""Scripts of the frame; each imports from those before it only."""
_FIRST_HEIGHT = 300  # px, until the page's style sheet gives the frame its height


class Script(JsCode):
    """JavaScript for AgGrid as it is: it need not be one line, which JsCode takes long to make of it."""

    def __init__(self, code: str) -> None:
        self.js_code = f"::JSCODE::{code}::JSCODE::"


def calls(expression: str) -> Script:
    """A callback of AgGrid with one argument: `calls("showRows()")`; the argument is called `event`."""
    return Script(f"(event) => window.clipsGrid.{expression}")


def cell(name: str) -> Script:
    """AgGrid's cell renderer around a function of `cells.js` that makes the element."""
    return Script(
        f"class {{ init(params) {{ this.element = window.clipsGrid.{name}(params); }}"
        " getGui() { return this.element; } refresh() { return false; } }"
    )


def draw(
    table: pd.DataFrame,
    options: dict[str, Any],
    *,
    theme: StAggridTheme,
    rules: dict[str, dict[str, str]],
    height: int | None,
    key: str,
) -> int | None:
    """Draw AgGrid's table, tied to the page by `bridge.js`.

    Parameters
    ----------
    table, options
        Rows and AgGrid's own options.
    theme, rules
        Look of the table and further rules for its frame, which takes both only when it is made: `key` must change
        with them.
    height
        In px; None: all that the page's style sheet gives the frame.
    key
        Streamlit's key of the element.

    Returns
    -------
    int or None
        Row that the reader picked since the last run, if no player on the page took it.
    """
    fills = (
        {"#gridContainer": {"height": "100vh !important", "width": "100% !important"}} if not height else {}
    )
    answer = AgGrid(
        table,
        {
            **options,
            "onGridReady": Script(f"(window.clipsGrid ??= {frame_script()}).start"),
            "onRowDataUpdated": calls("showRows()"),
            "onNewColumnsLoaded": calls("placeMeasured()"),
            "onSortChanged": calls("sorted(event)"),
            "onModelUpdated": calls("announceOrder()"),
            "onGridSizeChanged": calls("fitColumns()"),
        },
        height=height or _FIRST_HEIGHT,
        theme=theme,
        custom_css={**_fonts(), **rules, **fills},
        allow_unsafe_jscode=True,
        data_return_mode="CUSTOM",
        custom_jscode_for_grid_return=Script("() => window.clipsGrid.picked()"),
        should_grid_return=Script("({eventData}) => window.clipsGrid.isForPython(eventData)"),
        update_on=["selectionChanged"],
        key=key,
    )
    return _new_pick(answer.raw_data, f"{key}-seen")


def _new_pick(answer: dict[str, Any] | None, seen: str) -> int | None:
    """Row of an answer that was not there before: AgGrid gives its last one again in every run."""
    if not answer or answer["at"] == st.session_state.get(seen):
        return None
    st.session_state[seen] = answer["at"]
    return int(answer["row"])


@functools.cache
def frame_script() -> str:
    """The modules of the frame as one expression, an object of what the last of them exports.

    AgGrid takes functions as text and calls them at once, so that they cannot be imported.
    """
    app = Path(__file__).parents[2]
    texts = [(app / module).read_text(encoding="utf-8") for module in _MODULES]
    listed = re.findall(r"^export \{ (.+) \};$", texts[-1], re.MULTILINE)
    exported = re.findall(r"^export (?:function|const) (\w+)", texts[-1], re.MULTILINE)
    names = ", ".join([*exported, *listed])
    lines = [
        line.removeprefix("export ")
        for text in texts
        for line in text.splitlines()
        if not re.match(r"import .* from .*;$|export \{", line)
    ]
    return "(() => {\n" + "\n".join(lines) + f"\nreturn {{ {names} }};\n}})()"


@functools.cache
def _fonts() -> dict[str, dict[str, str]]:
    """The page's fonts, which Streamlit serves under names that change with its version."""
    static = Path(st.__file__).parent / "static"
    rules = {}
    for family, file in (("Source Sans", "SourceSansVF-Upright"), ("Source Code", "SourceCodeVF-Upright")):
        for path in static.glob(f"static/media/{file}*.woff2"):
            # The comment makes the selector unique: a style sheet given as a dict has one rule for each.
            rules[f"@font-face /* {family} */"] = {
                "font-family": f'"{family}"',
                "font-weight": "200 900",
                # Relative to the frame's page, component/<name>/index.html: the app may be served below any path.
                "src": f'url("../../{path.relative_to(static).as_posix()}")',
            }
    return rules
