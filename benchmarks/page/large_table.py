"""A table of millions of clips with ready vectors, written block by block: five planted groups, texts of many words.

    python benchmarks/page/large_table.py FOLDER CLIPS [--dimensions 192] [--endings parquet csv]

Vectors lie around 40 natural clusters of unequal size, with variances that fall as 1/rank and heavy tails. Texts are
words of Zipf's law over a vocabulary of 20,000; references have capitals and full stops. A tenth of the words is wrong,
in the planted groups .25 to .6 of them. The same arguments give the same files. All rows share one short recording.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import soundfile
from numpy.typing import NDArray
from pyarrow import csv, parquet

SHARES = (0.006, 0.01, 0.015, 0.025, 0.04)
RATES = (0.6, 0.5, 0.4, 0.3, 0.25)
RATE = 0.1
CLUSTERS, VOCABULARY, BLOCK = 40, 20_000, 100_000
SYLLABLES = (
    "ba",
    "ne",
    "ti",
    "ro",
    "lu",
    "ka",
    "se",
    "mi",
    "do",
    "fu",
    "la",
    "ter",
    "son",
    "ing",
    "ver",
    "est",
)
ACCENTS = ("american", "english", "indian", "irish", "scottish", "welsh")
DEVICES = ("headset", "laptop", "mobile", "speakerphone")


def write_large(
    folder: Path,
    clips: int,
    dimensions: int = 192,
    seed: int = 0,
    endings: tuple[str, ...] = ("parquet", "csv"),
    audio: bool = True,
) -> None:
    """Write table.parquet, table.csv, vectors.npy, planted.npy (group of every clip, -1 for none), silence.wav."""
    rng = np.random.default_rng(seed)
    vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(clips, dimensions)
    )
    soundfile.write(folder / "silence.wav", np.zeros(8000), 16_000)
    planted = []
    with ExitStack() as stack:
        writers = []
        for number, (begin, group, points, table) in enumerate(_blocks(rng, clips, dimensions, audio)):
            vectors[begin : begin + len(points)] = points
            planted.append(group)
            if number == 0:
                make = {"parquet": parquet.ParquetWriter, "csv": csv.CSVWriter}
                writers = [
                    stack.enter_context(make[ending](str(folder / f"table.{ending}"), table.schema))
                    for ending in endings
                ]
            for writer in writers:
                writer.write_table(table)
    np.save(folder / "planted.npy", np.concatenate(planted))


def _blocks(
    rng: np.random.Generator, clips: int, dimensions: int, audio: bool
) -> Iterator[tuple[int, NDArray[np.int8], NDArray[np.float32], pa.Table]]:
    """First row, group, vectors and table of every block."""
    deviation = 1 / np.sqrt(np.arange(1, dimensions + 1))
    centres = rng.normal(scale=1.8, size=(CLUSTERS, dimensions)) * deviation
    shares = rng.dirichlet(np.full(CLUSTERS, 2.0))
    homes = np.argsort(-shares)[: len(SHARES)]
    shifts = np.where(np.arange(dimensions) < 24, 1.4, 0) * deviation
    shifts = shifts * rng.choice([-1, 1], size=(len(SHARES), dimensions))
    rotation, _ = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))
    words = pa.array(
        ["".join(rng.choice(SYLLABLES, rng.integers(1, 5))) + _suffix(i) for i in range(VOCABULARY)]
    )
    odds = 1 / (np.arange(VOCABULARY) + 2.7)
    ladder = np.cumsum(odds / odds.sum())
    for begin in range(0, clips, BLOCK):
        n = min(BLOCK, clips - begin)
        group = rng.choice(len(SHARES) + 1, size=n, p=[1 - sum(SHARES), *SHARES]) - 1
        inside = group >= 0
        cluster = np.where(inside, homes[group], rng.choice(CLUSTERS, size=n, p=shares))
        within = (
            rng.normal(size=(n, dimensions)) * deviation * 0.6 * np.sqrt(5 / rng.chisquare(5, size=(n, 1)))
        )
        within[inside] = 0.6 * within[inside] + shifts[group[inside]]
        points = ((centres[cluster] + within) @ rotation).astype(np.float32)
        rate = np.where(inside, np.array(RATES)[group], RATE)
        reference, prediction = _texts(rng, words, ladder, rate)
        table = pa.table(
            {
                "id": [f"call-{row:08d}" for row in range(begin, begin + n)],
                "audio": pa.array(["silence.wav"] * n),
                "sentence": reference,
                "prediction": prediction,
                "accent": np.array(ACCENTS)[rng.integers(0, len(ACCENTS), n)],
                "device": np.where(group == 1, "speakerphone", np.array(DEVICES)[rng.integers(0, 4, n)]),
                "speaker": [f"s{speaker:05d}" for speaker in rng.integers(0, max(10, clips // 200), n)],
                "noise": np.round(rng.normal(20, 8, n) + 15 * (group == 0), 1),
                "duration": rng.gamma(2, 3, n).round(2),
            }
        )
        yield begin, group.astype(np.int8), points, table if audio else table.drop_columns(["audio"])


def _suffix(number: int) -> str:
    """Letters that tell the words of one vocabulary apart."""
    return chr(97 + number % 26) + chr(97 + number // 26 % 26) if number > 300 else ""


def _texts(
    rng: np.random.Generator, words: pa.Array, ladder: NDArray[np.float64], rate: NDArray[np.float64]
) -> tuple[pa.Array, pa.Array]:
    """References, and predictions in which so many words of each are another, missing or added."""
    length = 1 + rng.negative_binomial(3, 3 / (3 + 9), size=len(rate))
    code = np.searchsorted(ladder, rng.random(length.sum()) * 0.999999)
    luck = rng.random(len(code)) / np.repeat(rate, length)
    heard = np.where(luck < 0.7, rng.integers(0, 3000, len(code)), code)
    copies = np.select([(luck >= 0.7) & (luck < 0.85), (luck >= 0.85) & (luck < 1)], [0, 2], 1)
    row = np.repeat(np.arange(len(rate)), length)
    reference = _joined(words, code, length)
    prediction = _joined(
        words, np.repeat(heard, copies), np.bincount(row, copies, len(rate)).astype(np.int64)
    )
    return pc.binary_join_element_wise(pc.utf8_capitalize(reference), pa.scalar("."), ""), prediction


def _joined(words: pa.Array, code: NDArray[np.int64], length: NDArray[np.int64]) -> pa.Array:
    offsets = pa.array(np.concatenate([[0], np.cumsum(length)]), pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(offsets, words.take(pa.array(code))), " ")


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("clips", type=int)
    parser.add_argument("--dimensions", type=int, default=192)
    parser.add_argument("--endings", nargs="+", default=["parquet", "csv"])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write_large(options.folder, options.clips, options.dimensions, endings=tuple(options.endings))


if __name__ == "__main__":
    main()
