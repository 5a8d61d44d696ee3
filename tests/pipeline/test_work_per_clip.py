"""Work of a scan for every single clip: with a million of them, one call of Python each is a second or so."""

import cProfile
import pstats
import tracemalloc

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.clustering.whitening import views
from slicecore.measurements.text import measure_text
from slicecore.report.csv_files import to_csv
from slicecore.report.tables import clips_table
from slicecore.text.alignment import align_table

FEW, MANY = 1000, 3000


def table(n):
    rng = np.random.default_rng(n)
    words = np.array([f"word{number}" for number in range(300)])
    code = rng.integers(300, size=(n, 8))
    predicted = np.where(rng.random((n, 8)) < 0.1, rng.integers(300, size=(n, 8)), code)
    return pd.DataFrame(
        {
            "id": [f"call {row}" for row in range(n)],
            "reference": [" ".join(row) for row in words[code]],
            "prediction": [" ".join(row) for row in words[predicted]],
            "accent": np.array(["irish", "welsh", "scottish"])[rng.integers(3, size=n)],
        }
    )


def aligning(n):
    clips = table(n)
    return lambda: align_table(clips["reference"], clips["prediction"])


def measuring(n):
    clips = table(n)
    texts = clips["reference"].tolist(), clips["prediction"].tolist()
    align_table(*texts)
    return lambda: measure_text(*texts, np.full(n, np.nan), np.zeros(n))


def growing_trees(n):
    vectors = np.random.default_rng(n).normal(size=(n, 8)).astype(np.float32)
    return lambda: build_hierarchy(vectors)


def writing(n):
    vectors = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)
    data = sc.from_table(table(n), name="calls")
    scan = sc.Scanner(build_hierarchy(vectors), sc.metrics.wer(data.reference, data.prediction)).scan(
        sc.Options(shuffles=0)
    )
    return lambda: to_csv(clips_table(data, scan))


def calls(work):
    profile = cProfile.Profile()
    profile.runcall(work)
    return pstats.Stats(profile).total_calls


@pytest.mark.parametrize(
    ("stage", "most"), [(aligning, 40.0), (measuring, 50.0), (growing_trees, 20.0), (writing, 4.0)]
)
def test_calls_per_clip(stage, most):
    stage(FEW)()  # imports what it needs
    few, many = (calls(stage(n)) for n in (FEW, MANY))
    assert (many - few) / (MANY - FEW) <= most


def test_views_are_made_one_after_the_other_and_in_blocks():
    points = np.random.default_rng(0).normal(size=(200_000, 40)).astype(np.float32)
    weights = np.ones(len(points))
    views(points[:1000], weights[:1000])
    tracemalloc.start()
    try:
        for view in views(points, weights).tables:
            assert len(view) == len(points)
            del view
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 3 * points.nbytes
