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


PROCESSING: tuple[Rule, ...] = (
    Rule(
        "long_silence",
        "Long silence",
        ("lead_silence", "trail_silence"),
        _long_silence,
        hides=("voice",),
        gradual=(Gradual("lead_silence", 1, 1.0, 1.2), Gradual("trail_silence", 1, 1.0, 1.2)),
    ),
    Rule(
        "level_changes",
        "Level goes up and down",
        ("level_range",),
        lambda clips: clips["level_range"] >= 11,
        hides=("voice",),
        gradual=(Gradual("level_range", 1, 4, 7.5),),
    ),
)
"""Rules of processing, in no order."""
