"""Rules of the causes: one entry of `CAUSES` per cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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
    """

    measurement: str
    sign: int
    gap: float
    bound: float


@dataclass(frozen=True)
class Rule:
    """Rule of one cause.

    Attributes
    ----------
    name, label
        In exports, and for people.
    evidence
        Measurements whose medians are given as evidence: of several, of one unit, the one that differs most.
    shows
        (table of `Context.clips`) -> which clips show it by themselves; None where only comparison tells.
    hides
        Causes that this one brings about by itself: they do not count on clips that show it.
    gradual
        Rules by comparison.
    of_errors
        Whether it is read off the errors themselves, so that clips that show it are bad by definition.
    """

    name: str
    label: str
    evidence: tuple[str, ...] = ()
    shows: Test | None = None
    hides: tuple[str, ...] = ()
    gradual: tuple[Gradual, ...] = ()
    of_errors: bool = False


def _hum(clips: pd.DataFrame) -> pd.Series:
    # In a short clip the quietest fifth is a few frames, whose lines say less.
    least = np.where(clips["duration"] < 1.5, 20, 16)
    return (clips["hum"] >= least) & (clips["hum_level"] >= -15)


def _quiet(clips: pd.DataFrame) -> pd.Series:
    return (clips["peak"] <= -35) | (clips["loudness"] <= -45)


def _loud(clips: pd.DataFrame) -> pd.Series:
    # Without any dynamics it is noise that is loud.
    return (clips["loudness"] >= -11) & (clips["dynamics"] > 9)


def _hiss(clips: pd.DataFrame) -> pd.Series:
    tilt, level = clips["floor_tilt"], clips["floor_high"]
    return ((tilt >= 6) & (level >= -10)) | ((tilt >= 10) & (level >= -16))


def _wrong_speed(clips: pd.DataFrame) -> pd.Series:
    slow = (clips["character_rate"] <= 10.5) & (clips["pitch"] <= 150) & (clips["bandwidth"] <= 6400)
    fast = (clips["character_rate"] >= 20) & (clips["pitch"] >= 280)
    # Against the rest of the set: rate of speech and formants moved by about the same factor.
    moved, rate = clips["spectral_shift"], clips["relative_rate"]
    together = (moved * rate > 0) & ((moved - rate).abs() <= 0.25)
    together &= np.minimum(moved.abs(), rate.abs()) >= 0.3
    return (slow & (clips["top_void"] >= 50)) | fast | together


def _narrow(clips: pd.DataFrame) -> pd.Series:
    # Against half the rate of the file, which has nothing above; 8 kHz at most, where the recogniser's hearing ends.
    limit = np.minimum(clips["file_rate"], 16000) / 2
    narrow = (clips["bandwidth"] <= 0.68 * limit) & (clips["top_void"] >= 50)
    return narrow | (clips["file_rate"] < 0.6 * clips["usual_rate"])


def _hallucinated(clips: pd.DataFrame) -> pd.Series:
    dense = (clips["predicted_rate"] >= 22) & (clips["length_ratio"] >= 1.4)
    return (clips["wer"] >= 0.3) & ((clips["repeated_words"] >= 6) | (clips["compression"] >= 0.5) | dense)


def _wrong_reference(clips: pd.DataFrame) -> pd.Series:
    fluent = clips["predicted_rate"].between(7, 20)
    return (clips["overlap"] <= 0.25) & (clips["cer"] >= 0.5) & (clips["wer"] >= 0.7) & fluent


def _cut(clips: pd.DataFrame) -> pd.Series:
    start, end = clips["deleted_at_start"], clips["deleted_at_end"]
    return (
        ((end >= 0.1) & _abrupt(clips, "end_level"))
        | ((start >= 0.1) & _abrupt(clips, "start_level"))
        # Words are missing and the reference is too long for the speech that is there.
        | ((start + end >= 0.2) & (clips["relative_rate"] >= 0.25))
    )


def _abrupt(clips: pd.DataFrame, edge: str) -> pd.Series:
    """Begins or ends in the middle of a sound, which stands out of the noise."""
    return (clips[edge] >= -20) & (clips[edge] + clips["dynamics"] >= 8)


