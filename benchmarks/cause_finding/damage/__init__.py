"""Damage that the rules were not made on: 34 kinds, most of them weak and strong, and what is harmless.

A kind has the cause that a good listener would name, others that are as true, and those that fit: that state nothing
false. Everything else is wrong. What is arguable counts against the rules: "background noise" is wrong for
reverberation, echo and clicks, where nothing sounds beside the speech, and fits the leftovers of spectral subtraction;
"voice" is wrong on a damaged recording. Predictions have words exchanged, left out or, beyond a WER of 1, added at the
rate at which Whisper tiny.en errs on the kind (8 to 27 real predictions each, so ±.1). Codecs and changes of pitch and
tempo need ffmpeg or sox; without them these kinds are left out.
"""

from collections.abc import Mapping

from cause_finding.damage.kinds import HARMLESS, PLANTED, STRONG, UNHARMED, WEAK
from cause_finding.damage.processing import missing
from cause_finding.damage.truth import TRUTH
from cause_finding.plants import Kind

__all__ = ["DAMAGE", "HARMLESS", "LEFT_OUT", "STRONG", "WEAK"]

DAMAGE: Mapping[tuple[str, str], Kind] = {
    (name, level): Kind(
        TRUTH[name].cause, plant, TRUTH[name].also, planted.least_rate, TRUTH[name].fits, planted.needs
    )
    for name, planted in PLANTED.items()
    if not missing(planted.needs)
    for level, plant in planted.plants.items()
} | {(name, HARMLESS): Kind("", plant) for name, plant in UNHARMED.items()}
"""Kinds by name and level."""

LEFT_OUT = tuple(name for name, planted in PLANTED.items() if missing(planted.needs))
"""Kinds whose program is not there."""
