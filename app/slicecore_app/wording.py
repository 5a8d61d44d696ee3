"""Wording of the page: values, counts, waiting times, short names of causes."""

from __future__ import annotations

import re

import numpy as np

from slicecore.explain.wrong_references import (
    EMPTY,
    LANGUAGE,
    MODELS_AGREE,
    SWAPPED,
    TOO_FEW_WORDS,
    TOO_MANY_WORDS,
)
from slicecore.metrics import Costs
from slicecore.slices.result import Slice
from slicecore.wording import clips, counted, fixed, lower, rate

__all__ = [
    "SHORT_CAUSES",
    "SIGNS",
    "both",
    "clips",
    "drop",
    "escaped",
    "in_clusters",
    "nothing_picked",
    "place",
    "seconds",
    "share",
    "short_cause",
    "value",
]

_ALSO = "Also "
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>~$:&]")
# What Streamlit replaces after it has read the Markdown, where no backslash is left: the beginnings of icons and emoji,
# of addresses, and arrows.
_REPLACED = re.compile(
    r":(?=[\w+-]+:|material/)|(?<=:)//(?=\S)|\bwww(?=\.)|@(?=\w)|(?<!\S)[<>~-](?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)
_JOINER = "\u2060"
"""The word joiner: it takes no place, and host names are read without it."""
SHORT_CAUSES = {
    "High-frequency noise": "HF noise",
    "Background noise or voices": "Noise",
    "Voice, accent or set-up": "Alike",
    "Invented where nobody speaks": "No speech",
    "Two languages in one clip": "Two languages",
    "The same phrase over and over": "Same phrase",
    "More spoken than written": "More spoken",
    "Numbers, names or rare words": "Hard words",
    "Length at the model's limits": "Length",
    "Hallucinated or runaway output": "Runaway",
    "Channels cancel each other": "Channels cancel",
    "One channel is silent": "Silent channel",
    "Coarse digitisation": "Coarse",
    "Limited to full scale": "Limited",
    "Music or held tones": "Music",
    "Wind or handling noise": "Wind",
    "Level goes up and down": "Level changes",
    "Whispered or voiceless speech": "Voiceless",
    "Small vocal tract (a child, or pitched up)": "Small voice",
    "Fast or slow speech": "Tempo",
}

SIGNS = {
    MODELS_AGREE: "Models agree",
    SWAPPED: "Text of another clip",
    TOO_MANY_WORDS: "Too many words",
    TOO_FEW_WORDS: "Too few words",
    LANGUAGE: "Other language",
    EMPTY: "Empty reference",
}
"""Signs of a wrong reference in a word or two."""


def short_cause(label: str) -> str:
    """A cause in a word or two, for a tile."""
    if label.startswith(_ALSO):
        return _ALSO + lower(short_cause(label.removeprefix(_ALSO).capitalize()))
    return SHORT_CAUSES.get(label, label.removeprefix("Very ").capitalize())


def value(number: float | None, costs: Costs, decimals: int = 1) -> str:
    """A value of the metric, see `Costs.value_text`."""
    return costs.value_text(number, decimals)


def both(costs: Costs, rows: np.ndarray | None = None, decimals: int = 1) -> str:
    """Values of two models that are compared, in some clips or in all of them: "71.7 vs 24.6 %"."""
    first, second = (model.value_text(model.value(rows), decimals) for _, model in costs.compared)
    return f"{first.removesuffix('%').strip() if second.endswith('%') else first} vs {second}"


def drop(number: float, costs: Costs, decimals: int = 1) -> str:
    """A difference to the whole, see `Costs.drop_text`."""
    return costs.drop_text(number, decimals)


def references(count: int) -> str:
    """Number of references: "1 reference"."""
    return counted(count, "reference")


def share(number: float) -> str:
    """A share of something: "9.5 %"."""
    return rate(number)


def in_clusters(slice_: Slice) -> str:
    """Place of a slice's clips where they lie in several clusters: "in 5 clusters", else ""."""
    return f"in {fixed(len(slice_.clusters))} clusters" if len(slice_.clusters) > 1 else ""


def place(index: int, count: int) -> str:
    """A place in a list, counted from 0: "3 of 35"."""
    return f"{fixed(index + 1)} of {fixed(count)}"


def seconds(number: float) -> str:
    """A waiting time: "22 s", from 90 seconds on "3 min"."""
    return f"{fixed(max(1, number))} s" if number < 90 else f"{fixed(number / 60)} min"


def nothing_picked(has_problems: bool, clips: str) -> str:
    """Hint in place of clips: "Select a problem to hear its clips"."""
    return (
        f"Select a problem to hear {clips}"
        if has_problems
        else "Filter the clips, or draw a lasso on the map"
    )


def escaped(text: str) -> str:
    """A text that is not ours for what reads Markdown: labels, tips, messages. It is then shown as it is, in a line."""
    line = " ".join(text.split())
    return _MARKDOWN.sub(r"\\\g<0>", _REPLACED.sub(rf"\g<0>{_JOINER}", line))
