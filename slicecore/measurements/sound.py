"""Catalogue of the measurements of sound, and the work that makes them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements import speech
from slicecore.measurements.clip_sound import TIMBRE_EDGES, measure_sound
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.pieces import join_pieces
from slicecore.storage.outcome import Outcome

# Raise it whenever a clip is measured otherwise: stored measurements are then not used again.
_VERSION = 2

_M = Measurement

SOUND: tuple[Measurement, ...] = (
    _M("duration", "Length", "s", "Length of the recording", 1),
    _M(
        "file_rate",
        "Sampling rate",
        "Hz",
        "Sampling rate of the file",
        0,
    ),
    _M("peak", "Peak", "dBFS", "Largest sample of any channel", 1),
    _M(
        "level",
        "Level",
        "dBFS",
        "RMS over the whole clip and all channels, without their constant part",
        1,
    ),
    _M("crest", "Crest factor", "dB", "Peak above level", 1),
    _M("loudness", "Loudness", "LUFS", "Gated loudness, ITU-R BS.1770-4 (pyloudnorm)", 1),
    _M(
        "flat_top_share",
        "Clipped",
        "%",
        "Samples above 90 % of the clip's own peak that do not move from one to the next",
        2,
    ),
    _M(
        "dc_offset",
        "DC offset",
        "%",
        "Mean of the samples as a share of full scale",
        2,
    ),
    _M(
        "channel_imbalance",
        "Channel imbalance",
        "dB",
        "Level of the louder channel above that of the quieter",
        1,
    ),
    _M(
        "noise_floor",
        "Noise floor",
        "dBFS",
        "Level that the quietest tenth of the frames stays below",
        1,
    ),
    _M(
        "dynamics",
        "Dynamics",
        "dB",
        "Loud frames (95th percentile) above quiet ones (10th)",
        1,
    ),
    _M(
        "snr",
        "Speech to noise",
        "dB",
        "10 log10 (mean energy of speech / median energy of the pauses − 1); dynamics where there are no pauses",
        1,
    ),
    _M(
        "speech_seconds",
        "Speech",
        "s",
        "Length of speech: silero-vad or frames within 25 dB of the loud ones, whichever is longer",
        1,
    ),
    _M(
        "speech_share",
        "Share of speech",
        "%",
        "Length of speech over that of the clip",
        0,
    ),
    _M(
        "lead_silence",
        "Silence before",
        "s",
        "Time before the first speech",
        2,
    ),
    _M(
        "trail_silence",
        "Silence after",
        "s",
        "Time after the last speech",
        2,
    ),
    _M(
        "start_level",
        "Level at the start",
        "dB",
        "First 30 ms against the loud frames: high when cut in mid-word",
        1,
    ),
    _M(
        "end_level",
        "Level at the end",
        "dB",
        "Last 30 ms against the loud frames: high when cut in mid-word",
        1,
    ),
    _M(
        "centroid",
        "Spectral centroid",
        "Hz",
        "Centre of the mean spectrum: sum of f P(f) / sum of P(f)",
        0,
    ),
    _M(
        "rolloff",
        "Roll-off",
        "Hz",
        "95 % of the energy lies below it",
        0,
    ),
    _M(
        "bandwidth",
        "Bandwidth",
        "Hz",
        "Highest frequency within 45 dB of the strongest, 97th percentile per bin",
        0,
    ),
    _M(
        "top_void",
        "Void at the top",
        "dB",
        "How far the uppermost tenth of the file's band lies below the strongest",
        1,
    ),
    _M(
        "flatness",
        "Flatness",
        "dB",
        "Geometric over arithmetic mean of the mean spectrum; 0 is white noise",
        1,
    ),
    _M(
        "floor_flatness",
        "Flatness of the floor",
        "dB",
        "Flatness of the quietest frames between 150 Hz and 3.8 kHz; low where tones go on in the pauses",
        1,
    ),
    _M(
        "high_band",
        "Treble",
        "dB",
        "Energy above 4 kHz against below",
        1,
    ),
    _M(
        "low_band",
        "Bass",
        "dB",
        "Energy below 280 Hz against 280 Hz to 4 kHz",
        1,
    ),
    _M(
        "floor_tilt",
        "Hiss",
        "dB",
        "Quietest frames: density above 3 kHz against below 2 kHz",
        1,
    ),
    _M(
        "floor_high",
        "Level of the hiss",
        "dB",
        "Quietest frames above 3 kHz against the whole clip",
        1,
    ),
    _M(
        "hum",
        "Hum",
        "dB",
        "Three clearest of the first six lines of 50 or 60 Hz above what lies between, quietest fifth of the frames",
        1,
    ),
    _M(
        "hum_level",
        "Level of the hum",
        "dB",
        "Energy of the first eight lines against the whole clip",
        1,
    ),
    _M(
        "hum_frequency",
        "Mains frequency",
        "Hz",
        "50 or 60, whichever comb stands out more",
        0,
    ),
    _M(
        "pitch",
        "Pitch",
        "Hz",
        "Median of the loud voiced frames, by autocorrelation between 50 and 500 Hz (Boersma 1993)",
        0,
    ),
    _M(
        "pitch_range",
        "Pitch range",
        "semitones",
        "10th to 90th percentile of the pitch",
        1,
    ),
    _M(
        "harmonicity",
        "Periodicity",
        "",
        "How periodic the loud frames are, 0 to 1",
        2,
    ),
)


_UNKNOWN = float(np.finfo(np.float32).min)
"""Stored value of a measurement that is NaN: the store takes finite numbers only."""

_BANDS = len(TIMBRE_EDGES) - 1


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
        columns, timbre = columns_of([piece for piece in outcomes if piece.vector is not None])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a band that no piece has
            return Outcome(_row(join_pieces(columns), np.nanmean(timbre, axis=0)))


def columns_of(outcomes: Sequence[Outcome]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Measurements of clips by the names of `SOUND`, (n,) float64 each, and timbre, (n, 60) float32."""
    rows = np.full((len(outcomes), len(SOUND) + _BANDS), np.nan, np.float32)
    for row, outcome in enumerate(outcomes):
        if outcome.vector is not None:
            rows[row] = outcome.vector
    rows[rows == np.float32(_UNKNOWN)] = np.nan
    columns = {measurement.name: rows[:, at].astype(np.float64) for at, measurement in enumerate(SOUND)}
    return columns, rows[:, len(SOUND) :]


def _row(values: Mapping[str, float], timbre: np.ndarray) -> np.ndarray:
    row = np.array([*(values[measurement.name] for measurement in SOUND), *timbre], np.float32)
    return np.where(np.isfinite(row), row, np.float32(_UNKNOWN))
