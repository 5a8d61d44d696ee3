"""Two results of one table, whose files differ."""

from __future__ import annotations

from pathlib import Path

from page.invented_calls import write_calls

import slicecore as sc

CLIPS = 2000


def two_results(folder: Path) -> list[sc.Result]:
    """Results of the same invented calls: all slices, and the first two."""
    calls = folder / "calls"
    calls.mkdir(parents=True)
    table, vectors = write_calls(calls, CLIPS)
    return [
        sc.find_slices(
            table, model=str(vectors), max_slices=most, explain=False, cache=folder / "cache", shuffles=99
        )
        for most in (None, 2)
    ]
