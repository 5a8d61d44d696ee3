"""Dropouts: pieces of the recording that are lost, and silent or filled with a copy of what was before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import LOUD_SHARE, Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "gap_rate",
        "Gaps",
        "per second",
        "Digital silence of 4 ms to 1 s in the middle of a sound that breaks off and begins again within 5 ms",
        1,
    ),
    Measurement(
        "repeat_rate",
        "Repeated pieces",
        "per second",
        "Pieces that are, sample by sample, the same as 20, 30, 40 or 60 ms or a buffer of 512, 1024 or 2048 samples "
        "before; 10 ms before where they lie on a grid",
        1,
    ),
    Measurement(
        "packet_length",
        "Packet length",
        "ms",
        "Largest of 5, 10, 20, 30, 40 and 60 ms of which the times between gaps or repeated pieces are multiples; "
        "unknown with fewer than four",
        0,
    ),
)


@dataclass(frozen=True)
class _Bounds:
    """What counts as a gap and as a repeat; chosen on clean clips of real_speech, where there are none."""

    shortest_gap_s: float = 0.004
    longest_gap_s: float = 1.0
    nothing: float = 1e-4  # of the peak: ringing of a resampled file
    at_once_s: float = 0.0005
    break_off_s: float = 0.005
    beside_s: float = 0.02
    range_at_once_db: float = 18.0
    range_faded_db: float = 12.0  # what a gate closes on is further below the loud frames
    abrupt: float = 0.2
    steps: int = 4  # of the smallest value: with few bits zeros are no gap
    buffers: tuple[int, ...] = (512, 1024, 2048)  # samples
    shortest_lag_ms: float = 10.0
    of_a_lag: float = 0.9
    surely_repeat_s: float = 0.017  # diphone synthesis has single periods of the voice twice
    audible: float = 0.02  # of the peak
    most_laps: int = 4  # lags: what goes on repeating is a tone
    packets_ms: tuple[int, ...] = (60, 40, 30, 20, 10, 5)
    fewest_packets: int = 4
    grid_ms: float = 0.6
    on_grid: float = 0.85


_B = _Bounds()
_LSB = 1 / 32768
_STRIDE = 8  # samples: a run of copies is looked for in every eighth first


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Number of lost pieces and their length, of the channel that has most.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Not used.
    """
    seconds, rate = len(recording.samples) / recording.rate, recording.rate
    gaps, repeats = find_gaps(recording.samples, rate), find_repeats(recording.samples, rate)
    starts = np.concatenate([gaps[:, 0], repeats[:, 0]])
    return {
        "gap_rate": len(gaps) / seconds,
        "repeat_rate": len(repeats) / seconds,
        "packet_length": packet_length(starts),
    }


def find_gaps(samples: np.ndarray, rate: int) -> np.ndarray:
    """Places where the sound is lost and digital silence stands.

    A pause is no gap: a voice and a noise gate take longer to fade than 5 ms.

    Parameters
    ----------
    samples
        (samples, channels) at the file's own rate, full scale ±1.
    rate
        Sampling rate in Hz.

    Returns
    -------
    (gaps, 2) float64
        Start and end in seconds, in the order of time, of the channel that has most.
    """
    return _most([_gaps_of(channel, rate) for channel in samples.T], rate)


def find_repeats(samples: np.ndarray, rate: int) -> np.ndarray:
    """Places where the piece before stands once more, sample by sample.

    Parameters
    ----------
    samples
        (samples, channels) at the file's own rate, full scale ±1.
    rate
        Sampling rate in Hz.

    Returns
    -------
    (repeats, 2) float64
        Start and end in seconds of the copies, in the order of time, of the channel that has most.
    """
    return _most([_repeats_of(channel, rate) for channel in samples.T], rate)


def packet_length(starts: np.ndarray) -> float:
    """Length in ms of the packets that were lost; NaN where the losses are too few or on no grid.

    Parameters
    ----------
    starts
        (losses,) in seconds.
    """
    if len(starts) < _B.fewest_packets:
        return np.nan
    steps = 1000 * np.diff(np.sort(starts))
    for length in _B.packets_ms:
        off = np.abs(steps - length * np.round(steps / length))
        if (off <= _B.grid_ms).mean() >= _B.on_grid:
            return float(length)
    return np.nan


def _most(of_channels: list[np.ndarray], rate: int) -> np.ndarray:
    return max(of_channels, key=len) / rate


