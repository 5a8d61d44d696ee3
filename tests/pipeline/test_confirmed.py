"""Confirmed slices of a table by name, for whoever compares tables by them."""

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.pipeline.confirmed import confirmed_slices
from slicecore.slices.options import CONFIRMED, POSSIBLE


def test_slices_that_are_only_possible_are_left_out(tmp_path):
    rng = np.random.default_rng(2)
    is_bad = np.arange(400) < 24
    is_wrong = is_bad | (rng.random(400) < 0.3)
    table = pd.DataFrame(
        {
            "id": np.arange(400).astype(str),
            "reference": "turn left",
            "prediction": np.where(is_wrong, "burn left", "turn left"),
            "vector": list(rng.normal(size=(400, 3)) + 8 * is_bad[:, None]),
        }
    )
    data = sc.from_table(table, name="calls")
    found = sc.find_slices(data, model="column:vector", cache=tmp_path).slices
    assert {CONFIRMED, POSSIBLE} <= {each.tier for each in found}
    named, why = confirmed_slices(data, "wer", "basic", models=["column:vector"], cache=tmp_path)
    assert why == ""
    assert sorted(rows.tolist() for _, rows in named) == sorted(
        each.members.tolist() for each in found if each.tier == CONFIRMED
    )
