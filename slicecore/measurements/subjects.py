"""Subjects of the measurements: the headings under which people find them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

SUBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Length and speech": (
            *("duration", "speech_seconds", "speech_share", "lead_silence", "trail_silence"),
            *("character_rate", "word_rate"),
        ),
        "Level": (
            *("loudness", "level", "peak", "crest", "dynamics", "level_range", "floor_under_speech"),
            *("start_level", "end_level", "flat_top_share", "full_scale_share", "dc_offset"),
        ),
        "Noise": (
            *("noise_floor", "snr", "floor_tilt", "floor_high", "floor_flatness"),
            *("hum", "hum_level", "hum_frequency", "held_tones", "rumble", "rumble_level", "gusts"),
        ),
        "Band": (
            *(
                "file_rate",
                "bandwidth",
                "top_void",
                "high_band",
                "low_band",
                "centroid",
                "rolloff",
                "flatness",
            ),
        ),
        "Room": ("reverberation", "echo", "echo_delay"),
        "Transmission": (
            *("gap_rate", "repeat_rate", "packet_length", "sample_bits", "held_samples", "click_rate"),
            *("empty_bands", "spectral_holes", "gate_rate"),
            *("channel_imbalance", "channel_cancellation"),
        ),
        "Voice": ("pitch", "pitch_range", "harmonicity", "voiced_share"),
        "Reference": ("words", "number_words", "name_words", "rare_words", "second_language"),
        "Errors": (
            *(
                "wer",
                "cer",
                "substitutions",
                "deletions",
                "insertions",
                "deleted_at_start",
                "deleted_in_middle",
            ),
            *(
                "deleted_at_end",
                "number_errors",
                "name_errors",
                "rare_errors",
                "as_written",
                "normalised_away",
            ),
        ),
        "Prediction": (
            *(
                "length_ratio",
                "predicted_rate",
                "overlap",
                "empty_prediction",
                "repeated_words",
                "compression",
            ),
            *("recurring_words", "missing_beside", "added_beside", "other_script"),
        ),
    }
)
"""Names of measurements by subject, in reading order."""

OTHER = "Other measurements"
"""Subject of those that are in no other."""


def by_subject(names: Iterable[str]) -> dict[str, list[str]]:
    """Measurements under their subjects, both in reading order; subjects without any are left out."""
    given = list(names)
    placed = {name for known in SUBJECTS.values() for name in known}
    subjects = {subject: [name for name in known if name in given] for subject, known in SUBJECTS.items()}
    subjects[OTHER] = [name for name in given if name not in placed]
    return {subject: known for subject, known in subjects.items() if known}
