"""The foot of the page: which keys there are, and whether everything is saved."""

from __future__ import annotations

from app.components import component
from app.components.keys import FOOT


def footer(*, reviewer: str, key: str, seq: int) -> None:
    """Draw the foot. At its right end stands whether the last verdict is saved, as the verdict's own part says."""
    component("footer")(key=key, data={"keys": FOOT, "reviewer": reviewer, "seq": seq})
