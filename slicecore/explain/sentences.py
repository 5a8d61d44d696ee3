"""Sentences of an explanation: at most two, each claim with the number of the slice and one to compare it with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slicecore.explain.claim import APART
from slicecore.wording import fixed, lower, percent

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.explain.effects import Effect, Effects, ValueEffect
    from slicecore.explain.error_kinds import ErrorKinds

NO_CAUSE = "No audible cause found"
NO_SOUND = "No cause found in the texts; nothing could be listened to"
"""Words in the place of `NO_CAUSE` for clips without a sound; the reason follows them."""
NO_FILES, UNREADABLE = "the table names no audio files", "no recording of these clips can be read"
NOT_WORSE = "Not worse than the whole"
SEVERAL = "Several problems"
ONE_BY_ONE = "Look at its sub-clusters one by one: each problem needs a remedy of its own."
REST = "the rest"
SIBLINGS = "the clusters around it"
_SEVERAL = 3
_MAIN_SHARE = 0.5  # share of the clips from which on a problem is that of the whole group


def sentence(
    causes: Sequence[Cause],
    effects: Effects,
    errors: ErrorKinds | None = None,
    others: str = REST,
    *,
    worse: bool = True,
    unheard: str = "",
) -> str:
    """Sum up what was found about a slice.

    Parameters
    ----------
    causes
        The best first.
    effects
        What sets it apart.
    errors
        Kinds of its errors; None where the metric counts no words.
    others
        Name of the clips that `effects` compares it with.
    worse
        Whether it is worse than the whole: else nothing is said of causes.
    unheard
        Why none of its clips could be listened to; "" where one could.

    Returns
    -------
    str
        One or two sentences.
    """
    many = several(causes)
    first = [_several(many)] if many else [_cause(cause) for cause in causes[:1]]
    second: list[str] = []
    if len(causes) > 1 and not many:
        text = _cause(causes[1])
        second.append(text if causes[1].apart else f"Also {lower(text)}")
    elif effects.metadata:
        second += [value_phrase(effects.metadata[0], others), *_claim(effects.metadata[0])]
    if not causes:
        none = f"{NO_SOUND}: {unheard}" if unheard else NO_CAUSE
        first.append(none if worse else NOT_WORSE)
        if effects.measurements:
            effect = effects.measurements[0]
            first += [f"what differs most: {lower(effect_phrase(effect, others))}", *_claim(effect)]
        elif effects.largest is not None and not effects.metadata:
            first.append(f"largest difference: {lower(effect_phrase(effects.largest, others))}")
    if errors is not None and errors.commonest:
        (first if len(first) == 1 else second).append(errors.commonest)
    return " ".join(_ended("; ".join(parts)) for parts in (first, second) if parts)


def effect_phrase(effect: Effect, others: str = REST) -> str:
    """An effect with its two medians and the share of comparisons that go this way.

    Examples
    --------
    "Peak −49.2 dBFS vs. −4.1 dBFS, lower than the rest in 99 % of comparisons (AUC .99)"
    """
    label, medians = effect.measurement.label, medians_phrase(effect)
    return f"{label} {medians}, {comparisons_phrase(effect, others)}"


def medians_phrase(effect: Effect) -> str:
    """Medians of a slice and of what it is compared with: "27 % vs. 0 %"."""
    show = effect.measurement.show
    return f"{show(effect.inside)} vs. {show(effect.outside)}"


def comparisons_phrase(effect: Effect, others: str = REST) -> str:
    """Share of pairs in which a clip of the slice has more, or less, than one of the others, which is the AUC."""
    way = "higher" if effect.higher else "lower"
    auc = fixed(effect.pairs, 2).removeprefix("0")
    return f"{way} than {others} in {percent(effect.pairs)} of comparisons (AUC {auc})"


def value_phrase(effect: ValueEffect, others: str = REST) -> str:
    """A value of metadata with its shares; how many of the clips that have it are in the slice, if it may be why."""
    having = effect.count_inside + effect.count_outside
    value, inside, outside = (
        f"{effect.column} = {effect.value}",
        percent(effect.share_inside),
        f"{others.removeprefix('the ')}: {percent(effect.share_outside)}",
    )
    if effect.claim and effect.claim.kind == APART:
        return f"Also {value} ({inside}; {outside})"
    return f"{inside} of this slice has {value} ({outside}), {effect.count_inside} of the {having} such clips"


def several(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Causes of a group that holds three problems or more, each of a part; empty where it is a group of its own."""
    parts = tuple(cause for cause in causes if cause.share_inside > 0 and not cause.everywhere)
    is_mixed = len(parts) >= _SEVERAL and max(cause.share_inside for cause in parts) < _MAIN_SHARE
    return parts if is_mixed else ()


def _several(causes: Sequence[Cause]) -> str:
    named = ", ".join(f"{lower(cause.label)} ({percent(cause.share_inside)})" for cause in causes)
    return f"{SEVERAL} among these clips: {named}"


def _cause(cause: Cause) -> str:
    return "; ".join([f"{cause.title}: {lower(cause.evidence.rstrip('. '))}", *_claim(cause)])


def _claim(claimed: Cause | Effect | ValueEffect) -> list[str]:
    """Claim about a cause or an effect, as one phrase or none."""
    return [claimed.claim.text] if claimed.claim and claimed.claim.text else []


def _ended(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
