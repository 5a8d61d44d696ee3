"""The foot of the page: which keys there are, and whether everything is saved."""

from __future__ import annotations

from app.components import component

KEYS = (
    (("↑", "↓"), "problem"),
    (("←", "→"), "clip"),
    (("Space",), "play"),
    (("L",), "loop"),
    ((",", "."), "seek"),
    (("1", "2", "3", "4"), "verdict"),
    (("N",), "next unreviewed"),
)


def footer(*, saved: str, failed: bool, key: str, seq: int) -> None:
    """Draw the foot; `saved` is the sentence at its right end, set apart when saving `failed`."""
    component("footer")(key=key, data={"keys": KEYS, "saved": saved, "failed": failed, "seq": seq})
