"""How long do the signal descriptors take, against decoding alone?  `python benchmarks/acoustics.py [folder of clips]`.

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
from slicecore.measurements import acoustics

COUNT, SECONDS = 100, 4.6


def make_clips(folder: Path) -> None:
    random = np.random.default_rng(0)
    for number in range(COUNT):
        speech = random.normal(0, 0.05, int(SECONDS * decoding.SAMPLING_RATE))
        speech *= np.repeat(random.random(46), len(speech) // 46 + 1)[: len(speech)]
        soundfile.write(folder / f"{number:03}.flac", speech, decoding.SAMPLING_RATE)


def cpu_seconds(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


def main(folder: Path) -> None:
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".flac", ".wav", ".mp3", ".ogg"))[
        :400
    ]
    clips = [decoding.load(path) for path in paths]
    acoustics.describe(clips[0])
    decoding = cpu_seconds(lambda: [decoding.load(path) for path in paths])
    describing = cpu_seconds(lambda: [acoustics.describe(samples) for samples in clips])
    length = sum(map(len, clips)) / decoding.SAMPLING_RATE / len(clips)
    print(f"{len(clips)} clips of {length:.1f} s, CPU time on one core")
    print(f"{'step':<12}{'ms per clip':>12}{'clips per s':>13}{'per decoding':>14}")
    for name, seconds in (("decode", decoding), ("describe", describing), ("both", decoding + describing)):
        print(
            f"{name:<12}{1000 * seconds / len(clips):>12.2f}{len(clips) / seconds:>13.0f}{seconds / decoding:>14.1f}"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            make_clips(Path(temporary))
            main(Path(temporary))
