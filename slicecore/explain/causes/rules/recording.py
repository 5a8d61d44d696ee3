"""Rules of causes that are heard in the recording: level, noise, band, speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicecore.explain.causes.rules.rule import Gradual, Rule

if TYPE_CHECKING:
    import pandas as pd


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
    slow = (
        clips["character_rate"].between(0, 10.5, inclusive="right")
        & (clips["pitch"] <= 150)
        & (clips["bandwidth"] <= 6400)
    )
    fast = (clips["character_rate"] >= 20) & (clips["pitch"] >= 280)
    # Against the rest of the set: rate of speech and formants moved by about the same factor.
    moved, rate = clips["spectral_shift"], clips["relative_rate"]
    together = (moved * rate > 0) & ((moved - rate).abs() <= 0.25)
    together &= np.minimum(moved.abs(), rate.abs()) >= 0.3
    return (slow & (clips["top_void"] >= 50)) | fast | together


def _narrow(clips: pd.DataFrame) -> pd.Series:
    # Against half the rate of the file, which has nothing above, or of most files; 8 kHz at most, where a recogniser's
    # hearing ends.
    limit = np.minimum(np.minimum(clips["file_rate"], clips["usual_rate"]), 16000) / 2
    narrow = (clips["bandwidth"] <= 0.68 * limit) & (clips["top_void"] >= 50)
    return narrow | (clips["file_rate"] < 0.6 * np.minimum(clips["usual_rate"], 16000))


RECORDING: tuple[Rule, ...] = (
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
                "music",
                "echo",
                "reverberation",
                "limited",
                "dc_offset",
                "clicks",
            ),
            *("truncated", "wrong_reference", "voice"),
        ),
        gradual=(Gradual("hum", 1, 8, 11),),
    ),
    Rule(
        "quiet",
        "Very quiet",
        ("peak", "loudness"),
        _quiet,
        hides=(
            "coarse_digitisation",
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
        hides=(
            *("loud", "background_noise", "high_frequency_noise", "echo", "reverberation"),
            *("limited", "dc_offset", "clicks"),
            *("wrong_reference", "truncated", "voice"),
        ),
        gradual=(Gradual("flat_top_share", 1, 0.01, 0.01),),
    ),
    Rule(
        "high_frequency_noise",
        "High-frequency noise",
        ("floor_tilt",),
        _hiss,
        hides=("limited", "loud", "background_noise", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("floor_tilt", 1, 8, 3),),
    ),
    Rule(
        "sampling_rate",
        "Wrong speed",
        ("character_rate",),
        _wrong_speed,
        hides=(
            *("narrow_band", "reverberation", "wind", "long_silence", "level_changes"),
            *("voice", "wrong_reference", "truncated"),
        ),
    ),
    Rule(
        "background_noise",
        "Background noise or voices",
        ("dynamics",),
        lambda clips: clips["dynamics"] <= 17,
        hides=("level_changes", "voice", "wrong_reference", "truncated"),
        # One other voice leaves pauses: in an otherwise clean set less of it tells, as does noise 25 dB below speech.
        gradual=(Gradual("dynamics", -1, 8, 22), Gradual("dynamics", -1, 12, 28)),
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
        "narrow_band",
        "Narrow band",
        ("bandwidth",),
        _narrow,
        hides=("voice",),
    ),
)
"""Rules of the recording, in no order."""
