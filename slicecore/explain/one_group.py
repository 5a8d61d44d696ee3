"""Explanations of slices that are one group's, one speaker's say: that is their name, not "voice, accent or set-up"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slicecore.wording import lower, percent

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.explain.explainer import Explanation
    from slicecore.slices.result import Slice, SliceGroups

_VOICE = "voice"


def with_one_group(explanation: Explanation, slice_: Slice) -> Explanation:
    """The explanation of a slice; where its clips are one group's, and nothing else may be its reason, it says so.

    A single clip is always one group's, and clips that are not worse than the whole need no reason.

    Parameters
    ----------
    explanation
        Of the slice, without regard to groups.
    slice_
        The slice, with who is in it.
    """
    groups, causes = slice_.groups, explanation.causes
    if groups is None or not groups.is_one or slice_.support < 2 or not slice_.drop > 0:
        return explanation
    voice = next((cause for cause in causes if cause.name == _VOICE), None)
    if voice is None and explanation.cause is not None:
        return explanation
    one = _cause(groups, voice.rank if voice else 0)
    text = f"{one.label}: {lower(one.evidence)}"
    if voice is None:
        after = (replace(cause, rank=cause.rank + 1) for cause in causes)
        return replace(explanation, causes=(one, *after), sentence=f"{text}. {explanation.sentence}")
    before = f"{voice.label}: {lower(voice.evidence.rstrip('. '))}"
    sentence = explanation.sentence.replace(before, text).replace(lower(before), lower(text))
    return replace(
        explanation,
        causes=tuple(one if cause is voice else cause for cause in causes),
        sentence=sentence,
    )


def _cause(groups: SliceGroups, rank: int) -> Cause:
    from slicecore.explain.causes import Cause
    from slicecore.explain.causes.remedies import SENTENCES

    whose = groups.largest or f"one {groups.noun}"
    share = "All" if groups.count == 1 else percent(groups.share_of_clips)
    return Cause(
        name=f"one_{groups.noun.replace(' ', '_')}",
        label=groups.name,
        evidence=f"{share} of the clips are of {whose}",
        share_inside=groups.share_of_clips,
        share_rest=0.0,
        rank=rank,
        remedy=SENTENCES[_VOICE] if groups.noun == "speaker" else "",
    )
