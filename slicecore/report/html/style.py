"""Style of reports and of results in notebooks: their style sheets, and colours, light and dark, as CSS variables."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from slicecore.display.palette import DROP_POINTS, drop_colours, tokens
from slicecore.report.html.plots import COLOUR_STEP

TEMPLATES = Path(__file__).with_name("templates")
"""Folder of the templates, style sheets and scripts."""

# Loudness of a spectrogram pixel, 0 to 1, and its colour, as on the page (player/picture.js).
_RAMPS = {
    False: ((0.0, "#FFFFFF"), (0.3, "#EEF0FA"), (0.6, "#A9B2E6"), (0.82, "#4350B5"), (1.0, "#12153F")),
    True: ((0.0, "#12141A"), (0.35, "#22264A"), (0.65, "#5563C8"), (0.85, "#A9B3FF"), (1.0, "#FFFFFF")),
}
_RAMP_STEPS = 20
_LEAST_CONTRAST = 4.5


@lru_cache(maxsize=2)
def colours(dark: bool) -> dict[str, str]:
    """Colours by the name of their CSS variable, those of the drop scale among them."""
    values = dict(tokens(dark))
    for step, colour in enumerate(_drop_steps(dark)):
        values[f"drop-{step}"] = colour
        values[f"on-drop-{step}"] = _text_on(colour)
    return values


def drop_steps() -> range:
    """Numbers of the colours of the drop scale, see `plots.colour_step`."""
    return range(len(_drop_steps(False)))


def drop_class(step: int) -> str:
    """Rule of the class that has a colour of the drop scale."""
    return f".d{step}{{--drop:var(--drop-{step});--on-drop:var(--on-drop-{step})}}"


def ramp(dark: bool) -> str:
    """Value of `filter` that colours grey spectrograms; the filters are in the document, see `ramps`."""
    return f"url(#ramp-{'dark' if dark else 'light'})"


@lru_cache(maxsize=1)
def ramps() -> dict[str, list[str]]:
    """Tables of an SVG filter that colours grey pictures: red, green and blue for each theme."""
    tables = {}
    for dark, stops in _RAMPS.items():
        shades = [_rgb(_mixed(stops, step / _RAMP_STEPS)) for step in range(_RAMP_STEPS + 1)]
        tables["dark" if dark else "light"] = [
            " ".join(f"{shade[channel] / 255:.3f}" for shade in shades) for channel in range(3)
        ]
    return tables


@lru_cache(maxsize=8)
def source(name: str) -> str:
    """A file of the folder of templates; its lines end alike wherever it was checked out."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _drop_steps(dark: bool) -> list[str]:
    """Colours of the drop scale at equal steps."""
    stops = [(float(point), colour) for point, colour in zip(DROP_POINTS, drop_colours(dark), strict=True)]
    return [_mixed(stops, at) for at in range(DROP_POINTS[0], DROP_POINTS[-1] + 1, COLOUR_STEP)]


def _mixed(stops: list[tuple[float, str]] | tuple[tuple[float, str], ...], at: float) -> str:
    """Colour at a place of a scale, linear between its stops."""
    import numpy as np

    places = [place for place, _ in stops]
    channels = zip(*(_rgb(colour) for _, colour in stops), strict=True)
    return "#" + "".join(f"{round(float(np.interp(at, places, channel))):02X}" for channel in channels)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _text_on(colour: str) -> str:
    """White or near-black, whichever contrasts more; black where neither reaches the 4.5 of WCAG 2."""
    best = max(("#FFFFFF", "#14171E"), key=lambda text: _contrast(text, colour))
    return best if _contrast(best, colour) >= _LEAST_CONTRAST else "#000000"


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
