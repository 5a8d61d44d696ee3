"""What was found about a slice in words: at most two sentences, each claim with the number of the slice and another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.typing import NDArray

from slicecore.wording import lower, percent

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.explain.effects import Effect, Effects, ValueEffect

NO_CAUSE = "No audible cause found"

_KINDS = ("substitutions", "deletions", "insertions")
_FEWEST_ERRORS = 10  # of a slice for anything to be said of their kind
_MOST_ERRORS = 0.5  # share of the errors of a slice that are of one kind for it to be said
_MORE_ERRORS = 0.15  # how much larger it must be than in the rest


def sentence(
    causes: Sequence[Cause],
    found: Effects,
    errors: tuple[NDArray, NDArray] | None = None,
    siblings: bool = False,
) -> str:
    """Say what was found about a slice.

    Parameters
    ----------
    causes
        The best first.
    found
        What sets it apart.
    errors
        Substitutions, deletions and insertions of the slice, and of the rest; None where these are not what counts.
    siblings
        Whether `found` compares it with the clusters around it instead of the rest.

    Returns
    -------
    str
        One or two sentences.
    """
    others = "the clusters around it" if siblings else "the rest"
    first = [_cause(one) for one in causes[:1]]
    second: list[str] = []
    if len(causes) > 1:
        second.append(f"Also {lower(_cause(causes[1]))}")
    elif found.metadata:
        second.append(value_phrase(found.metadata[0], others))
    if not causes:
        first.append(NO_CAUSE)
        if found.measurements:
            first.append(f"what differs most: {lower(effect_phrase(found.measurements[0], others))}")
        elif found.largest is not None and not found.metadata:
            first.append(f"largest difference: {lower(effect_phrase(found.largest, others))}")
    kind = _commonest_error(errors)
    if kind:
        (first if len(first) == 1 else second).append(kind)
    return " ".join(_ended("; ".join(parts)) for parts in (first, second) if parts)


def effect_phrase(one: Effect, others: str = "the rest") -> str:
    """An effect with its two medians and its share of pairs.

    Examples
    --------
    "Peak −49.2 dBFS against −4.1 in the rest (lower in 99 % of pairs)"
    """
    measurement = one.measurement
    outside = measurement.show(one.outside)
    if measurement.unit and measurement.unit != "%":
        outside = outside.removesuffix(measurement.unit).rstrip()
    way = "higher" if one.higher else "lower"
    return (
        f"{measurement.label} {measurement.show(one.inside)} against {outside} in {others} "
        f"({way} in {percent(one.pairs)} of pairs)"
    )


def value_phrase(one: ValueEffect, others: str = "the rest") -> str:
    """A value of metadata with its shares, and how many of the clips that have it are in the slice."""
    having = one.count_inside + one.count_outside
    return (
        f"{percent(one.share_inside)} of this cluster is {one.column} = {one.value} against "
        f"{percent(one.share_outside)} in {others}, {one.count_inside} of {having} such clips are in it"
    )


def _cause(one: Cause) -> str:
    return f"{one.label}: {lower(one.evidence.rstrip('. '))}"


def _ended(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _commonest_error(errors: tuple[NDArray, NDArray] | None) -> str:
    """The kind that most errors of a slice are of, if it is not as common elsewhere."""
    if errors is None or errors[0].sum() < _FEWEST_ERRORS or not errors[1].sum():
        return ""
    inside = errors[0] / errors[0].sum()
    outside = errors[1] / errors[1].sum()
    kind = int(inside.argmax())
    if inside[kind] < _MOST_ERRORS or inside[kind] - outside[kind] < _MORE_ERRORS:
        return ""
    return f"{percent(inside[kind])} of the errors are {_KINDS[kind]} against {percent(outside[kind])} in the rest"
