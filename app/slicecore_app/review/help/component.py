"""The sheet of all keys with the button that opens it, and the tour of a first visit."""

from __future__ import annotations

from slicecore_app.review.help.tour import STEPS
from slicecore_app.review.keys import ALL
from slicecore_app.web.components import component


def help_sheet(*, dark: bool, has_panels: bool, key: str, seq: int) -> None:
    """Draw the button; it and the key `?` open the sheet.

    The page runs again where the browser has turned from `dark` to light or back. The tour wants a page that
    `has_panels`.
    """
    data = {"keys": ALL, "dark": dark, "tour": STEPS if has_panels else (), "seq": seq}
    component("review/help/help")(key=key, data=data, on_event_change=lambda: None)
