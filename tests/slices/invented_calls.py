"""Calls with invented metadata and errors, and the scan of their clips, for the tests of metadata slices."""

from functools import cache

import numpy as np
import pandas as pd

import slicecore as sc

ACCENTS, DEVICES = ("american", "scottish", "irish"), ("phone", "headset", "laptop")


def scanned(table, errors, words=10, **options):
    """A data set and a scan of clips with so many errors; the clusters are of no interest."""
    n = len(table)
    texts = {"sentence": ["x"] * n, "prediction": ["x"] * n}
    data = sc.from_table(pd.DataFrame(texts).assign(**table), name="invented")
    costs = sc.Costs(np.asarray(errors, dtype=float), np.full(n, float(words)), name="WER")
    options = {"min_support": 10, "min_drop": 0.1, "shuffles": 199} | options
    return sc.scan(clusters(n), costs, ids=data.ids, **options), data


@cache
def clusters(n):
    return sc.build_hierarchy(np.random.default_rng(0).normal(size=(n, 2)))


def calls(n=600, seed=0):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "accent": rng.choice(ACCENTS, n),
            "device": rng.choice(DEVICES, n),
            "age": rng.integers(18, 80, n),
            "speaker": [f"s{i % 50}" for i in range(n)],
        }
    )
    return table, rng.binomial(10, 0.1, n), rng