def _gaps_of(channel: np.ndarray, rate: int) -> np.ndarray:
    size = np.abs(channel)
    peak = float(size.max(initial=0))
    if peak < 100 * _LSB:
        return np.zeros((0, 2))
    runs = _runs(size <= max(1.01 * _LSB, _B.nothing * peak), _B.shortest_gap_s * rate)
    beside, broken = round(_B.beside_s * rate), round(_B.break_off_s * rate)
    runs = runs[(runs[:, 0] >= beside + broken) & (runs[:, 1] + beside + broken <= len(size))]
    runs = runs[runs[:, 1] - runs[:, 0] <= _B.longest_gap_s * rate]
    if not len(runs):
        return runs
    sides = [
        (size[start - broken - beside : start][::-1], size[end : end + broken + beside])
        for start, end in runs
    ]
    loudest, step = _loudest(channel, rate), float(size[size > _B.nothing * peak].min())
    lost = [all(_breaks_off(side, rate, loudest, step) for side in both) for both in sides]
    return runs[np.array(lost)]


def _breaks_off(side: np.ndarray, rate: int, loudest: float, step: float) -> bool:
    """Whether the sound is loud up to the gap, or up to a short fade; (samples,) of sizes away from the gap."""
    broken, close = round(_B.break_off_s * rate), max(2, round(_B.at_once_s * rate))
    level = 20 * np.log10(max(_rms(side[broken:]), 1e-9) / loudest)
    at_once = side[:close].max() >= _B.abrupt * side[:broken].max()
    least = -_B.range_at_once_db if at_once else -_B.range_faded_db
    return bool(level >= least and side[broken:].max() >= _B.steps * step)


def _repeats_of(channel: np.ndarray, rate: int) -> np.ndarray:
    values = np.round(channel * 32768).astype(np.int32)
    audible = _B.audible * float(np.abs(values).max(initial=0))
    if audible < 4:
        return np.zeros((0, 2))
    lags = {round(length * rate / 1000): length for length in _B.packets_ms} | {
        size: 1000 * size / rate for size in _B.buffers
    }
    found = [
        run
        for lag, length in sorted(lags.items(), reverse=True)
        if length >= _B.shortest_lag_ms and 2 * lag < len(values)
        for run in _copies(values, lag, audible)
    ]
    repeats = _apart(found)
    sure = repeats[:, 1] - repeats[:, 0] >= _B.surely_repeat_s * rate
    return repeats if packet_length(repeats[~sure, 0] / rate) >= _B.shortest_lag_ms else repeats[sure]


def _copies(values: np.ndarray, lag: int, audible: float) -> np.ndarray:
    """Runs of samples that are those of `lag` before, (runs, 2)."""
    few = np.abs(values[lag::_STRIDE] - values[:-lag:_STRIDE]) <= 1
    if not len(_runs(few, _B.of_a_lag * lag // _STRIDE)):
        return np.zeros((0, 2), np.int64)
    runs = _runs(np.abs(values[lag:] - values[:-lag]) <= 1, _B.of_a_lag * lag) + lag
    runs = runs[runs[:, 1] - runs[:, 0] <= _B.most_laps * lag]
    return np.array([run for run in runs if _moves(values[run[0] : run[1]], audible)], np.int64).reshape(
        -1, 2
    )


def _moves(piece: np.ndarray, audible: float) -> bool:
    """Whether a piece is a wave that can be heard, not a constant or a flat top."""
    return float(np.median(np.abs(piece))) > audible / 4 and float((np.diff(piece) != 0).mean()) > 0.7


def _apart(runs: list[np.ndarray]) -> np.ndarray:
    """Runs in the order of time, without those that overlap an earlier entry of the list."""
    kept: list[np.ndarray] = []
    for run in runs:
        if all(run[0] >= other[1] or run[1] <= other[0] for other in kept):
            kept.append(run)
    return np.array(sorted(kept, key=lambda run: run[0]), np.float64).reshape(-1, 2)


def _runs(mask: np.ndarray, shortest: float) -> np.ndarray:
    """Start and end of the runs of True of at least `shortest` samples, (runs, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))).reshape(-1, 2)
    return edges[edges[:, 1] - edges[:, 0] >= shortest]


def _loudest(channel: np.ndarray, rate: int) -> float:
    """RMS of the loud frames of 20 ms, as those of `Acoustics`."""
    size = max(1, round(0.02 * rate))
    frames = channel[: len(channel) // size * size].reshape(-1, size)
    power = np.square(frames, dtype=np.float64).mean(axis=1)
    return float(np.sqrt(np.quantile(power, LOUD_SHARE))) if len(power) else 0.0


def _rms(part: np.ndarray) -> float:
    return float(np.sqrt(np.square(part, dtype=np.float64).mean()))
