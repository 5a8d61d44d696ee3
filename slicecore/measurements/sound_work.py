"""The work of measuring sound, clip by clip."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements import speech
from slicecore.measurements.clip_sound import TIMBRE_EDGES, measure_sound
from slicecore.measurements.pieces import join_pieces
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.per_clip.outcome_rows import OutcomeRows, rows_of
from slicecore.storage.array_cache import Arrays
from slicecore.storage.outcome import Outcome

# Raise it whenever a clip is measured otherwise: stored measurements are then not used again.
_VERSION = 9

_UNKNOWN = float(np.finfo(np.float32).min)
"""Stored value of a measurement that is NaN: the store takes finite numbers only."""

_BANDS = len(TIMBRE_EDGES) - 1

_LARGE = 100_000
"""Rows from which on a measurement that is the same of all clips is kept once, and can't be written to."""

TIMBRE = "timbre"
"""Name of the timbre among the arrays of `sound_arrays`; no measurement has it."""


class SoundWork:
    """The work of measuring sound, clip by clip; see `slicecore.per_clip.work.PerClip`."""

    sampling_rate = None
    batch = 64

    def __init__(self) -> None:
        names = [measurement.name for measurement in SOUND]
        self.key = json.dumps(["sound", _VERSION, names, speech.detector()])

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, sound: Recording) -> np.ndarray:
        """Measure a clip, (measurements + bands,) float32."""
        values, timbre = measure_sound(sound)
        return _row(values, timbre)

    def compute(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Return the measurements."""
        return [Outcome(row) for row in prepared]

    def join(self, outcomes: Sequence[Outcome]) -> Outcome:
        """Measurements of a long clip from those of its pieces, which are of one length."""
        columns, timbre = columns_of(rows_of([piece for piece in outcomes if piece.vector is not None]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a band that no piece has
            return Outcome(_row(join_pieces(columns), np.nanmean(timbre, axis=0)))


def columns_of(outcomes: OutcomeRows) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Measurements of clips by the names of `SOUND`, (n,) float64 each, and timbre, (n, 60) float32."""
    vectors, which = outcomes.vectors, outcomes.which
    names = [measurement.name for measurement in SOUND]
    if not outcomes.have_vectors:
        # One number stands for all: there may be millions.
        unknown = np.broadcast_to(np.nan, len(which))
        return dict.fromkeys(names, unknown), np.broadcast_to(np.float32(np.nan), (len(which), _BANDS))
    columns = {
        name: _of_rows(_known(vectors[:, at].astype(np.float64)), outcomes) for at, name in enumerate(names)
    }
    return columns, _of_rows(_known(vectors[:, len(names) :].copy()), outcomes)


def _known(values: np.ndarray) -> np.ndarray:
    """The same array with NaN where a value is not known."""
    values[values == np.float32(_UNKNOWN)] = np.nan
    return values


def _of_rows(values: np.ndarray, outcomes: OutcomeRows) -> np.ndarray:
    """Numbers of all rows from those of the different outcomes; in a large table one stands for all that are alike."""
    clips = len(outcomes.which)
    bits = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1)
    if clips >= _LARGE and (bits == bits[0]).all():
        return np.broadcast_to(values[0], (clips, *values.shape[1:]))
    return outcomes.of_rows(values)


def sound_arrays(outcomes: OutcomeRows) -> Arrays:
    """The same as `columns_of` as arrays by name, timbre as `TIMBRE`."""
    columns, timbre = columns_of(outcomes)
    return {**columns, TIMBRE: timbre}


def _row(values: Mapping[str, float], timbre: np.ndarray) -> np.ndarray:
    row = np.array([*(values[measurement.name] for measurement in SOUND), *timbre], np.float32)
    return np.where(np.isfinite(row), row, np.float32(_UNKNOWN))
