"""Making of recipes: the causes of a group of clips, each as a step with the ranges that were measured in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.errors import SlicecoreError
from slicecore.explain.causes import CAUSES
from slicecore.groups import rows_of
from slicecore.recipes.group import Group
from slicecore.recipes.ingredients import STEPS, WITHOUT
from slicecore.recipes.recipe import Recipe, Step
from slicecore.slices.result import Slice

if TYPE_CHECKING:
    from slicecore.audio.clip import Clip
    from slicecore.explain.causes import Cause, Context
    from slicecore.explain.explainer import Explainer, Explanation

SHARE = 0.5
"""Share of the training clips that are changed where nobody says otherwise."""
_OFTEN = 0.2  # share of a group from which on the clips that show a cause by themselves are those measured
_APART = "It sets the slice apart, but other clips that have it are not worse, so that no recipe is made."
_EVERYWHERE = "The other clips have it as well, so that no recipe is made."
_OTHER = "No transform of clean speech makes it."
_NO_SOUND = "None of the recordings that it needs can be measured."
_SILENT, _NOTHING_HEARD = "No sound", "None of the clips could be listened to."
_ONE_GROUP = "one_"  # causes that say that all clips are of one speaker, session …


def make(
    explainer: Explainer,
    group: Slice | Sequence[int] | NDArray,
    *,
    explanation: Explanation | None = None,
    name: str = "",
    share: float = SHARE,
) -> Recipe:
    """The recipe of a slice, or of any group of clips: a step for each of its causes that can be made.

    Parameters
    ----------
    explainer
        Of the clips.
    group
        The slice; or rows, or a mask.
    explanation
        Of the slice, where it is at hand.
    name
        Of the slice; its cause by default.
    share
        Share of the training clips that are changed, above 0 and at most 1.

    Raises
    ------
    SlicecoreError
        The share is none.
    """
    rows = rows_of(group.members if isinstance(group, Slice) else group, len(explainer.data))
    explanation = explanation if explanation is not None else explainer.explain(group)
    return recipe_of(
        explainer.context,
        explanation.causes,
        rows,
        explainer.data.clips,
        name=name or explanation.title or "No cause",
        table=explainer.data.name,
        share=share,
    )


def recipe_of(
    context: Context,
    causes: Sequence[Cause],
    rows: NDArray[np.int64],
    clips: Sequence[Clip | None],
    *,
    name: str,
    table: str,
    share: float = SHARE,
) -> Recipe:
    """The recipe of some clips by their causes.

    Parameters
    ----------
    context
        The whole set.
    causes
        Of the clips, from `find_causes`.
    rows
        The clips.
    clips
        Where the sounds of the whole set are.
    name, table
        Of the group and of the data, for the head of the recipe.
    share
        As in `make`.

    Raises
    ------
    SlicecoreError
        The share is none.
    """
    if not 0 < share <= 1:
        raise SlicecoreError(
            f"A recipe can't change a share of {share} of the clips; give more than 0, at most 1."
        )
    steps: list[Step] = []
    without: dict[str, str] = {}
    for cause in causes:
        why = _why_not(cause)
        step = None if why else _step(context, cause, rows, clips)
        if step is None:
            without[cause.label] = why or _NO_SOUND
        else:
            steps.append(step)
    if not causes and not context.sounding[rows].any():
        without[_SILENT] = _NOTHING_HEARD
    order = list(STEPS)
    return Recipe(
        name=name,
        table=table,
        support=len(rows),
        share=share,
        rate=SAMPLING_RATE,
        steps=tuple(sorted(steps, key=lambda step: order.index(step.cause))),
        without=without,
    )


def can_be_made(causes: Sequence[Cause]) -> bool:
    """True if a recipe of clips with these causes has a step."""
    return any(not _why_not(cause) for cause in causes)


def _why_not(cause: Cause) -> str:
    """Reason why no step is made of a cause; "" where one is."""
    if cause.name not in STEPS:
        is_group = cause.name.startswith(_ONE_GROUP)
        return WITHOUT["voice"] if is_group else WITHOUT.get(cause.name, _OTHER)
    if cause.apart:
        return _APART
    return _EVERYWHERE if cause.everywhere else ""


def _step(
    context: Context, cause: Cause, rows: NDArray[np.int64], clips: Sequence[Clip | None]
) -> Step | None:
    showing = rows[context.shown[rows, list(CAUSES).index(cause.name)]]
    by_themselves = cause.share_inside >= _OFTEN and len(showing) > 0
    share = round(float(cause.share_inside), 2) if by_themselves else 1.0
    rest = np.setdiff1d(np.arange(len(context.clips)), rows)
    return STEPS[cause.name](
        Group(context, showing if by_themselves else rows, rows, rest, clips), cause, share
    )
