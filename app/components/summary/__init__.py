"""Title and numbers of what is picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from app.components import component
from app.components.figures import Figure


def summary(
    *,
    number: int | None,
    points: float,
    title: str,
    note: str,
    numbers: Sequence[Figure],
    text: str,
    key: str,
    seq: int,
) -> None:
    """Draw the badge (on the drop scale; none without `number`), the title with a note, the numbers and the text."""
    data = {
        "number": number,
        "points": points,
        "title": title,
        "note": note,
        "text": text,
        "numbers": [asdict(one) for one in numbers],
        "seq": seq,
    }
    component("summary")(key=key, data=data)
