"""Time that it takes to explain slices of a table of 100,000 clips with 20 metadata columns, in CPU seconds.

The baseline is SciPy's Mann-Whitney test of every measurement, slice against rest, on the same table in the same run.
"""

import os
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

import slicecore as sc
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.text import measure_text
from slicecore.measurements.text_catalogue import TEXT
from slicecore.text.form_errors import form_errors

CLIPS = 100_000
SIZES = (30, 500, 5_000, 20_000)
WORDS = np.array([f"word{i}" for i in range(3000)] + ["the", "of", "and", "to", "you", "my"] * 200)


def invented() -> tuple[sc.Dataset, Measurements, sc.Costs, np.ndarray]:
    """A table with texts, metadata and measurements; the first clips are quiet and badly recognised."""
    rng = np.random.default_rng(0)
    references = WORDS[rng.integers(0, len(WORDS), (CLIPS, 12))]
    rate = np.where(np.arange(CLIPS) < 5000, 0.5, 0.12)
    predictions = np.where(
        rng.random(references.shape) < rate[:, None], np.roll(references, 1, axis=0), references
    )
    table = pd.DataFrame({"sentence": map(" ".join, references), "prediction": map(" ".join, predictions)})
    for i in range(14):
        table[f"column{i}"] = rng.choice([f"value{j}" for j in range(3 + 4 * i)], CLIPS)
    table.loc[:4999, "column13"] = "value0"
    table["speaker"] = [f"speaker{i}" for i in rng.zipf(1.3, CLIPS) % 2000]
    for i in range(5):
        table[f"number{i}"] = rng.normal(size=CLIPS)
    data = sc.from_table(table, name="invented")
    text = {measurement.name for measurement in TEXT}
    columns = {name: rng.normal(size=CLIPS) for name in CATALOGUE if name not in text}
    columns["speech_seconds"] = rng.gamma(4, 1, CLIPS)
    columns["peak"] = np.where(np.arange(CLIPS) < 5000, -45.0, -4.0) + columns["peak"]
    texts = list(data.reference), list(data.prediction)
    columns |= measure_text(*texts, columns["speech_seconds"], form_errors(*texts))
    measured = pd.DataFrame(columns, columns=list(CATALOGUE))
    measured[rng.random(measured.shape) < 0.01] = np.nan
    vectors = rng.normal(size=(CLIPS, 32)).astype(np.float32)
    timbre = rng.normal(size=(CLIPS, 60)).astype(np.float32)
    costs = sc.metrics.wer(data.reference, data.prediction)
    return data, Measurements(measured, timbre, {}), costs, vectors


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print two tables."""
    data, measured, costs, vectors = invented()
    made: list[sc.Explainer] = []
    once = cpu(lambda: made.append(sc.Explainer(data, measured, costs, vectors=vectors)))
    explainer = made[0]
    first = cpu(lambda: explainer.explain(range(30)))
    print(
        f"{CLIPS} clips, {len(CATALOGUE)} measurements, {len(data.metadata)} metadata columns; CPU seconds\n"
    )
    print(f"once per table: {once:.2f}; with the first slice (alignment of all words): {first:.2f}\n")
    print("| clips of the slice | explain | words_of | scipy | explain / scipy |")
    print("|---|---|---|---|---|")
    values = measured.table.to_numpy()
    for size in SIZES:
        members = np.arange(size)
        explain = min(cpu(lambda members=members: explainer.explain(members)) for _ in range(3))
        explainer.words_of(members)
        words = min(cpu(lambda members=members: explainer.words_of(members)) for _ in range(3))
        baseline = cpu(
            lambda members=members: mannwhitneyu(
                values[members], np.delete(values, members, axis=0), nan_policy="omit", method="asymptotic"
            )
        )
        print(f"| {size} | {explain:.3f} | {words:.3f} | {baseline:.2f} | {explain / baseline:.3f} |")

    hierarchy = sc.build_hierarchy(vectors[:, :2])
    result = sc.scan(hierarchy, costs, ids=data.ids, min_support=500, min_drop=0.1, shuffles=999)
    print("\n| slices over | CPU seconds | slices |\n|---|---|---|")
    sc.scan_metadata(result, data)  # compiles
    for searched, table in (("metadata", None), ("metadata and measurements", measured.table)):
        slices: list[sc.MetadataSlice] = []
        seconds = cpu(lambda table=table, slices=slices: slices.extend(sc.scan_metadata(result, data, table)))
        print(f"| {searched} | {seconds:.1f} | {len(slices)} |")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
