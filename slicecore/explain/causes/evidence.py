"""Evidence of a cause: the numbers of a group and of the rest, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.causes.context import Context
from slicecore.explain.causes.rules import CAUSES
from slicecore.measurements import CATALOGUE
from slicecore.text.language import commonest, language_name
from slicecore.wording import percent


def evidence_of(
    context: Context, name: str, own: NDArray[np.int64], members: NDArray[np.int64], measurement: str = ""
) -> str:
    """Evidence of a cause that clips show by themselves.

    Parameters
    ----------
    context
        The whole set.
    name
        The cause.
    own
        Rows that the evidence is about, of a group or of a part of it.
    members
        Rows of the group; the rest is all others.
    measurement
        The measurement that fired; by default that of the rule's whose values set the clips apart best.

    Returns
    -------
    str
        Medians inside and outside: "Peak −49.2 dBFS vs. −4.1 dBFS in the rest"; "" for a rule without measurements.
    """
    if name == "foreign_language":
        return _languages(context, own)
    rule = CAUSES[name]
    measurement = measurement or best_measurement(context, rule.evidence, own)
    if not measurement:
        return ""
    outside = np.ones(len(context.clips), bool)
    outside[members] = False
    values = context.clips[measurement].to_numpy()
    catalogued = CATALOGUE[measurement]
    inside, rest = catalogued.show(_median(values[own])), catalogued.show(_median(values[outside]))
    more = rule.adds(context.clips.iloc[own]) if rule.adds else ""
    return f"{catalogued.label} {inside} vs. {rest} in the rest{more}"


def shares_phrase(inside: float, outside: float) -> str:
    """Shares of the clips that show a cause: "; affects 76 % of the clips here, none elsewhere"."""
    here = "every clip" if inside == 1 else f"{percent(inside)} of the clips"
    elsewhere = "none" if outside == 0 else percent(outside)
    return f"; affects {here} here, {elsewhere} elsewhere"


def best_measurement(context: Context, measurements: tuple[str, ...], own: NDArray[np.int64]) -> str:
    """The measurement that sets some clips apart best: a rule of several fires by any of them; "" of none."""
    if len(measurements) < 2:
        return measurements[0] if measurements else ""
    compared, at = context.ranks.compare(own), context.ranks.names
    distance = {
        name: abs(np.nan_to_num(compared.probability[at.index(name)], nan=0.5) - 0.5) if name in at else 0.0
        for name in measurements
    }
    return max(measurements, key=lambda name: distance[name])


def _languages(context: Context, own: NDArray[np.int64]) -> str:
    spoken = context.clips["language"].to_numpy()[own]
    other = commonest(spoken[spoken != context.language])
    predicted = language_name(context.language)
    return f"References are {language_name(other) if other else f'not {predicted}'}; most predictions are {predicted}"


def _median(values: NDArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else np.nan
