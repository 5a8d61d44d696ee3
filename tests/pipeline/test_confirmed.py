"""Confirmed slices of a table by name, for whoever compares tables by them."""

import numpy as np
import pandas as pd
import pytest

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


def described(**columns):
    """Clips without sound, of which those of one device are bad."""
    is_bad = np.arange(300) < 60
    return is_bad, pd.DataFrame(
        {"id": np.arange(300).astype(str), "device": np.where(is_bad, "phone", "desk"), **columns}
    )


def test_a_table_without_sound_has_conditions_and_the_reason(tmp_path):
    is_bad, table = described(reference="turn left")
    data = sc.from_table(table.assign(prediction=np.where(is_bad, "burn left", "turn left")), name="calls")
    named, why = confirmed_slices(data, "wer", "basic", cache=tmp_path)
    assert [(name, rows.tolist()) for name, rows in named] == [
        ("device = phone", np.flatnonzero(is_bad).tolist())
    ]
    assert "audio" in why


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_a_mean_goes_the_way_that_is_said(tmp_path, higher_is_better):
    is_bad, table = described()
    data = sc.find_slices(
        table.assign(mos=np.where(is_bad, 2.0, 4.0)), mean_of="mos", model="none", explain=False, shuffles=0
    ).data
    named, _ = confirmed_slices(
        data, "mos", "basic", is_mean=True, higher_is_better=higher_is_better, models=["none"], cache=tmp_path
    )
    ((name, rows),) = named
    assert name == ("device = phone" if higher_is_better else "device = desk")
    assert rows.tolist() == np.flatnonzero(is_bad == higher_is_better).tolist()
