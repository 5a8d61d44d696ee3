"""Corrected references of clips."""

from __future__ import annotations

from datetime import datetime

from slicecore.errors import MetricError
from slicecore.storage.verdicts import ReferenceCorrection
from slicecore_app.review.clip_details import clips_token
from slicecore_app.review.player.component import NO_CORRECTIONS, CorrectedText, Corrections
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session.reviews import review_session


def corrections_of(result: ReviewResult) -> Corrections:
    """Corrected references for the player, and where it asks for the alignment of a text."""
    if result.data.roles.reference is None:
        return NO_CORRECTIONS
    ids = result.data.ids
    return Corrections(
        texts={
            str(ids[at]): CorrectedText(text=text, by=_by(result.corrections[str(ids[at])]))
            for at, text in result.corrected.items()
        },
        newest=result.newest.correction,
        clips=f"clip/{clips_token(result)}/{{row}}",
    )


def correct_reference(result: ReviewResult, clip: str, text: str | None, seen: int) -> None:
    """Correct the reference of a clip (by id), or put the original back (None).

    Parameters
    ----------
    seen
        Number of the newest correction that the page showed.
    """
    reviews = review_session(result.verdicts, result.judged)
    row = result.data.row_of_id.get(clip)
    if row is None:
        reviews.refuse(f"{clip} is no longer in the table.")
        return
    if text is not None:
        try:
            result.table.scoring.costs_with(result.prediction, result.choice, result.compared, {row: text})
        except MetricError as error:
            reviews.refuse(f"{error} The reference is not corrected.")
            return
    reviews.correct(clip, text, str(result.data.reference[row]), seen)


def _by(correction: ReferenceCorrection) -> str:
    """Who corrected a reference and when: "by Anna on 12 March at 14:02"."""
    parts = [f"by {correction.reviewer}"] if correction.reviewer else []
    if correction.time:  # one that is not written yet has none
        when = datetime.fromisoformat(correction.time).astimezone()
        parts.append(f"on {when.day} {when:%B at %H:%M}")
    return " ".join(parts)
