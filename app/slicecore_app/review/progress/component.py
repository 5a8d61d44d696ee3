"""Steps of a longer work: those that are done, the present one with its progress, those to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    label, about : the step and its means, such as "Compute embeddings" and the name of the model.
    state : "done", "now" or "ahead".
    detail : text at the right: the result, or the progress.
    share : progress of the present step from 0 to 1; None where it is not known.
    facts : numbers below the bar, each as (before, number, after), such as ("about", "22 s", "left").
    """

    label: str
    state: str
    about: str = ""
    detail: str = ""
    share: float | None = None
    facts: Sequence[tuple[str, str, str]] = ()


def embedding_steps(title: str, text: str, items: Sequence[Step], *, key: str, seq: int) -> None:
    """Draw a heading, a line below it, and the steps in their order."""
    data = {"title": title, "text": text, "steps": [asdict(step) for step in items], "seq": seq}
    component("review/progress/progress")(key=key, data=data)
