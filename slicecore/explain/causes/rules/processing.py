"""Rules of causes that processing leaves behind: gain, silence, codecs, noise suppression.

Their bounds were chosen on clean clips of real speech and on faults planted in them, see docs/causes.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicecore.explain.causes.rules.rule import Gradual, Rule

if TYPE_CHECKING:
    import pandas as pd

_LONG_S = 2.0
_QUIET_EDGE_DB = -20.0


def _long_silence(clips: pd.DataFrame) -> pd.Series:
    # Where speech begins late in noise, what comes before is no silence.
    before = (clips["lead_silence"] >= _LONG_S) & (clips["start_level"] <= _QUIET_EDGE_DB)
    after = (clips["trail_silence"] >= _LONG_S) & (clips["end_level"] <= _QUIET_EDGE_DB)
    return before | after


def _suppressed(clips: pd.DataFrame) -> pd.Series:
    # A gate closes in every pause; a single gap is a piece that was cut out.
    gated = (clips["gate_rate"] >= 0.3) & (clips["gate_rate"] * clips["duration"] >= 1.9)
    return (clips["spectral_holes"] >= 0.007) | gated


def _level_changes(clips: pd.DataFrame) -> pd.Series:
    # An automatic gain lifts the noise in the pauses, so that they are not far below the speech.
    pumping = (clips["floor_under_speech"] <= -0.9) & (clips["dynamics"] <= 27)
    # In noise it may be the noise that comes and goes.
    fading = (clips["level_range"] >= 11) & (clips["dynamics"] > 24)
    return fading | pumping


PROCESSING: tuple[Rule, ...] = (
    Rule(
        "compression",
        "Lossy compression",
        ("empty_bands",),
        lambda clips: clips["empty_bands"] >= 0.005,
        hides=("noise_suppression", "background_noise", "voice"),
        gradual=(Gradual("empty_bands", 1, 0.0025, 0.003),),
    ),
    Rule(
        "noise_suppression",
        "Noise suppression",
        ("spectral_holes", "gate_rate"),
        _suppressed,
        # What is left of the noise fills the pauses.
        hides=("background_noise", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("spectral_holes", 1, 0.003, 0.0035),),
    ),
    Rule(
        "long_silence",
        "Long silence",
        ("lead_silence", "trail_silence"),
        _long_silence,
        # In half a minute of silence the louder frames are silent as well.
        hides=("voiceless", "voice"),
        gradual=(Gradual("lead_silence", 1, 1.0, 1.2), Gradual("trail_silence", 1, 1.0, 1.2)),
    ),
    Rule(
        "level_changes",
        "Level goes up and down",
        ("level_range", "floor_under_speech"),
        _level_changes,
        hides=("voice",),
        gradual=(Gradual("level_range", 1, 4, 7.5), Gradual("floor_under_speech", -1, 1.5, -0.5)),
    ),
)
"""Rules of processing, in no order."""
