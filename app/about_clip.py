"""What a page asks of a single clip outside the table: what was said and heard, its value, where its sound is."""

from __future__ import annotations

from typing import Any

from app import library, wording
from app.media import clip_urls
from app.shown import Shown
from slicecore.metrics import METRICS, align


def clips_token(shown: Shown) -> str:
    """Let the browser ask for any clip as the player takes it; returns the token of `/api/clip/<token>/<row>`."""
    # Not `shown`, which would keep everything of this run in memory.
    data, costs, choice = shown.data, shown.costs, shown.choice
    reasons, counts_words = shown.analysis.embeddings.reasons, shown.counts_words
    media = library.open_dataset(data)

    def describe(row: int) -> dict[str, Any]:
        reference, heard = data.reference.iat[row], data.prediction.iat[row]
        if METRICS[choice.metric].normalises:
            steps = align(reference, heard, choice.normalisation)
            edits = [[step.kind, step.reference, step.prediction] for step in steps]
        else:
            edits = [["equal" if reference == heard else "substitute", reference, heard]]
        return {
            "row": row,
            "id": str(data.ids[row]),
            "metric": costs.name,
            "value": wording.value(costs.value([row]), costs, decimals=0),
            "words": int(costs.denominator[row]) if counts_words else None,
            "duration": None,
            "edits": edits,
            "position": "not in the table",
            "reason": reasons.get(row, ""),
            **clip_urls(media, row),
        }

    return library.open_clips(f"{media} {shown.prediction} {choice}", describe, len(data))
