"""Details of a single clip outside the table: alignment, value, addresses of its sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slicecore.metrics import Costs
from slicecore.table.dataset import Dataset
from slicecore_app import wording
from slicecore_app.review.player.component import ClipValue, Compared
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.server.media import clip_urls


def clips_token(result: ReviewResult) -> str:
    """Let the browser ask for any clip as the player takes it; returns the token of `/api/clip/<token>/<row>`."""
    # Not `result`, which would keep everything of this run in memory.
    table, data, costs, choice = result.table, result.data, result.costs, result.choice
    prediction, other = result.prediction, result.compared
    reasons, counts_words = result.analysis.embeddings.reasons, result.counts_words

    def edits(of: str, row: int) -> list[list[str]]:
        return table.edits(of, choice, [row])[0]

    def describe(row: int) -> dict[str, Any]:
        return {
            **described(row, costs, counts_words),
            "id": str(data.ids[row]),
            "duration": None,
            "edits": edits(prediction, row),
            "compared": compared(row, costs, edits(other, row) if other else []),
            "position": "not in the table",
            "reason": why_silent(data, reasons, row),
            **clip_urls(table.token, row),
        }

    return table.open_clips(f"{result.judged} {choice} {result.model}", lambda: describe)


def why_silent(data: Dataset, reasons: Mapping[int, str], row: int) -> str:
    """The reason why a clip can't be played, as far as it is known; "" where nothing speaks against it."""
    return reasons.get(row, "") if data.clips[row] else "The table names no audio file for it"


def described(row: int, costs: Costs, counts_words: bool) -> ClipValue:
    """The value of a clip as the player takes it."""
    return ClipValue(
        row=row,
        metric=costs.model_costs.name,
        value=wording.value(costs.value([row]), costs, decimals=0),
        words=int(costs.denominator[row]) if counts_words else None,
    )


def compared(row: int, costs: Costs, edits: list[list[str]]) -> Compared | None:
    """Both models of a comparison for a clip, with the alignment of the second; None where there is one model."""
    if not costs.compared:
        return None
    (model, _), (other, _) = costs.compared
    values = [
        model_costs.value_text(model_costs.value([row]), decimals=0) for _, model_costs in costs.compared
    ]
    return Compared(models=(model, other), values=values, edits=edits)
