"""The sheet of all keys, and the button that opens it."""

from __future__ import annotations

from slicecore_app.review.keys import ALL
from slicecore_app.web.components import component


def help_sheet(*, dark: bool, key: str, seq: int) -> None:
    """Draw the button; it and the key `?` open the sheet.

    The page runs again where the browser has turned from `dark` to light or back.
    """
    component("review/help/help")(
        key=key, data={"keys": ALL, "dark": dark, "seq": seq}, on_event_change=lambda: None
    )
