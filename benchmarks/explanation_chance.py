"""Rates of false claims of explanations and of wrong references found, on a table with planted problems.

Clean clips are those of the sample data without a planted problem. Give other tables as `TABLE TRUTH COLUMN`, where
the column of the truth names the problem, "" or "clean" for none.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.explain.contrasts import Contrasts
from slicecore.measurements import CATALOGUE
from slicecore.metrics import Costs

GROUPS = 300
SHUFFLED = 100
SWAPPED = 30
REPEATS = 5
SAMPLE = Path(__file__).parents[1] / "sample_data"


def effects_of_random_groups(data: sc.Dataset, measured: pd.DataFrame, clean: np.ndarray) -> tuple[int, int]:
    """Random groups of clean clips with a reported measurement, and with a reported value of metadata."""
    rng = np.random.default_rng(0)
    contrasts = Contrasts(measured, CATALOGUE, data.table[list(data.metadata)])
    rows = np.flatnonzero(clean)
    effects = [contrasts.effects(rng.choice(rows, rng.integers(8, 41), replace=False)) for _ in range(GROUPS)]
    by_measurement = sum(bool(of_group.measurements) for of_group in effects)
    return by_measurement, sum(bool(of_group.metadata) for of_group in effects)


def confirmed_by_chance(data: sc.Dataset, measured: pd.DataFrame, costs: Costs) -> int:
    """Shuffled tables in which a slice over metadata or measurements is confirmed."""
    rng = np.random.default_rng(1)
    tree = sc.build_hierarchy(rng.normal(size=(len(data), 2)))
    confirmed = 0
    for _ in range(SHUFFLED):
        order = rng.permutation(len(data))
        shuffled = Costs(costs.numerator[order], costs.denominator[order], name="WER", unit="words")
        result = sc.scan(tree, shuffled, min_support=8, min_drop=0.1, shuffles=199)
        confirmed += any(
            metadata_slice.slice.tier == "confirmed"
            for metadata_slice in sc.scan_metadata(result, data, measured)
        )
    return confirmed


def swapped_references(data: sc.Dataset) -> tuple[float, float, float]:
    """Share of swapped references that are listed, share of those on top of the list, and other clips listed."""
    listed_share, on_top, others = [], [], []
    reference = data.roles.reference or ""
    for seed in range(REPEATS):
        rows = np.random.default_rng(seed).choice(len(data), SWAPPED, replace=False)
        table = data.table.copy()
        table.loc[rows, reference] = table[reference].to_numpy()[np.roll(rows, 1)]
        again = sc.from_table(
            table,
            name="swapped",
            folder=data.path.parent if data.path else None,
            audio=data.roles.audio,
            reference=reference,
            prediction=list(data.roles.predictions),
        )
        listed = [suspect.row for suspect in sc.find_wrong_references(again, sc.measure(again))]
        listed_share.append(len(set(listed) & set(rows)) / SWAPPED)
        on_top.append(len(set(listed[:SWAPPED]) & set(rows)) / SWAPPED)
        others.append(len(set(listed) - set(rows)))
    return float(np.mean(listed_share)), float(np.mean(on_top)), float(np.mean(others))


def main() -> None:
    """Print a table."""
    given = sys.argv[1:] or [str(SAMPLE / "table.csv"), str(SAMPLE / "planted.csv"), "problem"]
    data = sc.read(given[0])
    truth = pd.read_csv(given[1], keep_default_na=False)[given[2]].to_numpy()
    measured = sc.measure(data).table
    costs = sc.metrics.wer(data.reference, data.prediction)
    clean = np.isin(truth, ("", "clean"))
    sound, metadata = effects_of_random_groups(data, measured, clean)
    confirmed = confirmed_by_chance(data, measured, costs)
    listed, on_top, others = swapped_references(data)
    print(f"{len(data)} clips, {clean.sum()} of them clean, {len(data.roles.predictions)} model(s)\n")
    print("| question | answer |\n|---|---|")
    print(f"| {GROUPS} random groups of 8 to 40 clean clips: with a reported measurement | {sound} |")
    print(f"| … with a reported value of metadata | {metadata} |")
    print(f"| {SHUFFLED} tables with shuffled errors: with a confirmed slice over metadata | {confirmed} |")
    print(f"| {SWAPPED} references swapped: listed | {listed:.0%} |")
    print(f"| … among the first {SWAPPED} of the list | {on_top:.0%} |")
    print(f"| … other clips listed | {others:.1f} |")


if __name__ == "__main__":
    main()
