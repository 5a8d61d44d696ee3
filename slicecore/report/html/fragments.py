"""Pieces of HTML that a notebook shows: a whole result, and a slice with its reason, plots and players.

They need neither a server nor a script. Whatever comes from data is escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slicecore.report.html import style
from slicecore.report.html.content import Listing, SliceText
from slicecore.report.html.example_clips import Sounds, example_rows
from slicecore.report.html.extent import LIMITS
from slicecore.report.html.headline import Headline
from slicecore.report.html.plots import Axis, Bar
from slicecore.report.html.rendering import templates
from slicecore.report.html.slice_texts import SliceTexts, numbered
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.report.html.findings import Findings
    from slicecore.slices.result import Slice

# Notebooks say by these whether they are light or dark: JupyterLab, VS Code, Colab, sites of documentation.
_SAYS_LIGHT = (
    '[data-jp-theme-light="true"]',
    ".vscode-light",
    "html[theme=light]",
    '[data-theme="light"]',
    "[data-md-color-scheme=default]",
)
_SAYS_DARK = (
    '[data-jp-theme-light="false"]',
    ".vscode-dark",
    ".vscode-high-contrast:not(.vscode-high-contrast-light)",
    "html[theme=dark]",
    '[data-theme="dark"]',
    "[data-md-color-scheme=slate]",
)
_ROOT = "slicecore"
# Twice, so that it goes before the rules of the notebook for tables and pictures.
_INSIDE = f".{_ROOT}.{_ROOT}"


@dataclass(frozen=True)
class _Whole:
    """Content of the piece of a whole result, under the names that a report has for it."""

    title: str
    metric: str
    lead: tuple[str, ...]
    waterfall: tuple[Bar, ...]
    axis: Axis
    slices: Listing
    described: Listing
    has_groups: bool
    has_test: bool
    has_verdicts: bool


@dataclass(frozen=True)
class _Part:
    """Content of the piece of a slice."""

    metric: str
    slice: SliceText


def result_fragment(findings: Findings) -> str:
    """Headline, waterfall and table of the slices, some 10 kB; without sounds."""
    headline, texts = Headline(findings), SliceTexts(findings)
    every = numbered(findings)
    rows = tuple(texts.row(number, slice_) for number, slice_ in every[: LIMITS.slices])
    left_out = (
        f"The first {len(rows)} of {fixed(len(every))} slices are listed." if every[len(rows) :] else ""
    )
    whole = _Whole(
        title=headline.title,
        metric=findings.scan.costs.name,
        lead=headline.lead(),
        waterfall=headline.bars(texts),
        axis=texts.axis,
        slices=Listing(rows, left_out),
        described=Listing(()) if findings.scan.has_clusters else texts.all_described(LIMITS.described),
        has_groups=findings.groups is not None,
        has_test=bool(findings.scan.options.shuffles),
        has_verdicts=any(row.verdict for row in rows),
    )
    return _render("whole", whole, ("overview.css",))


def slice_fragment(findings: Findings, slice_: Slice, players: int, seconds: float, name: str = "") -> str:
    """A slice with its reason, numbers, plots, and clips that can be heard.

    Parameters
    ----------
    findings
        The scan; the slice may be any group of its clips.
    slice_
        The slice.
    players
        Number of clips: the typical one, then the worst.
    seconds
        Longest part of a clip. A second takes 5.3 kB, a clip 8 kB besides.
    name
        Name of the slice; by default what sets it apart.
    """
    number = next((number for number, each in numbered(findings) if each.id == slice_.id), 0)
    rows = example_rows(findings, slice_, players)
    text = SliceTexts(findings).full(number, slice_, rows, Sounds(findings, seconds))
    return slice_html(replace(text, name=name or text.name), findings.scan.costs.name)


def slice_html(text: SliceText, metric: str) -> str:
    """A slice that was put into words, drawn."""
    return _render("part", _Part(metric, text), ("overview.css", "slice.css"))


def _render(macro: str, content: _Whole | _Part, sheets: tuple[str, ...]) -> str:
    module = templates().get_template("notebook.html").make_module({"limits": LIMITS, "ramps": style.ramps()})
    body = re.sub(r"\n+", "\n", str(getattr(module, macro)(content)))
    steps = {int(step) for step in re.findall(r'class="chip(?: small)? d(\d+)"', body)}
    return f'<div class="{_ROOT}"><style>{_style(sheets, steps)}</style>{body}</div>'


def _style(sheets: tuple[str, ...], steps: set[int]) -> str:
    """Style of a piece: the rules inside it only, and of the colours those that they name."""
    rules = _short("".join(map(style.source, (*sheets, "notebook.css")))) + "".join(
        style.drop_class(step) for step in sorted(steps)
    )
    light, dark = style.colours(False), style.colours(True)
    used = sorted(set(re.findall(r"var\(--([a-z0-9-]+)\)", rules)) & light.keys())
    colours = "".join(f"--{name}:light-dark({light[name]},{dark[name]});" for name in used)
    says_light, says_dark = (
        ",".join(f"{each} .{_ROOT}" for each in themes) for themes in (_SAYS_LIGHT, _SAYS_DARK)
    )
    return (
        f".{_ROOT}{{color-scheme:light dark;--ramp:{style.ramp(False)};{colours}}}"
        f"@media(prefers-color-scheme:dark){{.{_ROOT}{{--ramp:{style.ramp(True)}}}}}"
        f"{says_light}{{color-scheme:light;--ramp:{style.ramp(False)}}}"
        f"{says_dark}{{color-scheme:dark;--ramp:{style.ramp(True)}}}"
        f"{_INSIDE}{{{rules}}}"
    )


def _short(sheet: str) -> str:
    """A style sheet without comments and needless spaces."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", sheet)).strip()