_RULES = (
    Rule(
        "hum",
        "Mains hum",
        ("hum",),
        _hum,
        hides=(
            *(
                "overdriven",
                "loud",
                "background_noise",
                "high_frequency_noise",
                "narrow_band",
                "sampling_rate",
            ),
            *("truncated", "wrong_reference", "voice"),
        ),
        gradual=(Gradual("hum", 1, 8, 11),),
    ),
    Rule(
        "quiet",
        "Very quiet",
        ("peak",),
        _quiet,
        hides=(
            "background_noise",
            "high_frequency_noise",
            "narrow_band",
            "wrong_reference",
            "truncated",
            "voice",
        ),
        gradual=(Gradual("loudness", -1, 12, -34),),
    ),
    Rule(
        "overdriven",
        "Overdriven",
        ("flat_top_share",),
        lambda clips: clips["flat_top_share"] >= 0.02,
        hides=("loud", "background_noise", "high_frequency_noise", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("flat_top_share", 1, 0.01, 0.01),),
    ),
    Rule(
        "high_frequency_noise",
        "High-frequency noise",
        ("floor_tilt",),
        _hiss,
        hides=("loud", "background_noise", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("floor_tilt", 1, 8, 3),),
    ),
    Rule(
        "sampling_rate",
        "Wrong speed",
        ("character_rate",),
        _wrong_speed,
        hides=("narrow_band", "voice", "wrong_reference", "truncated"),
    ),
    Rule(
        "foreign_language",
        "Different language",
        (),
        lambda clips: clips["foreign"],
        hides=("wrong_reference", "hallucination", "voice", "normalisation", "truncated"),
    ),
    Rule(
        "background_noise",
        "Background noise or voices",
        ("dynamics",),
        lambda clips: clips["dynamics"] <= 17,
        hides=("voice", "wrong_reference", "truncated"),
        gradual=(Gradual("dynamics", -1, 8, 22),),
    ),
    Rule(
        "loud",
        "Very loud",
        ("loudness",),
        _loud,
        # A compressor lifts the pauses as well.
        hides=("background_noise", "voice"),
        gradual=(Gradual("loudness", 1, 6, -14),),
    ),
    Rule(
        "hallucination",
        "Hallucinated or runaway output",
        ("length_ratio",),
        _hallucinated,
        hides=("wrong_reference",),
        of_errors=True,
    ),
    Rule(
        "wrong_reference",
        "Wrong reference",
        ("overlap",),
        _wrong_reference,
        hides=("voice", "truncated"),
        of_errors=True,
    ),
    Rule(
        "truncated",
        "Cut off",
        ("deleted_at_end", "deleted_at_start"),
        _cut,
        hides=("voice",),
        of_errors=True,
    ),
    Rule(
        "narrow_band",
        "Narrow band",
        ("bandwidth",),
        _narrow,
        hides=("voice",),
    ),
    Rule(
        "normalisation",
        "Text form only",
        ("normalised_away",),
        lambda clips: (clips["wer"] >= 0.1) & (clips["normalised_away"] >= 0.6),
        of_errors=True,
    ),
    Rule("voice", "A voice or an accent"),
)

CAUSES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Every cause by its short name, in the order in which one hides another."""


def shown_by(clips: pd.DataFrame) -> NDArray[np.bool_]:
    """Causes that clips show by themselves, (n, causes).

    A clip that shows a cause does not count for those which that cause brings about.
    """
    alone = {name: _tested(rule, clips) for name, rule in CAUSES.items()}
    counted = {name: shows.copy() for name, shows in alone.items()}
    for name, rule in CAUSES.items():
        for hidden in rule.hides:
            counted[hidden] &= ~counted[name]
    return np.stack(list(counted.values()), axis=1)


def _tested(rule: Rule, clips: pd.DataFrame) -> NDArray[np.bool_]:
    if rule.shows is None:
        return np.zeros(len(clips), bool)
    return np.asarray(rule.shows(clips).fillna(False), dtype=bool)
