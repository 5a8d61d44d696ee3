"""Choices of where the points of the map lie."""

from __future__ import annotations

HNNE, UMAP, SCORES = "hnne", "umap", "scores"

LAYOUTS = {HNNE: "h-nne", UMAP: "UMAP", SCORES: "scores"}
"""All layouts by their names for people; `SCORES` is for predictions that are numbers."""
HINTS = {
    HNNE: "Clusters from coarse to fine (h-nne)",
    UMAP: "Neighbourhoods kept (UMAP); slower",
    SCORES: "Predicted against actual scores",
}


def choices(compares_numbers: bool) -> list[str]:
    """The layouts that a metric has."""
    return [layout for layout in LAYOUTS if compares_numbers or layout != SCORES]
