"""Making of probes: clips of a slice to be mended, or clean clips to be damaged as the slice is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.explain.causes import CAUSES
from slicecore.groups import rows_of
from slicecore.recipes.group import Group
from slicecore.recipes.making import recipe_of
from slicecore.recipes.probing.about import DAMAGE, REMEDY, About
from slicecore.recipes.probing.damaging import damaged
from slicecore.recipes.probing.judging import LIMITS
from slicecore.recipes.probing.mending import REMEDIES, REMEDY_OF, Aim, Remedy, Sound
from slicecore.recipes.probing.probe import Probe, ProbedClip
from slicecore.recipes.probing.written import ClipRecord
from slicecore.slices.result import Slice

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.recipes.recipe import Step

MOST = 200
"""Most clips of a probe."""
FEWEST_DAMAGED = 30
"""Clean clips that are damaged, where the slice has fewer and there are so many."""
_MOST_UNITS = 500
"""Sums that stand for the slice and for the rest in the record."""
_METRIC = {"words": "wer", "characters": "cer"}


def probe(
    explainer: Explainer,
    group: Slice | Sequence[int] | NDArray,
    *,
    remedy: str = "",
    damage: bool = False,
    cause: str = "",
    explanation: Explanation | None = None,
    name: str = "",
    seed: int = 0,
) -> Probe:
    """Probe whether a cause of a slice is the cause.

    Clips of the slice are mended: are they recognised better, the cause is needed for the errors. Or clean clips are
    damaged by the slice's own measured amount: are they recognised as badly, the cause is enough.

    Parameters
    ----------
    explainer
        Of the clips.
    group
        The slice; or rows, or a mask.
    remedy
        Name of a remedy, see `slicecore.recipes.probing.mending.REMEDIES`; that of the cause by default.
    damage
        True to damage clean clips instead.
    cause
        Name of the cause; by default the first that may be the reason.
    explanation
        Of the slice, where it is at hand.
    name
        Of the slice; its cause by default.
    seed
        Of the choice of clips and the amounts of damage.

    Raises
    ------
    SlicecoreError
        There is no such cause or remedy, it can't be tried, or the metric compares no texts.
    """
    unit = explainer.costs.unit
    if unit not in _METRIC:
        raise SlicecoreError("A probe needs a metric of transcripts: search with wer or cer.")
    if damage and remedy:
        raise SlicecoreError("Give a remedy for the clips of the slice, or damage clean clips, not both.")
    rows = rows_of(group.members if isinstance(group, Slice) else group, len(explainer.data))
    explanation = explanation if explanation is not None else explainer.explain(group)
    chosen = _cause(explanation, cause)
    about = About(
        name=name or explanation.title or "No cause",
        cause=chosen.name if chosen else "",
        label=chosen.label if chosen else "",
        kind=DAMAGE if damage else REMEDY,
        change="",
        table=explainer.data.name,
        metric=_METRIC[unit],
        normalisation=explainer.normalisation,
    )
    made = (
        _damage(explainer, rows, chosen, seed) if damage else _mending(explainer, rows, chosen, remedy, seed)
    )
    change, clips = made
    rest = np.setdiff1d(np.arange(len(explainer.data)), rows)
    return Probe(
        replace(about, change=change), clips, _sums(explainer, rows, seed), _sums(explainer, rest, seed)
    )


def can_be_mended(explanation: Explanation) -> bool:
    """True if the cause of a slice has a remedy that can be tried."""
    return explanation.cause is not None and explanation.cause.name in REMEDY_OF


def _cause(explanation: Explanation, name: str) -> Cause | None:
    if not name:
        return explanation.cause
    for cause in explanation.causes:
        if cause.name == name:
            return cause
    there = ", ".join(cause.name for cause in explanation.causes) or "none"
    raise SlicecoreError(f"The slice has no cause “{name}”. Its causes: {there}.")


def _mending(
    explainer: Explainer, rows: NDArray[np.int64], cause: Cause | None, name: str, seed: int
) -> tuple[str, tuple[ProbedClip, ...]]:
    remedy = _remedy(cause, name)
    aim = _aim_of_slice(explainer, rows)
    missing = [need for need in remedy.needs if not np.isfinite(getattr(aim, need))]
    if missing:
        raise SlicecoreError(
            f"The remedy “{remedy.name}” needs what could not be measured in these clips ({', '.join(missing)}). "
            f"Choose another one: {', '.join(REMEDIES)}."
        )
    clips = tuple(
        _clip(explainer, row, partial(_mended, remedy=remedy, aim=aim_of_clip))
        for row in _some(_sounding(explainer, rows), MOST, seed).tolist()
        for aim_of_clip in [_aim_of_clip(explainer, row, aim, rows)]
    )
    return remedy.text(aim), _not_empty(clips)


def _remedy(cause: Cause | None, name: str) -> Remedy:
    known = ", ".join(REMEDIES)
    if name:
        if name not in REMEDIES:
            raise SlicecoreError(f"There is no remedy “{name}” that can be tried. Use one of: {known}.")
        return REMEDIES[name]
    if cause is None:
        raise SlicecoreError(f"The slice has no cause to be mended. Name a remedy to try: {known}.")
    if cause.name not in REMEDY_OF:
        advice = f" {cause.remedy}" if cause.remedy else ""
        raise SlicecoreError(
            f"No filter mends “{cause.label}”.{advice} Name a remedy to try ({known}), or damage clean clips."
        )
    return REMEDIES[REMEDY_OF[cause.name]]


def _mended(sound: Sound, rate: int, *, remedy: Remedy, aim: Aim) -> Sound:
    return remedy.mend(sound, rate, aim)


def _aim_of_slice(explainer: Explainer, rows: NDArray[np.int64]) -> Aim:
    """Numbers of the slice, medians of its clips."""
    group = _group(explainer, rows)
    mains, loudness, speed = group.measured("hum_frequency"), group.measured("loudness"), group.speed()
    return Aim(
        mains=np.nan if mains is None else _mains(mains.median),
        gain=np.nan if loudness is None else loudness.rest - loudness.median,
        speed=np.nan if speed is None else speed.median,
    )


def _aim_of_clip(explainer: Explainer, row: int, aim: Aim, rows: NDArray[np.int64]) -> Aim:
    """Numbers of a clip where they differ from clip to clip."""
    clips = explainer.context.clips
    loudness = clips["loudness"].to_numpy(np.float64)
    usual = loudness[rows]
    gain = aim.gain + float(np.nanmedian(usual)) - float(loudness[row]) if np.isfinite(aim.gain) else np.nan
    mains = float(clips["hum_frequency"].iloc[row])
    return replace(
        aim,
        mains=_mains(mains) if np.isfinite(mains) else aim.mains,
        gain=gain,
        before=float(clips["lead_silence"].iloc[row]),
        after=float(clips["trail_silence"].iloc[row]),
    )


def _mains(frequency: float) -> float:
    return 60.0 if frequency > 55 else 50.0


def _damage(
    explainer: Explainer, rows: NDArray[np.int64], cause: Cause | None, seed: int
) -> tuple[str, tuple[ProbedClip, ...]]:
    if cause is None:
        raise SlicecoreError("The slice has no cause with which clean clips could be damaged.")
    recipe = recipe_of(
        explainer.context, [cause], rows, explainer.data.clips, name=cause.label, table=explainer.data.name
    )
    if not recipe.steps:
        raise SlicecoreError(f"Clean clips can't be damaged with “{cause.label}”. {recipe}")
    step = recipe.steps[0]
    rest = np.setdiff1d(np.arange(len(explainer.data)), rows)
    # Not chosen by their errors: clips that happen to be right could only get worse.
    shown = explainer.context.shown[rest]
    clean = rest[~shown[:, [not rule.of_errors for rule in CAUSES.values()]].any(axis=1)]
    if len(clean) < LIMITS.fewest:  # something is everywhere
        clean = rest[~shown[:, list(CAUSES).index(cause.name)]]
    chosen = _some(_sounding(explainer, clean), min(MOST, max(FEWEST_DAMAGED, len(rows))), seed)
    clips = tuple(
        _clip(explainer, row, partial(_damaged, step=step, seed=(seed, row))) for row in chosen.tolist()
    )
    names = ", ".join(transform.name for transform in step.transforms)
    return f"{names} by the slice's own range", _not_empty(clips)


def _damaged(sound: Sound, rate: int, *, step: Step, seed: tuple[int, int]) -> Sound:
    return damaged(sound[:, 0], step, np.random.default_rng(seed))[:, None]


def _clip(explainer: Explainer, row: int, change: partial[Sound]) -> ProbedClip:
    data, groups = explainer.data, explainer.groups
    sound = data.clips[row]
    assert sound is not None  # those without a sound are left out
    group = -1 if groups is None else int(groups.code[row])
    costs = explainer.costs
    record = ClipRecord(
        id=str(data.ids[row]),
        reference=str(data.reference[row]),
        unit=str(data.ids[row]) if groups is None or group < 0 else f"{groups.noun} {groups.names[group]}",
        costs=(float(costs.numerator[row]), float(costs.denominator[row])),
    )
    return ProbedClip(record, sound, change)


def _group(explainer: Explainer, rows: NDArray[np.int64]) -> Group:
    rest = np.setdiff1d(np.arange(len(explainer.data)), rows)
    return Group(explainer.context, rows, rows, rest, explainer.data.clips)


def _sounding(explainer: Explainer, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows whose sound could be measured."""
    heard = rows[explainer.context.sounding[rows]]
    return np.array([row for row in heard.tolist() if explainer.data.clips[row] is not None], np.int64)


def _some(rows: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    chosen: NDArray[np.int64] = np.random.default_rng(seed).permutation(rows)[:most]
    return np.sort(chosen)


def _not_empty(clips: tuple[ProbedClip, ...]) -> tuple[ProbedClip, ...]:
    if not clips:
        raise SlicecoreError("There are no clips with a sound for this probe.")
    return clips


def _sums(explainer: Explainer, rows: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Numerators and denominators of some clips, (units, 2), by group or by clip; of many, of parts at random."""
    costs, groups = explainer.costs, explainer.groups
    unit = np.arange(len(rows))
    if groups is not None:
        code = groups.code[rows]
        unit = np.unique(np.where(code >= 0, code, len(groups.names) + unit), return_inverse=True)[1]
    count = int(unit.max(initial=-1)) + 1
    if count > _MOST_UNITS:
        unit = (np.random.default_rng(seed).permutation(count) % _MOST_UNITS)[unit]
    sums = [np.bincount(unit, side[rows]) for side in (costs.numerator, costs.denominator)]
    return np.stack(sums, axis=1) if len(rows) else np.zeros((0, 2))
