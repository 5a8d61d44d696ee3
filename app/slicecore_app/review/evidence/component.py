"""Evidence for a slice: a small distribution for each measurement, slice up, rest down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Plot:
    """The distribution of a measurement.

    Attributes
    ----------
    name, label : column of the measurement, and its name for people.
    hint : what it measures.
    inside, rest : heights of the bars, each from 0 to 1 of its own largest.
    ends : lower and upper end of the axis with the unit.
    numbers, pairs : "21.8 vs. 2.6 dB", "higher in 100 %" of comparisons.
    typical : row of the clip that shows it best.
    higher : whether the slice has more of it.
    """

    name: str
    label: str
    hint: str
    inside: Sequence[float]
    rest: Sequence[float]
    ends: tuple[str, str]
    numbers: str
    pairs: str
    typical: int
    higher: bool


def evidence(
    plots: Sequence[Plot],
    *,
    text: str,
    remedy: str,
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the plots; without any, `text` says why. `remedy` says below them what to do, "" for nothing.

    A click on a plot sorts the clips by it and plays the most typical one, both in the browser. Event, where the table
    on the page does not hold that clip: ``{kind: "play", row}``.
    """
    data = {"plots": [asdict(plot) for plot in plots], "text": text, "remedy": remedy, "seq": seq}
    component("review/evidence/evidence")(key=key, data=data, on_event_change=on_event, height="stretch")
