"""The causes and how each shows: one entry per cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Rule:
    """How one cause shows."""

    name: str
    label: str
    meaning: str


_RULES = (
    Rule("hallucination", "Invented or unstopped output", "The model writes on where nothing is said"),
    Rule("hum", "Mains hum", "50 or 60 Hz and harmonics over the speech"),
    Rule("quiet", "Very quiet", "The recording is far below the usual level"),
    Rule("overdriven", "Overdriven", "The input was too strong: the wave is cut off flat"),
    Rule("high_frequency_noise", "High-frequency noise", "Steady hiss over the speech"),
    Rule("sampling_rate", "Wrong speed", "Played too fast or too slow: a wrong sampling rate"),
    Rule("foreign_language", "Another language", "What is said is not in the language of the others"),
    Rule("background_noise", "Background noise or voices", "Something sounds all the time beside the speech"),
    Rule("narrow_band", "Narrow band", "High frequencies are missing"),
    Rule("loud", "Very loud", "The recording is far above the usual level"),
    Rule("wrong_reference", "Wrong reference", "The reference does not say what is said"),
    Rule("truncated", "Cut off", "The recording begins or ends in the middle of the speech"),
    Rule("normalisation", "Text form only", "Most errors vanish when spellings and numbers are unified"),
    Rule("voice", "A voice or an accent", "No recording fault: these clips share a voice"),
)

CAUSES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Every cause by its short name."""
