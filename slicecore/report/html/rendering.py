"""Rendering of a report: content to one HTML file that loads nothing and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from slicecore.report.html import style
from slicecore.report.html.extent import LADDER, LIMITS, Limits, first_to_try
from slicecore.report.html.gathering import Gathering, Progress

if TYPE_CHECKING:
    from jinja2 import Environment

    from slicecore.report.html.content import Report
    from slicecore.report.html.findings import Findings

_SHEETS = ("overview.css", "page.css", "slice.css", "screens.css")


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
    sheet, script = _style(), style.source("report.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            "media-src data:",
            f"style-src {_hash(sheet)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    text = (
        templates()
        .get_template("report.html")
        .render(report=report, limits=limits, policy=policy, style=sheet, script=script, ramps=style.ramps())
    )
    return text.encode("utf-8")


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates, which escape whatever they are given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(style.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = _short
    return environment


@lru_cache(maxsize=1)
def _style() -> str:
    light, dark = _colours(False), _colours(True)
    scale = "".join(map(style.drop_class, style.drop_steps()))
    sheets = "\n".join(map(style.source, _SHEETS))
    return (
        f":root{{color-scheme:light;{light}}}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}'
        f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}'
        f"{scale}\n{sheets}"
    )


def _colours(dark: bool) -> str:
    """Everything that differs between light and dark, as CSS variables."""
    values = style.colours(dark) | {"ramp": style.ramp(dark)}
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _short(text: object, most: int = LIMITS.text) -> str:
    """Text of data that may be of any length, cut where it is over the top."""
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"
