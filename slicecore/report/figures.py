"""Figures of a scan for notebooks, made with plotly: treemap, map, waterfall, and what sets a slice apart.

Each number is the one that page and report show. Names come from data: plotly takes markup in texts, so they are
escaped.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.display.colour_scale import points_per_unit
from slicecore.display.outline import hull
from slicecore.display.palette import DROP_POINTS, drop_colours, tokens
from slicecore.errors import SlicecoreError
from slicecore.report.html.evidence import MOST_PLOTS
from slicecore.report.html.plots import distribution, waterfall_levels
from slicecore.slices.impact import waterfall
from slicecore.slices.options import POSSIBLE
from slicecore.wording import clips, fixed

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from slicecore.display.treemap import ClusterTree
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.slices.result import Scan, Slice
    from slicecore.table.dataset import Dataset


@dataclass(frozen=True)
class FigureLimits:
    """Limits of figures, so that a notebook stays small; by judgement, no benchmark covers them.

    Attributes
    ----------
    clips : on the map. Of more, those outside all slices are thinned out evenly.
    transcripts : clips up to which the map shows the words of each.
    characters : of a transcript or a name.
    """

    clips: int = 20_000
    transcripts: int = 3_000
    characters: int = 100


LIMITS = FigureLimits()


def treemap_figure(tree: ClusterTree, scan: Scan, names: Mapping[str, str], dark: bool = False) -> Figure:
    """Treemap of the clusters: area is clips, colour is drop, slices have a number and an edge.

    Parameters
    ----------
    tree
        From `slicecore.display.treemap.cluster_tree`.
    scan
        The slices.
    names
        Name of every slice by its id.
    dark
        True for a dark notebook.
    """
    from plotly.graph_objects import Treemap

    ink, costs = tokens(dark), scan.costs
    keys = tree.key
    flagged = [int(i) for i in tree.slice]
    labels = ["" if i < 0 else f"{i + 1} {_text(names[scan.slices[i].id])}" for i in flagged]
    values = [costs.value_text(value) for value in tree.value]
    support = tree.support
    hover = [
        f"{label or 'Cluster'}<br>{clips(int(count))}<br>{costs.name} {value} ({costs.drop_text(drop)})"
        for label, count, value, drop in zip(labels, support, values, tree.drop, strict=True)
    ]
    figure = _figure(dark)
    figure.add_trace(
        Treemap(
            ids=list(keys),
            parents=[keys[parent] if parent >= 0 else "" for parent in tree.parent],
            labels=labels,
            values=support.tolist(),
            branchvalues="total",
            text=values,
            textinfo="label+text",
            hovertext=hover,
            hoverinfo="text",
            marker={
                "colors": _points(tree.drop, scan),
                **_drop_scale(scan, dark),
                "line": {
                    "width": [2.5 if i >= 0 else 0.5 for i in flagged],
                    "color": [ink["outline"] if i >= 0 else ink["bg"] for i in flagged],
                },
            },
            root={"color": ink["sunken"]},
            tiling={"pad": 2},
            pathbar={"visible": False},
        )
    )
    return figure.update_layout(height=440)


def map_figure(
    positions: NDArray[np.float32], data: Dataset, scan: Scan, names: Mapping[str, str], dark: bool = False
) -> Figure:
    """Map of the clips: similar ones lie together, colour is the drop of a clip, slices have an outline.

    Parameters
    ----------
    positions
        (n, 2) from `slicecore.project`; rows that are NaN are left out.
    data
        The clips.
    scan, names, dark
        As in `treemap_figure`.
    """
    from plotly.graph_objects import Scatter, Scattergl

    ink, costs = tokens(dark), scan.costs
    rows = _rows_on_map(positions, scan)
    values = costs.per_clip()[rows]
    drops = costs.drop(values, scan.overall)
    words = len(rows) <= LIMITS.transcripts
    figure = _figure(dark)
    figure.add_trace(
        Scattergl(
            x=positions[rows, 0],
            y=positions[rows, 1],
            mode="markers",
            marker={"size": 7 if words else 4, "color": _points(drops, scan), **_drop_scale(scan, dark)},
            customdata=rows,
            text=[
                _clip_text(data, row, costs.value_text(value), words)
                for row, value in zip(rows, values, strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    margin = 0.015 * float(np.ptp(positions[rows], axis=0).max(initial=0.0)) if len(rows) else 0.0
    for number, slice_ in enumerate(scan.slices, 1):
        label = f"{number} {_text(names[slice_.id])}"
        for place, part in enumerate(slice_.clusters):
            corners = hull(positions[part.members], margin)
            if not len(corners):
                continue
            outline = np.vstack([corners, corners[:1]])
            top = int(outline[:, 1].argmax())
            figure.add_trace(
                Scatter(
                    x=outline[:, 0],
                    y=outline[:, 1],
                    mode="lines+text",
                    name=label,
                    legendgroup=slice_.id,
                    showlegend=not place,
                    line={
                        "color": ink["outline"],
                        "width": 1.5,
                        "dash": "dot" if slice_.tier == POSSIBLE else "solid",
                    },
                    text=[str(number) if i == top else "" for i in range(len(outline))],
                    textposition="top center",
                    textfont={"color": ink["ink"], "size": 13},
                    hoverinfo="skip",
                )
            )
    known = int(np.isfinite(positions).all(axis=1).sum())
    if len(rows) < known:
        figure.add_annotation(
            text=f"{len(rows):,} of {known:,} clips are shown",
            **{"xref": "paper", "yref": "paper", "x": 0, "y": -0.02, "showarrow": False},
        )
    axis = {"visible": False}
    return figure.update_layout(
        height=560,
        xaxis=axis,
        yaxis={**axis, "scaleanchor": "x"},
        legend={"orientation": "h", "y": -0.03},
        plot_bgcolor=ink["panel"],
    )


def waterfall_figure(scan: Scan, names: Mapping[str, str], dark: bool = False) -> Figure:
    """Waterfall: the overall value, what each slice adds to it, and what would be left.

    Parameters
    ----------
    scan, names, dark
        As in `treemap_figure`.

    Raises
    ------
    SlicecoreError
        There is no slice, or nothing to compare them with.
    """
    from plotly.graph_objects import Waterfall

    if not scan.slices:
        raise SlicecoreError("No slice is flagged with these thresholds: there is nothing to fix.")
    ink, costs = tokens(dark), scan.costs
    numbers = {slice_.id: number for number, slice_ in enumerate(scan.slices, 1)}
    levels = waterfall_levels(waterfall(scan), costs, names)
    last = len(levels) - 1
    totals = [place in (0, last) for place in range(len(levels))]
    labels = [
        f"{numbers[level.slice]} {_text(level.label)}" if level.slice else _text(level.label)
        for level in levels
    ]
    better, worse = drop_colours(dark)[5], drop_colours(dark)[0]
    more, less = (better, worse) if costs.higher_is_better else (worse, better)
    figure = _figure(dark)
    figure.add_trace(
        Waterfall(
            orientation="h",
            y=labels,
            measure=["absolute", *["relative"] * (last - 1), "total"],
            x=[level.end if total else level.change for level, total in zip(levels, totals, strict=True)],
            text=[
                costs.value_text(level.end) if total else costs.drop_text(level.change)
                for level, total in zip(levels, totals, strict=True)
            ],
            textposition="outside",
            hoverinfo="y+text",
            cliponaxis=False,
            increasing={"marker": {"color": more}},
            decreasing={"marker": {"color": less}},
            totals={"marker": {"color": ink["ink3"]}},
            connector={"line": {"color": ink["line2"], "width": 1}},
        )
    )
    line = {"gridcolor": ink["line"], "zerolinecolor": ink["line2"]}
    return figure.update_layout(
        height=90 + 30 * len(levels),
        xaxis={**line, "tickformat": ".0%" if costs.is_rate else None},
        yaxis={"autorange": "reversed", "automargin": True, "ticksuffix": "  "},
        margin={"r": 70},
    )


def evidence_figure(
    explanation: Explanation, explainer: Explainer, slice_: Slice, name: str, dark: bool = False
) -> Figure:
    """Distributions of the measurements that set a slice apart most, upwards in the slice, downwards in the rest.

    Parameters
    ----------
    explanation, explainer
        Of the slice.
    slice_, name
        The slice and its name.
    dark
        As in `treemap_figure`.

    Raises
    ------
    SlicecoreError
        No measurement sets it apart.
    """
    from plotly.graph_objects import Bar
    from plotly.subplots import make_subplots

    effects = explanation.plotted[:MOST_PLOTS]
    if not effects:
        raise SlicecoreError(f"No measurement sets “{name}” apart: there is nothing to draw.")
    ink = tokens(dark)
    histograms = [explainer.histogram(effect.name, slice_) for effect in effects]
    texts = [distribution(effect, histogram) for effect, histogram in zip(effects, histograms, strict=True)]
    titles = [f"<b>{_text(text.label)}</b><br>{_text(text.numbers)}" for text in texts]
    figure = _figure(dark, make_subplots(cols=len(effects), subplot_titles=titles, horizontal_spacing=0.06))
    for column, (effect, histogram) in enumerate(zip(effects, histograms, strict=True), 1):
        label = _text(effect.measurement.label)
        middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
        sides = (("slice", histogram.inside, 1), ("rest", histogram.outside, -1))
        for side, counts, sign in sides:
            heights = sign * counts / max(1, int(counts.max(initial=0)))
            figure.add_trace(
                Bar(
                    x=middles,
                    y=heights,
                    width=np.diff(histogram.edges),
                    name=side,
                    legendgroup=side,
                    showlegend=column == 1,
                    marker={"color": ink[f"hist-{side}"], "line": {"width": 0}},
                    customdata=counts,
                    hovertemplate=f"{label} %{{x:.4g}}<br>%{{customdata}} clips of the {side}<extra></extra>",
                ),
                row=1,
                col=column,
            )
    figure.update_xaxes(gridcolor=ink["line"], zeroline=False)
    figure.update_yaxes(visible=False, zeroline=True)
    figure.update_annotations(font={"size": 12.5, "color": ink["ink2"]})
    return figure.update_layout(
        height=280,
        barmode="overlay",
        bargap=0,
        title={"text": _text(name), "font": {"size": 15}},
        margin={"t": 84},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.42},
    )


def _figure(dark: bool, figure: Figure | None = None) -> Figure:
    """A figure in the colours of page and report."""
    from plotly.graph_objects import Figure

    ink = tokens(dark)
    return (figure or Figure()).update_layout(
        template="none",
        paper_bgcolor=ink["panel"],
        plot_bgcolor=ink["panel"],
        font={"color": ink["ink"], "family": "system-ui, sans-serif", "size": 12.5},
        hoverlabel={"bgcolor": ink["sunken"], "font": {"color": ink["ink"]}, "align": "left"},
        margin={"l": 16, "r": 16, "t": 16, "b": 32},
    )


def _points(drops: NDArray[np.float64], scan: Scan) -> list[float | None]:
    """Drops in points of the colour scale; None where there is none."""
    scaled = np.multiply(drops, points_per_unit(scan.costs, scan.overall, DROP_POINTS[-1]))
    return [round(float(each), 1) if math.isfinite(each) else None for each in scaled]


def _drop_scale(scan: Scan, dark: bool) -> dict[str, Any]:
    """The colour scale of drops, as markers have it."""
    low, high = DROP_POINTS[0], DROP_POINTS[-1]
    ends = [f"{fixed(low)} pts", f"+{high} pts"] if scan.costs.is_rate else ["better", "worse"]
    return {
        "colorscale": [
            [(point - low) / (high - low), colour]
            for point, colour in zip(DROP_POINTS, drop_colours(dark), strict=True)
        ],
        "cmin": low,
        "cmax": high,
        "showscale": True,
        "colorbar": {
            "thickness": 10,
            "len": 0.6,
            "outlinewidth": 0,
            "tickvals": [low, 0, high],
            "ticktext": [ends[0], "overall", ends[1]],
        },
    }


def _rows_on_map(positions: NDArray[np.float32], scan: Scan) -> NDArray[np.int64]:
    """Rows of the clips that a map shows: those of slices, and of the others as many as there is room for."""
    known = np.isfinite(positions).all(axis=1)
    rows = np.flatnonzero(known)
    if len(rows) <= LIMITS.clips:
        return rows
    flagged = scan.slice_of_clip[rows] >= 0
    inside = _thinned(rows[flagged], LIMITS.clips)
    return np.sort(np.concatenate([inside, _thinned(rows[~flagged], LIMITS.clips - len(inside))]))


def _thinned(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Rows, or as many of them as there may be, evenly."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def _clip_text(data: Dataset, row: int, value: str, words: bool) -> str:
    """Text of a clip under the pointer."""
    head = f"{_text(data.ids[row])}: {value}"
    if not words:
        return head
    texts = (data.reference.iloc[row], data.prediction.iloc[row])
    return "<br>".join([f"<b>{head}</b>", *(_text(text) or "–" for text in texts)])


def _text(text: object) -> str:
    """A text of data as plotly shows it: no markup of its own, no longer than a line."""
    whole = str(text)
    most = LIMITS.characters
    return html.escape(whole if len(whole) <= most else f"{whole[: most - 1]}…")
