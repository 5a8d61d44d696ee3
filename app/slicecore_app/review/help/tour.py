"""Steps of the tour that a browser shows at its first visit: what is where on the review page, and the keys to try."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """Step of the tour: the panel it stands at (its key), a title, and a text with the keys between backticks."""

    panel: str
    title: str
    text: str


STEPS = (
    Step(
        "list",
        "Problems, worst first",
        "Each card is a group of clips that the model gets wrong more often than the rest. “Confirmed” means that "
        "chance alone would hardly do that. Select one: click it, or press `↓`.",
    ),
    Step(
        "panel-pick",
        "Why these clips",
        "What they have in common, measured against the rest, and what to do about it. The plots beside it show the "
        "evidence: click one to hear the clip that shows it best.",
    ),
    Step(
        "panel-player",
        "Listen",
        "`Space` plays the clip, `→` goes to the next, `B` plays a well recognised clip like it. The fault is marked "
        "in the picture; drag there to loop a part.",
    ),
    Step(
        "verdict",
        "Judge",
        "`1` real issue, `2` false alarm, `3` wrong reference, `4` unsure; `Z` takes it back, `N` goes to the next "
        "problem without a verdict. Everything is saved at once.",
    ),
    Step(
        "export",
        "Take it along",
        "The sliders on the left search again with other limits. “Export” has the reviewed clips as CSV, a report for "
        "others and a recipe for training data. `?` lists all keys, and shows this tour again.",
    ),
)
