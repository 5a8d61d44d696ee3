"""Rules of recordings that are damaged: room, transmission, channels, digitisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicecore.explain.causes.rules.rule import Gradual, Rule

if TYPE_CHECKING:
    import pandas as pd


def _lost(clips: pd.DataFrame) -> pd.Series:
    return clips[["gap_rate", "repeat_rate"]].max(axis=1) >= 0.1


def _coarse(clips: pd.DataFrame) -> pd.Series:
    # G.711 has 7.7 bits in use, and a wave that is cut off is not held.
    return (clips["sample_bits"] <= 6.8) | (clips["held_samples"] >= 0.5)


def _packets(clips: pd.DataFrame) -> str:
    lengths = clips["packet_length"].dropna()
    usual = lengths.mode()
    # One length for a third of the clips at least: most have too few gaps to tell.
    if not len(usual) or (lengths == usual.iloc[0]).sum() < max(2, len(clips) / 3, 0.7 * len(lengths)):
        return ""
    return f", in packets of {usual.iloc[0]:.0f} ms"


def _delay(clips: pd.DataFrame) -> str:
    delays = clips["echo_delay"].dropna()
    low, middle, high = delays.quantile([0.25, 0.5, 0.75])
    return f", {middle:.0f} ms later" if high - low <= 0.1 * middle else ""


_OF_THE_MIX = (
    *("quiet", "hum", "high_frequency_noise", "background_noise", "narrow_band", "echo", "reverberation"),
    *("coarse_digitisation", "level_changes", "hallucination", "wrong_reference", "truncated", "voice"),
)
"""What is measured of the mean of the channels, and of what the model makes of it."""


def _reverberant(clips: pd.DataFrame) -> pd.Series:
    # The notes of music ring on as well, and leave less dynamics than a room does.
    lingers, pauses = clips["reverberation"], clips["dynamics"]
    return ((lingers >= 0.25) & (pauses >= 18)) | ((lingers >= 0.5) & (pauses >= 12))


DAMAGE: tuple[Rule, ...] = (
    Rule(
        "channel_cancelled",
        "Channels cancel each other",
        ("channel_cancellation",),
        lambda clips: clips["channel_cancellation"] >= 8,
        hides=_OF_THE_MIX,
        gradual=(Gradual("channel_cancellation", 1, 5, 7),),
    ),
    Rule(
        "channel_lost",
        "One channel is silent",
        ("channel_imbalance",),
        lambda clips: clips["channel_imbalance"] >= 40,
        hides=("voice",),
    ),
    Rule(
        "coarse_digitisation",
        "Coarse digitisation",
        ("sample_bits", "held_samples"),
        _coarse,
        hides=(
            *(
                "overdriven",
                "dropouts",
                "clicks",
                "high_frequency_noise",
                "echo",
                "reverberation",
                "background_noise",
            ),
            *("noise_suppression", "long_silence"),
            *("hallucination", "wrong_reference", "truncated", "voice"),
        ),
        gradual=(Gradual("sample_bits", -1, 3, 7), Gradual("held_samples", 1, 0.3, 0.4)),
    ),
    Rule(
        "dropouts",
        "Dropouts",
        ("gap_rate", "repeat_rate"),
        _lost,
        hides=("noise_suppression", "clicks", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("gap_rate", 1, 0.05, 0.05), Gradual("repeat_rate", 1, 0.05, 0.05)),
        adds=_packets,
    ),
    Rule(
        "echo",
        "Echo",
        ("echo",),
        lambda clips: clips["echo"] >= -17,
        # It sounds into the pauses, and the model writes what it hears twice.
        hides=("reverberation", "background_noise", "hallucination", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("echo", 1, 6, -20),),
        adds=_delay,
    ),
    Rule(
        "reverberation",
        "Reverberation",
        ("reverberation",),
        _reverberant,
        # What lingers fills the pauses.
        hides=("background_noise", "wrong_reference", "truncated", "voice"),
        gradual=(Gradual("reverberation", 1, 0.12, 0.19),),
    ),
    Rule(
        "limited",
        "Limited to full scale",
        ("full_scale_share",),
        lambda clips: (clips["full_scale_share"] >= 0.7) & (clips["dynamics"] > 9),
        # What makes speech louder lifts the pauses as well.
        hides=("dc_offset", "loud", "level_changes", "background_noise", "voice"),
        gradual=(Gradual("full_scale_share", 1, 0.3, 0.5),),
    ),
    Rule(
        "dc_offset",
        "DC offset",
        ("dc_offset",),
        lambda clips: clips["dc_offset"] >= 0.025,
        hides=("truncated", "voice"),
        gradual=(Gradual("dc_offset", 1, 0.015, 0.02),),
    ),
    Rule(
        "clicks",
        "Clicks",
        ("click_rate",),
        lambda clips: clips["click_rate"] >= 1,
        hides=("background_noise", "voice"),
        gradual=(Gradual("click_rate", 1, 0.4, 0.5),),
    ),
)
"""Rules of damaged recordings, in no order."""
