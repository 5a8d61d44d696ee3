"""Invented measurements of clean clips, to be changed: what causes are found by."""

import numpy as np
import pandas as pd

from slicecore.explain.causes import build_context, find_causes
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.clip_sound import TIMBRE_EDGES

# Mean and deviation of each measurement of a clean clip.
USUAL = {
    "duration": (4, 0.5), "file_rate": (16000, 0), "peak": (-6, 2), "level": (-22, 3), "crest": (14, 1),
    "loudness": (-22, 3), "flat_top_share": (0, 0), "noise_floor": (-52, 4), "dynamics": (30, 3), "snr": (28, 3),
    "speech_seconds": (3.5, 0.8), "start_level": (-35, 3), "end_level": (-35, 3), "bandwidth": (7500, 200),
    "top_void": (40, 5), "floor_tilt": (-6, 3), "floor_high": (-34, 3), "hum": (5, 1.5), "hum_level": (-28, 4),
    "pitch": (165, 25), "words": (9, 0), "wer": (0.05, 0), "cer": (0.02, 0), "length_ratio": (1, 0),
    "deleted_at_start": (0, 0), "deleted_at_end": (0, 0), "repeated_words": (0, 0), "compression": (0, 0),
    "reverberation": (0.04, 0.02), "gap_rate": (0, 0), "repeat_rate": (0, 0), "echo": (-32, 2),
    "click_rate": (0, 0), "dc_offset": (0.001, 0.0002), "full_scale_share": (0.1, 0.03),
    "sample_bits": (13.7, 0.4), "held_samples": (0, 0), "channel_imbalance": (0.5, 0.3),
    "channel_cancellation": (0.2, 0.1),
    "insertions": (0.01, 0), "deletions": (0.02, 0), "substitutions": (0.02, 0), "deleted_in_middle": (0, 0),
    "number_errors": (0, 0), "number_words": (0.05, 0), "recurring_words": (0, 0), "missing_beside": (0, 0),
    "added_beside": (0, 0), "second_language": (0, 0),
    "overlap": (0.9, 0.05), "normalised_away": (0, 0), "character_rate": (13.5, 1.5), "predicted_rate": (13.5, 1.5),
}  # fmt: skip

SAID = "the train to the coast leaves at half past nine"
BANDS = len(TIMBRE_EDGES) - 1
GROUP = np.arange(20, 45)


def formants(shift=0.0):
    """A spectrum with three formants, moved up by so many bands."""
    bands = np.arange(BANDS) - shift
    return sum(18 * np.exp(-(((bands - centre) / 3) ** 2)) for centre in (22, 35, 45)) - 0.4 * np.arange(
        BANDS
    )


class Clips:
    """Invented measurements of clean clips, to be changed."""

    def __init__(self, n=200, seed=0):
        self.random = np.random.default_rng(seed)
        self.table = pd.DataFrame({name: self.random.normal(*usual, n) for name, usual in USUAL.items()})
        self.table = self.table.reindex(columns=list(CATALOGUE))
        self.timbre = formants() + self.random.normal(0, 2, (n, BANDS))
        self.reference = np.array([SAID] * n, dtype=object)
        self.prediction = self.reference.copy()
        self.vectors = self.random.normal(size=(n, 12))

    def change(self, rows, **values):
        for name, value in values.items():
            self.table.loc[rows, name] = value
        return self

    def context(self):
        measured = Measurements(
            self.table, self.timbre.astype(np.float32), np.full(len(self.table), "", object)
        )
        return build_context(measured, list(self.reference), list(self.prediction), self.vectors)

    def names(self, rows):
        return [cause.name for cause in find_causes(self.context(), rows)]
