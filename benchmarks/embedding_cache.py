"""Time of a run for which nothing is to be computed: a table whose clips are all in the cache.

Prints CPU seconds for tables of growing size, beside those of asking the file system for the same files once, which no
run can do without.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.embedding.signal import SignalEmbedder
from slicecore.per_clip.identity import stamp_of
from slicecore.per_clip.work import store_key
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Outcome

SIZES = (10_000, 100_000)


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def filled(folder: Path, count: int) -> sc.Dataset:
    """A table of `count` files of one byte, for each of which the cache has a vector."""
    random = np.random.default_rng(0)
    names = [f"{number // 1000:03d}/{number:07d}.wav" for number in range(count)]
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    frame = pd.DataFrame({"audio": names, "text": "a", "pred": "b"})
    data = sc.from_table(frame, name="cached", folder=folder)
    key = store_key(SignalEmbedder())
    with Store(folder / "cache") as store:
        for start in range(0, count, 1000):
            rows = range(start, min(start + 1000, count))
            digests = [row.to_bytes(16, "big") for row in rows]
            vectors = random.normal(size=(len(rows), SignalEmbedder.dimensions)).astype(np.float32)
            stamps = [stamp_of(data.audio_paths[row]) for row in rows]  # type: ignore[arg-type]
            store.keep(
                key,
                dict(zip(digests, map(Outcome, vectors), strict=True)),
                zip(stamps, digests, strict=True),
            )
    return data


def main() -> None:
    print("| clips | second run, CPU s | asking the file system, CPU s | ratio | cache, MB |")
    print("|---|---|---|---|---|")
    for count in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = filled(folder, count)
            asking = cpu_seconds(lambda data=data: [path.stat() for path in data.audio_paths])
            run = cpu_seconds(lambda data=data, folder=folder: sc.embed(data, cache=folder / "cache"))
            with Store(folder / "cache") as store:
                size = store.bytes() / 1e6
        print(f"| {count:,} | {run:.2f} | {asking:.2f} | {run / asking:.1f} | {size:.0f} |")


if __name__ == "__main__":
    main()
