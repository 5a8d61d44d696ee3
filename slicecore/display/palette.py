"""Colours of page and report, light and dark: tokens by name, and the one scale of drops."""

from __future__ import annotations

_LIGHT = {
    "bg": "#F5F6F8",
    "panel": "#FFFFFF",
    "sunken": "#F0F2F5",
    "line": "#E2E5EB",
    "line2": "#C8CDD7",
    "ink": "#1A1E26",
    "ink2": "#4A5261",
    "ink3": "#656D7D",
    "accent": "#3A4CC8",
    "accent-soft": "#EBEEFC",
    "accent-ink": "#FFFFFF",
    "sub": "#8A4300",
    "sub-bg": "#FDF0DF",
    "del": "#8A2466",
    "del-bg": "#FBEAF4",
    "ins": "#0B5C84",
    "ins-bg": "#E4F2F9",
    "ctl": "#858D9C",
    "wave0": "#8F97A6",
    "wave1": "#5B6AD6",
    "grey-dot": "#B4BAC6",
    "hist-slice": "#3A4CC8",
    "hist-rest": "#8C94A4",
    "outline": "#1A1E26",
    "warn": "#7A4B00",
    "warn-bg": "#FFF6E5",
    "warn-line": "#EBCB8F",
    "mark": "#C4320A",
}
_DARK = {
    "bg": "#0F1116",
    "panel": "#171A21",
    "sunken": "#1E222B",
    "line": "#2A2F3A",
    "line2": "#434A59",
    "ink": "#ECEEF3",
    "ink2": "#B4BBC8",
    "ink3": "#929AAA",
    "accent": "#8E9BFF",
    "accent-soft": "#23284A",
    "accent-ink": "#0F1116",
    "sub": "#F5B566",
    "sub-bg": "#33260F",
    "del": "#F39BCD",
    "del-bg": "#351B2B",
    "ins": "#7CC7EE",
    "ins-bg": "#122B39",
    "ctl": "#6C7488",
    "wave0": "#646C7F",
    "wave1": "#7C89EE",
    "grey-dot": "#4A5160",
    "hist-slice": "#8E9BFF",
    "hist-rest": "#6C7488",
    "outline": "#F3F4F8",
    "warn": "#F3C77A",
    "warn-bg": "#2B2212",
    "warn-line": "#5A4520",
    "mark": "#FFB224",
}
# The eight stops of the one drop scale, blue over neutral to orange; they survive the colour-vision deficiencies.
_DROP_LIGHT = ("#9DBDD3", "#CEDCE6", "#EDECE8", "#F8D6AE", "#F0A95F", "#DB762E", "#AD4710", "#702708")
_DROP_DARK = ("#2F5D7B", "#2B4355", "#373B44", "#5F4731", "#96602A", "#CC7F2C", "#F0A03F", "#FFD592")
DROP_POINTS = (-35, -15, 0, 15, 30, 45, 60, 90)
"""Drop in percentage points at which the eight colours of the scale stand."""


def tokens(dark: bool) -> dict[str, str]:
    """The single colours by name."""
    return _DARK if dark else _LIGHT


def drop_colours(dark: bool) -> tuple[str, ...]:
    """The drop scale: a colour for each of `DROP_POINTS`."""
    return _DROP_DARK if dark else _DROP_LIGHT
