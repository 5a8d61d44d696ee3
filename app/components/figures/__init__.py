"""The numbers in the head of the page: overall value, problems, errors explained, reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.components import component


@dataclass(frozen=True)
class Figure:
    """One number with its label; `note` stands small beside it, `hint` explains it on hover."""

    label: str
    value: str
    note: str = ""
    hint: str = ""


def figures(
    numbers: Sequence[Figure], *, judged: Sequence[bool], picked: int | None, key: str, seq: int
) -> None:
    """Draw the numbers; `judged` says for every problem in list order whether it has a verdict."""
    data = {
        "figures": [asdict(number) for number in numbers],
        "judged": list(judged),
        "picked": picked,
        "seq": seq,
    }
    component("figures")(key=key, data=data)
