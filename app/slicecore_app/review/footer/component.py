"""Foot of the page: keys, and whether everything is saved."""

from __future__ import annotations

from collections.abc import Sequence

from slicecore_app.web.components import component


def footer(keys: Sequence[tuple[Sequence[str], str]], *, account: str, key: str, seq: int) -> None:
    """Draw the foot. Its right end says whether the last verdict is saved."""
    component("review/footer/footer")(key=key, data={"keys": keys, "account": account, "seq": seq})
