"""Time of the player's picture of a clip, against decoding the clip.  `python benchmarks/spectrogram.py`."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from slicecore.audio import decoding, spectrogram

LENGTHS = (5, 60, 600)
TIMES = 5


def seconds(task: Callable[[], object]) -> float:
    """Median of some runs."""
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        task()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main(folder: Path) -> None:
    """Print a table."""
    print(f"{'length s':>10}{'picture ms':>12}{'per decoding':>14}")
    for length in LENGTHS:
        path = folder / f"{length}.flac"
        noise = np.random.default_rng(0).normal(0, 0.05, length * decoding.SAMPLING_RATE)
        soundfile.write(path, noise, decoding.SAMPLING_RATE)
        samples = decoding.load(path)
        spectrogram.png(spectrogram.mel_picture(samples))  # the first time also compiles
        drawing = seconds(lambda samples=samples: spectrogram.png(spectrogram.mel_picture(samples)))
        decoded = seconds(lambda path=path: decoding.load(path))
        print(f"{length:>10}{1000 * drawing:>12.0f}{drawing / decoded:>14.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary))
