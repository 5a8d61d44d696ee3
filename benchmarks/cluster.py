"""Cost that a Ray cluster adds to embedding: the same clips here and on a cluster of this machine's processors.

Prints CPU seconds: of this process alone, then of the workers, of the rest of Ray, and of the driver.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import ray
import soundfile

import slicecore as sc
from slicecore.embedding import Cluster

RATE = 16000
CLIPS = 2880
_TICKS = os.sysconf("SC_CLK_TCK")


def clips(folder: Path) -> sc.Dataset:
    """Segments of 5 s of a file of two hours; each begins where the one before is half over."""
    with soundfile.SoundFile(folder / "long.wav", "w", RATE, 1) as file:
        for seed in range(120):
            file.write(np.random.default_rng(seed).normal(0, 0.05, 60 * RATE))
    start = np.arange(CLIPS) * 2.4
    frame = pd.DataFrame({"audio": "long.wav", "text": "a", "pred": "b", "start": start, "end": start + 5})
    return sc.from_table(frame, name="clips", folder=folder)


def cpu_of_ray() -> dict[str, float]:
    """CPU seconds so far of the processes below this one: those that embed, and the others."""
    spent = {"workers": 0.0, "rest": 0.0}
    facts = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        facts[int(folder.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS, command)
    for pid, (_, seconds, command) in facts.items():
        above = pid
        while above in facts and above != os.getpid():
            above = facts[above][0]
        if above == os.getpid() and pid != os.getpid():
            spent["workers" if b"_Worker" in command else "rest"] += seconds
    return spent


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = clips(folder)
        start = time.process_time()
        here = sc.embed(data, cache=folder / "here")
        alone = time.process_time() - start

        ray.init(log_to_driver=False, include_dashboard=False, object_store_memory=200 * 2**20)
        start, before = time.process_time(), cpu_of_ray()
        seen: list[dict[str, float]] = []
        there = sc.embed(
            data,
            engine="ray",
            cluster=Cluster(parts=folder / "parts", part_clips=128),
            cache=folder / "there",
            progress=lambda done, total: seen.append(cpu_of_ray()),
        )
        driver = time.process_time() - start
        assert np.allclose(here.vectors, there.vectors, atol=1e-5)
        workers = max(cpu["workers"] for cpu in seen)
        rest = max(cpu["rest"] for cpu in seen) - before["rest"]
        ray.shutdown()
    print(
        "| clips of 5 s | one process, CPU s | clips per core and s | workers, CPU s | rest of Ray | driver |"
    )
    print("|---|---|---|---|---|---|")
    print(f"| {CLIPS:,} | {alone:.1f} | {CLIPS / alone:.0f} | {workers:.1f} | {rest:.1f} | {driver:.1f} |")


if __name__ == "__main__":
    main()
