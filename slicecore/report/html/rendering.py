"""Rendering of a report: content to one HTML file that loads nothing and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.display.palette import DROP_POINTS, drop_colours, tokens
from slicecore.report.html.extent import LADDER, LIMITS, Limits, first_to_try
from slicecore.report.html.gathering import Gathering, Progress
from slicecore.report.html.plots import COLOUR_STEP

if TYPE_CHECKING:
    from jinja2 import Template

    from slicecore.report.html.content import Report
    from slicecore.report.html.findings import Findings

_TEMPLATES = Path(__file__).with_name("templates")
# Loudness of a spectrogram pixel, 0 to 1, and its colour, as on the page (player/picture.js).
_RAMPS = {
    False: ((0.0, "#FFFFFF"), (0.3, "#EEF0FA"), (0.6, "#A9B2E6"), (0.82, "#4350B5"), (1.0, "#12153F")),
    True: ((0.0, "#12141A"), (0.35, "#22264A"), (0.65, "#5563C8"), (0.85, "#A9B3FF"), (1.0, "#FFFFFF")),
}
_RAMP_STEPS = 20


def report_html(
    findings: Findings,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> bytes:
    """A report as an HTML file that is no larger than its limit, if its text alone is not.

    Parameters
    ----------
    findings
        What was found.
    limits
        Limits of the report: example clips and their seconds are fewer where it would be larger, and it says so.
    progress
        Called with step, done and total.
    cancel
        Set it to stop.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    gathering = Gathering(findings, limits, progress, cancel)
    without_clips = len(render(gathering.report(LADDER[-1]), limits))
    place = first_to_try(gathering.durations, without_clips, limits.bytes)
    while True:
        content = render(gathering.report(LADDER[place]), limits)
        if len(content) <= limits.bytes or place == len(LADDER) - 1:
            return content
        place += 1


def render(report: Report, limits: Limits = LIMITS) -> bytes:
    """The HTML file of a report. Everything that comes from data is escaped; style and script are named by hash."""
    style, script = _style(), _source("report.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            "media-src data:",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    text = _template().render(
        report=report, limits=limits, policy=policy, style=style, script=script, ramps=_ramps()
    )
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = _short
    return environment.get_template("report.html")


@lru_cache(maxsize=1)
def _style() -> str:
    light, dark = _colours(False), _colours(True)
    scale = "".join(
        f".d{step}{{--drop:var(--drop-{step});--on-drop:var(--on-drop-{step})}}"
        for step in range(len(_drop_steps(False)))
    )
    return (
        f":root{{color-scheme:light;{light}}}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}'
        f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}'
        f"{scale}\n{_source('style.css')}"
    )


def _colours(dark: bool) -> str:
    """Everything that differs between light and dark, as CSS variables."""
    values = dict(tokens(dark))
    for step, colour in enumerate(_drop_steps(dark)):
        values[f"drop-{step}"] = colour
        values[f"on-drop-{step}"] = "#14171E" if _luminance(colour) > 0.18 else "#FFFFFF"
    values["ramp"] = f"url(#ramp-{'dark' if dark else 'light'})"
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _drop_steps(dark: bool) -> list[str]:
    """Colours of the drop scale at equal steps, see `plots.colour_step`."""
    stops = [(float(point), colour) for point, colour in zip(DROP_POINTS, drop_colours(dark), strict=True)]
    return [_mixed(stops, at) for at in range(DROP_POINTS[0], DROP_POINTS[-1] + 1, COLOUR_STEP)]


def _ramps() -> dict[str, list[str]]:
    """Tables of an SVG filter that colours grey pictures: red, green and blue for each theme."""
    tables = {}
    for dark, stops in _RAMPS.items():
        colours = [_rgb(_mixed(stops, step / _RAMP_STEPS)) for step in range(_RAMP_STEPS + 1)]
        tables["dark" if dark else "light"] = [
            " ".join(f"{colour[channel] / 255:.3f}" for colour in colours) for channel in range(3)
        ]
    return tables


def _mixed(stops: list[tuple[float, str]] | tuple[tuple[float, str], ...], at: float) -> str:
    """Colour at a place of a scale, linear between its stops."""
    import numpy as np

    places = [place for place, _ in stops]
    channels = zip(*(_rgb(colour) for _, colour in stops), strict=True)
    return "#" + "".join(f"{round(float(np.interp(at, places, channel))):02X}" for channel in channels)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=2)
def _source(name: str) -> str:
    """A file of the folder of templates; its lines end alike wherever it was checked out."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _short(text: object, most: int = LIMITS.text) -> str:
    """Text of data that may be of any length, cut where it is over the top."""
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"
