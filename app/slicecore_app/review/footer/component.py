"""The foot of the page: which keys there are, and whether everything is saved."""

from __future__ import annotations

from collections.abc import Sequence

from slicecore_app.web.components import component


def footer(keys: Sequence[tuple[Sequence[str], str]], *, reviewer: str, key: str, seq: int) -> None:
    """Draw the foot. At its right end stands whether the last verdict is saved, as the verdict's own part says."""
    component("review/footer/footer")(key=key, data={"keys": keys, "reviewer": reviewer, "seq": seq})
