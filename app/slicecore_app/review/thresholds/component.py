"""The thresholds of a scan: sliders that redraw the page when they are let go, and the options asked for less often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Slider:
    """A slider over `steps`; `texts` says each for people, with its unit. `hint` explains it on hover.

    `notes` says below the slider what follows from each step; () where there is nothing to say.
    """

    name: str
    label: str
    value: Any
    steps: Sequence[Any]
    texts: Sequence[str]
    hint: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Choice:
    """One of several: `choices` are (value, label)."""

    name: str
    label: str
    value: Any
    choices: Sequence[tuple[Any, str]]
    hint: str = ""


def thresholds(
    sliders: Sequence[Slider], choices: Sequence[Choice], *, key: str, on_event: Callable[[], None], seq: int
) -> None:
    """Draw the sliders; the choices open from a button.

    Events: ``{kind: "set", name, value}`` when a slider was let go or another choice was made, ``{kind: "reset"}``.
    """
    data = {  # as they are: `asdict` would copy every step of every slider in every run
        "sliders": [vars(slider) for slider in sliders],
        "choices": [vars(choice) for choice in choices],
        "seq": seq,
    }
    component("review/thresholds/thresholds")(key=key, data=data, on_event_change=on_event)
