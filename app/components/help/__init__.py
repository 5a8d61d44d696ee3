"""The sheet of all keys, and the button that opens it."""

from __future__ import annotations

from app.components import component
from app.components.keys import ALL


def help_sheet(*, key: str, seq: int) -> None:
    """Draw the button; it and the key `?` open the sheet."""
    component("help")(key=key, data={"keys": ALL, "seq": seq})
