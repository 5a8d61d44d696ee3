"""Look of the clips table: AgGrid's theme and style sheet, from the page's colours, which do not reach its frame."""

from __future__ import annotations

from st_aggrid import StAggridTheme

from slicecore_app.web.theme import tokens

ROW_HEIGHT = 29
HEADER_HEIGHT = 28
LINE_HEIGHT = 22
"""Height of each line where a row has two."""


def theme(dark: bool, *, two_lines: bool = False) -> StAggridTheme:
    """AgGrid's own parameters. `two_lines`: rows are higher by a line."""
    colours = tokens(dark)
    return StAggridTheme(base="balham").withParams(
        accentColor=colours["accent"],
        backgroundColor=colours["panel"],
        borderColor=colours["line"],
        borderRadius=4,
        browserColorScheme="dark" if dark else "light",
        cellHorizontalPadding=8,
        cellTextColor=colours["ink"],
        chromeBackgroundColor=colours["panel"],
        columnBorder=False,
        fontFamily='"Source Sans", "Source Sans Pro", sans-serif',
        fontSize=13,
        foregroundColor=colours["ink"],
        headerBackgroundColor=colours["panel"],
        headerColumnBorder=False,
        headerColumnResizeHandleColor="transparent",
        headerFontSize=12,
        headerFontWeight=500,
        headerHeight=HEADER_HEIGHT,
        headerTextColor=colours["ink3"],
        iconSize=12,
        menuBackgroundColor=colours["panel"],
        oddRowBackgroundColor=colours["panel"],
        rowHeight=ROW_HEIGHT + (LINE_HEIGHT if two_lines else 0),
        rowHoverColor=colours["sunken"],
        selectedRowBackgroundColor=colours["accent-soft"],
        wrapperBorder=False,
        wrapperBorderRadius=0,
    )


def style_sheet(dark: bool) -> dict[str, dict[str, str]]:
    """Rules for the cells."""
    colours = tokens(dark)
    fade = "linear-gradient(90deg, #000 calc(100% - 26px), transparent)"
    rules = {
        "html, body": {"background": colours["panel"], "margin": "0"},
        # A bar of our own is seen on every system: some show theirs only while one scrolls.
        "::-webkit-scrollbar": {"width": "10px", "height": "10px"},
        "::-webkit-scrollbar-thumb": {
            "background": colours["line2"],
            "background-clip": "padding-box",
            "border": "2px solid transparent",
            "border-radius": "5px",
        },
        "::-webkit-scrollbar-thumb:hover": {"background-color": colours["ink3"]},
        ".ag-root-wrapper": {"font-feature-settings": '"tnum"'},
        ".ag-row-selected .ag-cell:first-child": {"box-shadow": f"inset 3px 0 0 {colours['accent']}"},
        ".ag-row:focus, .ag-row:focus::after": {
            "box-shadow": "none !important",
            "outline": "none !important",
        },
        ".ag-cell": {"border": "0 !important", "line-height": f"{ROW_HEIGHT - 1}px"},
        ".ag-cell.mono": {"font": '12px/28px "Source Code", monospace', "color": colours["ink2"]},
        ".ag-header-cell:focus-visible": {
            "outline": f"2px solid {colours['accent']}",
            "outline-offset": "-2px",
        },
        ".ag-cell-wrapper, .ag-cell-value": {"height": "100%"},
        ".value": {"display": "flex", "align-items": "center", "gap": "6px", "height": "100%"},
        ".value u": {
            "flex": "none",
            "width": "36px",
            "height": "8px",
            "background": colours["sunken"],
            "text-decoration": "none",
        },
        ".value i": {
            "display": "block",
            "height": "8px",
            "box-shadow": f"inset 0 0 0 1px color-mix(in srgb, {colours['ink']} 22%, transparent)",
        },
        ".value span": {"flex": "1", "text-align": "right"},
        ".edits": {"overflow": "hidden", "white-space": "nowrap", "mask-image": fade},
        ".edits[dir=rtl]": {"width": "100%", "mask-image": fade.replace("90deg", "270deg")},
        ".edits .equal": {"color": colours["ink2"]},
        ".edits .empty": {"color": colours["ink3"], "font-style": "italic"},
        ".wrong-reference": {
            "display": "inline-block",
            "margin-right": "5px",
            "padding": "0 4px",
            "border": f"1px solid {colours['ink2']}",
            "border-radius": "3px",
            "font-weight": "600",
            "line-height": "15px",
        },
        ".both": {
            "display": "flex",
            "flex-direction": "column",
            "justify-content": "center",
            "height": "100%",
        },
        ".both > *": {"height": f"{LINE_HEIGHT}px", "line-height": f"{LINE_HEIGHT}px"},
        ".wrong": {
            "padding": "0 3px",
            "margin": "0 1px",
            "border-radius": "3px",
            "font-weight": "500",
            "line-height": "17px",
            "display": "inline-block",
        },
    }
    for kind, token in (("substitute", "sub"), ("delete", "del"), ("insert", "ins")):
        rules[f".wrong.{kind}"] = {"color": colours[token], "background": colours[f"{token}-bg"]}
    rules[".wrong.substitute"]["border-bottom"] = "1.5px solid currentColor"
    rules[".wrong.delete"]["text-decoration"] = "line-through 1.5px"
    rules[".wrong.insert"]["border-bottom"] = "1.5px dotted currentColor"
    rules[".wrong.insert.fold"] = {
        "background": "none",
        "border": "1px dashed currentColor",
        "line-height": "15px",
    }
    return rules
