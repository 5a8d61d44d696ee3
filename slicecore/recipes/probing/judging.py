"""Judgement of a probe: whether the cause was the cause, by the paired change of the metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Costs
from slicecore.metrics.paired import Change, drawn_sums, paired_change, percentile_for
from slicecore.recipes.probing.about import CHANGED, REMEDY, UNCHANGED, About
from slicecore.wording import lower, percent

CONFIRMED, NOT_CONFIRMED, CANT_BE_TOLD = "confirmed", "not confirmed", "can't be told"
"""Verdicts on a cause."""


@dataclass(frozen=True)
class Limits:
    """Limits of the judgement; its test holds how often it is wrong where there is no effect."""

    fewest: int = 6
    """Clips, or groups of clips."""
    relevant: float = 0.5
    """Share of the drop: a cause that surely explains less is not confirmed."""
    p_no_drop: float = 0.025
    """Chance that the slice is no worse than the rest, from which on shares of its drop say nothing."""


LIMITS = Limits()
_PROBABILITIES = (0.025, 0.975)


@dataclass(frozen=True)
class Judgement:
    """Judgement of a probe.

    Attributes
    ----------
    about : what was probed.
    verdict : `CONFIRMED`, `NOT_CONFIRMED` or `CANT_BE_TOLD`.
    change : from the unchanged to the changed clips, both with the new predictions.
    effect, effect_interval : by how much the change goes the expected way, in units of the metric, and 95 % interval:
        mended clips are better, damaged ones worse.
    share, share_interval : share of the drop of the slice that this is, with its 95 % interval; NaN where the slice is
        not surely worse than the rest.
    other_recogniser : change of the unchanged clips from the predictions of the table to the new ones where that is
        more than chance, else None.
    metric : the unchanged clips, for its name and wording.
    """

    about: About
    verdict: str
    change: Change
    effect: float
    effect_interval: tuple[float, float]
    share: float
    share_interval: tuple[float, float]
    other_recogniser: Change | None
    metric: Costs

    @property
    def sentence(self) -> str:
        """The judgement in words."""
        sentences = [f"{self._head()}: {self._values()}.", self._share(), self._meaning(), self._recogniser()]
        return " ".join(filter(None, sentences))

    def __repr__(self) -> str:
        return f"Judgement({self.sentence})"

    def _head(self) -> str:
        subject = f" ({lower(self.about.label)})" if self.about.label else ""
        return f"{self.verdict[0].upper()}{self.verdict[1:]}{subject}"

    def _values(self) -> str:
        costs, change = self.metric, self.change
        low, high = (costs.drop_text(end) for end in change.interval)
        return (
            f"{CHANGED[self.about.kind]} clips ({self.about.change}) have {costs.name} "
            f"{costs.value_text(change.after)}, {UNCHANGED} ones {costs.value_text(change.before)}; "
            f"change {costs.drop_text(change.worse)} (95 % interval {low} to {high}, {change.clips:,} clips)"
        )

    def _share(self) -> str:
        if not self.share > 0:
            return ""
        low, high = self.share_interval
        much = "all" if self.share >= 1 else percent(self.share)
        # More than the whole drop is no more than all of it.
        range_ = f"at least {_percent(low)}" if high > 1 else f"{_percent(low)} to {_percent(high)}"
        return f"That is {much} of the drop of the slice{f' ({range_})' if low < 1 else ''}."

    def _meaning(self) -> str:
        if self.verdict == CANT_BE_TOLD:
            return "More clips would tell."
        if self.verdict == NOT_CONFIRMED:
            return (
                "Either this is not the reason, or the remedy does not take it away."
                if self.about.kind == REMEDY
                else "This alone does not make clips as bad as those of the slice."
            )
        is_part = self.share_interval[1] < LIMITS.relevant
        return "Most of the drop has another reason." if is_part else ""

    def _recogniser(self) -> str:
        other = self.other_recogniser
        if other is None:
            return ""
        value = self.metric.value_text
        return (
            f"Of the {UNCHANGED} clips the table has {value(other.before)} and the new predictions "
            f"{value(other.after)}: they are not of the same recogniser."
        )


def judged(
    about: About,
    before: Costs,
    after: Costs,
    units: Sequence[str],
    table: NDArray[np.float64],
    slice_: NDArray[np.float64],
    rest: NDArray[np.float64],
    seed: int = 0,
) -> Judgement:
    """Judge a probe by the costs of its clips with new predictions.

    The effect is the paired change from the unchanged to the changed clips, with the interval of `paired_change`.
    Confirmed is a cause whose effect has an interval beyond 0. It is not confirmed where the effect surely is less than
    `LIMITS.relevant` of the drop; else it can't be told.

    Parameters
    ----------
    about
        What was probed.
    before, after
        Costs of the unchanged and of the changed clips, in the same order.
    units
        (n,) speakers or the like that clips come in: whole ones are drawn where there are `LIMITS.fewest`, else clips.
    table
        (n, 2) numerators and denominators of the unchanged clips with the predictions of the table.
    slice_, rest
        (units, 2) of the slice and of all other clips, with the predictions of the table.
    seed
        Of the draws.
    """
    unit = np.unique(np.asarray(units), return_inverse=True)[1]
    if unit.max(initial=0) + 1 < LIMITS.fewest:
        unit = np.arange(len(before))
    change = paired_change(before, after, unit, seed)
    way = -1.0 if about.kind == REMEDY else 1.0
    effect = way * change.worse
    low, high = sorted(way * end for end in change.interval)
    share, share_interval = _share(about.kind, before, after, unit, slice_, rest, seed)
    if change.units < LIMITS.fewest or not np.isfinite(effect):
        verdict = CANT_BE_TOLD
    elif low > 0:
        verdict = CONFIRMED
    elif high <= 0 or share_interval[1] < LIMITS.relevant:
        verdict = NOT_CONFIRMED
    else:
        verdict = CANT_BE_TOLD
    return Judgement(
        about,
        verdict,
        change,
        effect,
        (float(low), float(high)),
        share,
        share_interval,
        _other_recogniser(before, table, unit, seed),
        before,
    )


def _share(
    kind: str,
    before: Costs,
    after: Costs,
    unit: NDArray[np.int64],
    slice_: NDArray[np.float64],
    rest: NDArray[np.float64],
    seed: int,
) -> tuple[float, tuple[float, float]]:
    """Share of the drop that an effect is, and its interval: clips of the probe, slice and rest are drawn apart."""
    sides = (before.numerator, before.denominator, after.numerator, after.denominator)
    own = np.stack([np.bincount(unit, side) for side in sides], axis=1).astype(np.float64)
    unknown = np.nan, (np.nan, np.nan)
    if not len(rest):
        return unknown
    rng = np.random.default_rng(seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect, drop = _effect_and_drop(kind, *(drawn_sums(sums, rng) for sums in (own, slice_, rest)))
        whole_effect, whole_drop = _effect_and_drop(
            kind, *(sums.sum(axis=0)[None] for sums in (own, slice_, rest))
        )
    worse = np.isfinite(effect) & (drop > 0)
    if worse.mean() < 1 - LIMITS.p_no_drop:
        return unknown
    bounds = [percentile_for(each, len(own)) for each in _PROBABILITIES]
    low, high = np.quantile(effect[worse] / drop[worse], bounds)
    return float(whole_effect[0] / whole_drop[0]), (float(low), float(high))


def _effect_and_drop(
    kind: str, own: NDArray[np.float64], slice_: NDArray[np.float64], rest: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Effect and drop of every draw; a mended slice is compared with itself, unchanged."""
    unchanged, changed, usual = own[:, 0] / own[:, 1], own[:, 2] / own[:, 3], rest[:, 0] / rest[:, 1]
    if kind == REMEDY:
        return unchanged - changed, unchanged - usual
    return changed - unchanged, slice_[:, 0] / slice_[:, 1] - usual


def _other_recogniser(
    before: Costs, table: NDArray[np.float64], unit: NDArray[np.int64], seed: int
) -> Change | None:
    then = Costs(table[:, 0], table[:, 1], name=before.name)
    change = paired_change(then, before, unit, seed)
    low, high = change.interval
    return change if low > 0 or high < 0 else None


def _percent(share: float) -> str:
    return f"−{percent(-share)}" if share < 0 else percent(share)
