"""The address of the page says what it shows, so that a link or a reload opens the same view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.components import component


def address(wanted: Mapping[str, str], *, names: Sequence[str], key: str, seq: int) -> None:
    """Put values into the address of the page, and take those of `names` away that have none.

    Not by `st.query_params`: that adds a step to the browser's history at every move of a slider.
    """
    component("address")(key=key, data={"wanted": dict(wanted), "names": list(names), "seq": seq}, height=1)
