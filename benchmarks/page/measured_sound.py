"""A recording of its own for every row of an invented table, with sound that is stored as if it had been measured.

The recordings are hard links to a few short files: a file system takes some 60,000 of a file. What is stored are the
measurements of the sample's clips, each number changed by 2 %.
"""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import soundfile
from pyarrow import parquet

import slicecore as sc
from slicecore.measurements import SoundWork, measure
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.per_clip.identity import stamp_of
from slicecore.per_clip.work import store_key
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

SAMPLE = Path(__file__).parents[2] / "sample_data" / "table.csv"
LINKS, AT_ONCE, RATE = 50_000, 20_000, 16_000


def give_recordings(folder: Path, seed: int = 0) -> list[Path]:
    """Write sound/, and the name of each recording into table.parquet; returns their paths."""
    table = parquet.read_table(folder / "table.parquet")
    names = [f"sound/{row // 1000:05d}/call-{row:08d}.wav" for row in range(len(table))]
    rng = np.random.default_rng(seed)
    for row, name in enumerate(names):
        source, path = folder / f"sound-{row // LINKS}.wav", folder / name
        if not row % LINKS:
            soundfile.write(source, rng.normal(0, 0.1, RATE // 10), RATE)
        if not row % 1000:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        os.link(source, path)
    column = table.schema.get_field_index("audio")
    parquet.write_table(table.set_column(column, "audio", pa.array(names)), folder / "table.parquet")
    return [folder.absolute() / name for name in names]


def store_measurements(recordings: list[Path], cache: Path, seed: int = 0) -> None:
    """Store measurements of all recordings in a cache, each as if its content were another."""
    measured = measure(sc.read(SAMPLE), cache=cache)
    known = np.column_stack([measured.table[[each.name for each in SOUND]], measured.timbre]).astype(
        np.float32
    )
    unknown = np.finfo(np.float32).min  # as `SoundWork` stores NaN
    rng, key = np.random.default_rng(seed), store_key(SoundWork())
    with Store(cache) as store:
        for begin in range(0, len(recordings), AT_ONCE):
            some = recordings[begin : begin + AT_ONCE]
            changed = known[rng.integers(0, len(known), len(some))] * rng.normal(
                1, 0.02, (len(some), known.shape[1])
            )
            rows = np.where(np.isfinite(changed), changed, unknown).astype(np.float32)
            digests = [rng.bytes(16) for _ in some]
            outcomes = {digest: Outcome(row) for digest, row in zip(digests, rows, strict=True)}
            store.keep(key, outcomes, zip(map(stamp_of, some), digests, strict=True))
