"""Cost of a clip: opening and decoding, the descriptors of model="signal", the measurements, all in one pass.

    python benchmarks/signals.py [folder of clips]

Without a folder it makes clips of its own: 16 kHz FLAC, 4.6 s.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from slicecore.audio import decoding
from slicecore.audio.decoding import Recording, RecordingFile
from slicecore.embedding.signal import describe
from slicecore.measurements.clip_sound import measure_sound
from slicecore.per_clip.identity import content_digest

COUNT, SECONDS, MOST = 100, 4.6, 400
ENDINGS = (".flac", ".wav", ".mp3", ".ogg")


def make_clips(folder: Path) -> None:
    random = np.random.default_rng(0)
    for number in range(COUNT):
        speech = random.normal(0, 0.05, int(SECONDS * decoding.SAMPLING_RATE))
        speech *= np.repeat(random.random(46), len(speech) // 46 + 1)[: len(speech)]
        soundfile.write(folder / f"{number:03}.flac", speech, decoding.SAMPLING_RATE)


def decode(path: Path) -> Recording:
    with RecordingFile(path) as file:
        content_digest(file.stream)
        with file.part() as part:
            return part.decode()


def both(path: Path) -> None:
    recording = decode(path)
    describe(recording)
    measure_sound(recording)


def cpu_seconds(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


def main(folder: Path) -> None:
    paths = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)[:MOST]
    both(paths[0])  # loads what it needs
    length = np.mean([len(clip.samples) / clip.rate for clip in map(decode, paths)])
    tasks: dict[str, Callable[[Path], object]] = {
        "open, hash, decode": decode,
        "… and describe": lambda path: describe(decode(path)),
        "… and measure": lambda path: measure_sound(decode(path)),
        "all in one pass": both,
    }
    print(f"{len(paths)} clips of {length:.1f} s, CPU time on one core")
    print(f"{'step':<20}{'ms per clip':>12}{'clips per s':>13}{'per decoding':>14}")
    decoded = 0.0
    for name, task in tasks.items():
        seconds = cpu_seconds(lambda task=task: [task(path) for path in paths])
        decoded = decoded or seconds
        print(
            f"{name:<20}{1000 * seconds / len(paths):>12.2f}{len(paths) / seconds:>13.0f}{seconds / decoded:>14.1f}"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            make_clips(Path(temporary))
            main(Path(temporary))
