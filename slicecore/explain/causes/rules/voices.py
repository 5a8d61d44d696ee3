"""Rules of causes that lie in who speaks and how, and in what sounds beside: whispering, tempo, music, wind.

Their bounds were chosen on clean clips of real speech and on changes planted in them, see docs/causes.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicecore.explain.causes.rules.rule import Gradual, Rule
from slicecore.wording import fixed

if TYPE_CHECKING:
    import pandas as pd


def _formants(clips: pd.DataFrame) -> str:
    shift = clips["spectral_shift"].median()
    return "" if np.isnan(shift) else f", formants {fixed(float(np.exp(shift)), 2)} times the usual"


def _music(clips: pd.DataFrame) -> pd.Series:
    # Vowels linger in a room as tones do.
    clear = (clips["held_tones"] >= 0.6) | ~(clips["reverberation"] >= 0.25)
    return (clips["held_tones"] >= 0.4) & clear


def _wind(clips: pd.DataFrame) -> pd.Series:
    # Traffic and fans rumble, but not in gusts. Slow speech and whispers have both, but not in the pauses.
    gusty = (clips["rumble"] >= -9) & (clips["rumble_level"] >= -13) & (clips["gusts"] >= 3.5)
    return gusty & (clips["dynamics"] <= 24)


VOICES: tuple[Rule, ...] = (
    Rule(
        "music",
        "Music or held tones",
        ("held_tones",),
        _music,
        hides=(
            *("echo", "reverberation", "noise_suppression", "level_changes", "background_noise"),
            *("wrong_reference", "truncated", "voice"),
        ),
        gradual=(Gradual("held_tones", 1, 0.25, 0.35),),
    ),
    Rule(
        "wind",
        "Wind or handling noise",
        ("rumble_level",),
        _wind,
        hides=("level_changes", "background_noise", "wrong_reference", "truncated", "voice"),
    ),
    Rule(
        "voiceless",
        "Whispered or voiceless speech",
        ("voiced_share",),
        lambda clips: clips["voiced_share"] <= 0.45,
        hides=("sampling_rate", "tempo", "small_vocal_tract", "voice"),
        gradual=(Gradual("voiced_share", -1, 0.25, 0.66),),
        unless_damaged=True,
    ),
    Rule(
        "small_vocal_tract",
        "Small vocal tract (a child, or pitched up)",
        ("pitch",),
        # Formants of women are 15 % above those of men, a logarithm of .14.
        lambda clips: clips["small_tract"] >= 0.22,
        hides=("voice",),
        gradual=(Gradual("small_tract", 1, 0.15, 0.17, "pitch"),),
        unless_damaged=True,
        adds=_formants,
    ),
    Rule(
        "tempo",
        "Fast or slow speech",
        ("character_rate",),
        lambda clips: clips["tempo"] >= 0.3,
        hides=("voice",),
        gradual=(Gradual("tempo", 1, 0.12, 0.15, "character_rate"),),
        unless_damaged=True,
    ),
)
"""Rules of voices, in no order."""
