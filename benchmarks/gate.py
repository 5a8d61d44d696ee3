"""Gates of invented versions of a model: how often one fails that should not, and how often one that should.

    python benchmarks/gate.py [--pairs 200] [--first-seed 20000]

Prints the table of the section "How sure a gate is" of docs/gate.md. Two versions recognise the same clips, of 40
speakers who differ, and differ in them from version to version; half of the errors of a clip are the same in both. Of
five slices one gets worse by so many points. Failures are those of the whole gate.
"""

from __future__ import annotations

import argparse
from itertools import product

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.transfer.definition import Definition, Definitions, Origin

SLICES, SPEAKERS, WORDS, REST = 5, 40, 10, 500
RATE = 0.2
TOLERANCES = {"0": (0.0, 0.0), "as it is": (0.02, 0.005)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=20000)
    options = parser.parse_args()
    print("| clips of a slice | speakers change | tolerance | worse by | gates that fail |")
    print("|---|---|---|---|---|", flush=True)
    # Without tolerances only what chance does is of interest.
    for clips, change, (title, tolerance), worse in product(
        (20, 60), (0, 0.05), TOLERANCES.items(), (0, 0.1, 0.2)
    ):
        if worse and title == "0":
            continue
        seeds = range(options.first_seed, options.first_seed + options.pairs)
        failed = np.mean([fails(clips, change, tolerance, worse, seed) for seed in seeds])
        error = np.sqrt(failed * (1 - failed) / options.pairs)
        cells = (
            clips,
            "yes" if change else "no",
            title,
            f"{100 * worse:g} pts",
            f"{100 * failed:.1f} ±{100 * error:.1f} %",
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def fails(clips: int, change: float, tolerance: tuple[float, float], worse: float, seed: int) -> bool:
    """True if the gate between two versions fails."""
    rng = np.random.default_rng(seed)
    n = SLICES * clips + REST
    speaker = rng.integers(0, SPEAKERS, n)
    of_slice = np.where(np.arange(n) < SLICES * clips, np.arange(n) // clips, -1)
    rate = np.clip(RATE + rng.normal(0, 0.05, SPEAKERS)[speaker], 0.02, 0.9)
    common = rng.random((n, WORDS)) < rate[:, None] / 2
    wrong = []
    for more in (0.0, worse):
        moved = rng.normal(0, change, SPEAKERS)[speaker] if change else 0.0
        own = np.clip(rate / 2 + moved + np.where(of_slice == 0, more, 0), 0, 0.9)
        wrong.append((common | (rng.random((n, WORDS)) < own[:, None])).sum(axis=1))
    before, after = (_data(counts, of_slice, speaker) for counts in wrong)
    definitions = _definitions(of_slice, *tolerance)
    return sc.gate.check(definitions, after, _run(before)).exit_code == 1


def _data(wrong: np.ndarray, of_slice: np.ndarray, speaker: np.ndarray) -> sc.Dataset:
    texts = [" ".join(["x"] * count + ["a"] * (WORDS - count)) for count in range(WORDS + 1)]
    table = {
        "id": [f"c{i}" for i in range(len(wrong))],
        "reference": texts[0],
        "prediction": [texts[count] for count in wrong],
        "slice": of_slice,
        "speaker": speaker,
    }
    return sc.from_table(pd.DataFrame(table), name="invented")


def _run(data: sc.Dataset) -> sc.gate.Run:
    costs, nan = sc.metrics.wer(data.reference, data.prediction, "none"), (np.nan, np.nan)
    names = (
        "before",
        "",
        "invented",
        "prediction",
        "wer",
        "none",
        "WER",
        True,
        False,
        costs.value(),
        nan,
        (),
    )
    return sc.gate.Run(*names, tuple(data.ids), costs.numerator, costs.denominator)


def _definitions(of_slice: np.ndarray, tolerance: float, tolerance_of_whole: float) -> Definitions:
    slices = [
        Definition(
            f"slice {i}", "", 1, RATE, (0, 1), {f"c{row}": "" for row in np.flatnonzero(of_slice == i)}
        )
        for i in range(SLICES)
    ]
    origin = Origin("invented", "prediction", len(of_slice), RATE, "", "")
    return Definitions(tuple(slices), "wer", "none", origin, tolerance, tolerance_of_whole, 10)


if __name__ == "__main__":
    main()
