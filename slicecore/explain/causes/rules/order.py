"""Order of the causes: those that bring others about come before them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.causes.rules.damage import DAMAGE
from slicecore.explain.causes.rules.processing import PROCESSING
from slicecore.explain.causes.rules.recording import RECORDING
from slicecore.explain.causes.rules.rule import Rule
from slicecore.explain.causes.rules.texts import TEXTS
from slicecore.explain.causes.rules.voices import VOICES

if TYPE_CHECKING:
    import pandas as pd

_VOICE = Rule("voice", "Voice, accent or set-up")

_ORDER = (
    "invented_in_silence",
    "channel_cancelled",
    "channel_lost",
    "hum",
    "quiet",
    "coarse_digitisation",
    "overdriven",
    "dropouts",
    "high_frequency_noise",
    "limited",
    "dc_offset",
    "clicks",
    "sampling_rate",
    "code_switching",
    "foreign_language",
    "music",
    "wind",
    "echo",
    "reverberation",
    "compression",
    "noise_suppression",
    "long_silence",
    "level_changes",
    "background_noise",
    "loud",
    "recurring_phrase",
    "shifted_segment",
    "more_said",
    "hallucination",
    "wrong_reference",
    "truncated",
    "omitted_speech",
    "voiceless",
    "narrow_band",
    "small_vocal_tract",
    "tempo",
    "normalisation",
    "word_class",
    "length_limit",
    "voice",
)
"""Names of the causes, one that hides another before it."""

_RULES = {rule.name: rule for rule in (*RECORDING, *DAMAGE, *PROCESSING, *TEXTS, *VOICES, _VOICE)}

CAUSES: Mapping[str, Rule] = MappingProxyType({name: _RULES[name] for name in _ORDER})
"""Every cause by its short name, in the order in which one hides another."""


_HARMLESS = (
    *("narrow_band", "loud", "long_silence", "channel_lost", "dc_offset", "clicks"),
    *("tempo", "small_vocal_tract", "voiceless", "voice"),
)
"""Causes with which recognisers hear well enough to be trusted about a reference."""

_DAMAGES = tuple(
    name for name in _ORDER if name not in _HARMLESS and all(rule.name != name for rule in TEXTS)
)


def shown_by(clips: pd.DataFrame) -> NDArray[np.bool_]:
    """Causes that clips show by themselves, (n, causes).

    A clip that shows a cause does not count for those which that cause brings about; nor, where it is damaged, for what
    any damage may bring about.
    """
    alone = {name: _tested(rule, clips) for name, rule in CAUSES.items()}
    counted = {name: shows.copy() for name, shows in alone.items()}
    for name, rule in CAUSES.items():
        for hidden in rule.hides:
            counted[hidden] &= ~counted[name]
    damaged = np.any([alone[name] for name in _DAMAGES], axis=0)
    for name, rule in CAUSES.items():
        if rule.unless_damaged:
            counted[name] &= ~damaged
    return np.stack(list(counted.values()), axis=1)


def _tested(rule: Rule, clips: pd.DataFrame) -> NDArray[np.bool_]:
    if rule.shows is None:
        return np.zeros(len(clips), bool)
    return np.asarray(rule.shows(clips).fillna(False), dtype=bool)
