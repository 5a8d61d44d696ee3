"""Reach-ins: all that our style sheets and JavaScript take from the inside of Streamlit's page and of AgGrid's frame.

None of it is an interface; a release may move any of it. `tests/e2e/test_reach_ins.py` looks for each in a browser and
fails by its name, `tests/app/test_reach_ins.py` finds what is used without being listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ReachIn:
    """A selector that must find something, why, and what has to be open for it."""

    selector: str
    purpose: str
    opened: Literal["", "menu", "popover", "dialog"] = ""


REACH_INS = {
    "app": ReachIn('.stApp[data-testid="stApp"]', "least width of the page; ring of its buttons"),
    "connection state": ReachIn(
        '[data-testid="stApp"][data-test-connection-state="CONNECTED"]', "events wait for the server"
    ),
    "script state": ReachIn(
        '[data-testid="stApp"][data-test-script-state]', "whether an answer is still to come"
    ),
    "main": ReachIn("main.stMain[tabindex]", "scrolling, the ring around the page"),
    "block of the page": ReachIn(".stMain .stMainBlockContainer > .stVerticalBlock", "no padding, no gaps"),
    "header": ReachIn("header.stAppHeader", "takes no room"),
    "toolbar": ReachIn(".stAppHeader .stAppToolbar", "stands above the foot"),
    "container of an element": ReachIn(".stVerticalBlock .stElementContainer", "heights of panels"),
    "stale": ReachIn('[data-stale="false"]', "what is out of date does not fade"),
    "element of HTML": ReachIn(".stHtml style", "style sheets take no room"),
    "select box": ReachIn(".stSelectbox > div > div", "head without frames"),
    "field of a select box": ReachIn(".stSelectbox input", "as wide as its text"),
    "label of a select box": ReachIn(".stSelectbox label p", "small labels in the head"),
    "tooltip of a label": ReachIn(".stSelectbox .stTooltipIcon", "no icon in the head"),
    "menu of a select box": ReachIn(
        '[data-testid="stSelectboxVirtualDropdown"]', "as wide as its longest entry", "menu"
    ),
    "caption": ReachIn('[data-testid="stCaptionContainer"] p', "readable on the page's ground"),
    "text of a progress bar": ReachIn(".stProgress p", "stands beside the bar"),
    "primary button": ReachIn('button[kind="primary"]', "readable in the dark"),
    "popover button": ReachIn(
        '[data-testid="stPopover"] button[aria-expanded="false"]', "Tab leads into its menu"
    ),
    "open popover button": ReachIn(
        '[data-testid="stPopover"] button[aria-expanded="true"]', "Tab leads into its menu", "popover"
    ),
    "popover": ReachIn('[data-testid="stPopoverBody"] input', "takes keys and focus", "popover"),
    "dialog": ReachIn(
        '.stDialog [data-testid="stDialog"], .stDialog[data-testid="stDialog"]',
        "ring of its buttons",
        "dialog",
    ),
    "content of a dialog": ReachIn(
        ".stDialog .stVerticalBlock", "tells a dialog of the page from that on the connection", "dialog"
    ),
    "end of a dialog": ReachIn(
        '.stDialog [aria-label="Close"]', "the dialog on the connection is closed", "dialog"
    ),
    "frame of AgGrid": ReachIn("iframe", "keys, order and height of the clips table"),
}
GRID_CONTAINER = "#gridContainer"
"""Inside the frame of AgGrid: fills it."""
OLDER = ('data-baseweb="select"',)
"""Parts that only releases have from before React Aria came to Streamlit's select boxes; newer ones need no rule."""
