"""Rule of a cause: which clips show it, by themselves or against the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Test = Callable[["pd.DataFrame"], "pd.Series"]


@dataclass(frozen=True)
class Gradual:
    """Rule of a cause that shows by comparison alone, where no clip shows it by itself.

    Attributes
    ----------
    measurement
        Measurement that is compared.
    sign
        1 where more of it speaks for the cause, −1 where less does.
    gap
        Least difference between the medians of the group and of the rest.
    bound
        Value that the median of the group must reach, whatever the rest is like.
    evidence
        Measurement that is given as evidence where the compared one is made of several.
    """

    measurement: str
    sign: int
    gap: float
    bound: float
    evidence: str = ""


@dataclass(frozen=True)
class Rule:
    """Rule of one cause.

    Attributes
    ----------
    name, label
        In exports, and for people.
    evidence
        Measurements whose medians are given as evidence: of several the one that sets the clips apart best.
    shows
        (table of `Context.clips`) -> which clips show it by themselves; None where only comparison tells.
    hides
        Causes that this one brings about by itself: they do not count on clips that show it.
    gradual
        Rules by comparison.
    of_errors
        Whether it is read off the errors themselves, so that clips that show it are bad by definition.
    unless_damaged
        True where any damage of the recording may bring it about: it does not count on clips that show one.
    holds
        (table of the clips of a group) -> whether the group as a whole bears it out; None where single clips suffice.
    adds
        (table of the clips of a group) -> words that the evidence ends with, such as the length of packets; None where
        there are none.
    """

    name: str
    label: str
    evidence: tuple[str, ...] = ()
    shows: Test | None = None
    hides: tuple[str, ...] = ()
    gradual: tuple[Gradual, ...] = ()
    of_errors: bool = False
    unless_damaged: bool = False
    holds: Callable[[pd.DataFrame], bool] | None = None
    adds: Callable[[pd.DataFrame], str] | None = None
