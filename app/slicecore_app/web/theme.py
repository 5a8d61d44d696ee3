"""Colour tokens of the page, light and dark, and its style sheet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from slicecore.display.palette import DROP_POINTS, drop_colours, tokens

GROUP_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""Colours that people with any colour vision can tell apart (Okabe and Ito 2008); other groups are grey."""
# Viridis; the end that would be lost on the panel is left out.
_NUMBERS = ("#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725")


def variables(dark: bool) -> str:
    """Everything as CSS variables `--sc-*`, from which the style sheets and the JavaScript of the page take it."""
    lists: dict[str, Iterable[object]] = {
        "drop": drop_colours(dark),
        "drop-points": DROP_POINTS,
        "groups": GROUP_COLOURS,
        "numbers": _NUMBERS[2:] if dark else _NUMBERS[:-1],
    }
    values = {**tokens(dark), **{name: " ".join(map(str, items)) for name, items in lists.items()}}
    return "".join(f"--sc-{name}:{value};" for name, value in values.items())


def is_dark() -> bool:
    """True if this reader's page is dark now."""
    return st.context.theme.type == "dark"


def apply() -> None:
    """Put the colour variables and the style sheet on the page. Components inherit the variables."""
    sheet = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    st.html(f"<style>:root{{{variables(is_dark())}}}\n{sheet}</style>")
