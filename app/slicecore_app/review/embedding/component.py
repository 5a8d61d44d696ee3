"""The steps of a longer work: what is done, what is in hand and how far, what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    label, about : what is done, and with what, such as "Compute embeddings" and the name of the model.
    state : "done", "now" or "ahead".
    detail : stands at the right: what came of it, or how far it is.
    share : how far the step in hand is, from 0 to 1; None where that is not known.
    facts : numbers below the bar, each as (before, number, after), such as ("about", "22 s", "left").
    """

    label: str
    state: str
    about: str = ""
    detail: str = ""
    share: float | None = None
    facts: Sequence[tuple[str, str, str]] = ()


def steps(title: str, text: str, items: Sequence[Step], *, key: str, seq: int) -> None:
    """Draw a heading, a line below it, and the steps in their order."""
    data = {"title": title, "text": text, "steps": [asdict(one) for one in items], "seq": seq}
    component("review/embedding/steps")(key=key, data=data)
