"""A slice that other thresholds confirmed: the reader is told why these do not."""

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from slicecore.metrics import METRICS
from slicecore.slices.options import CONFIRMED, POSSIBLE
from slicecore_app.session.tested_before import no_longer_confirmed, take_note

COSTS = METRICS["wer"](["a b"] * 4, ["a x"] * 4, "basic")


def scan(tier, p, min_support, min_drop):
    slice_ = SimpleNamespace(id="s", tier=tier, p_value=p, members=np.arange(4))
    return SimpleNamespace(slices=[slice_], costs=COSTS, min_support=min_support, min_drop=min_drop)


@pytest.mark.parametrize(
    ("support", "drop", "why"),
    [
        (5, 0.15, "only what goes beyond 1.5\u202fpts, not 1\u202fpts"),
        (3, 0.1, "Smaller clusters are tested now, too"),
        (8, 0.1, "tested among the clips that are left"),
    ],
)
def test_thresholds_that_no_longer_confirm_a_slice_say_why(monkeypatch, support, drop, why):
    monkeypatch.setattr(st, "session_state", {})
    before, now = scan(CONFIRMED, 0.031, 5, 0.1), scan(POSSIBLE, 0.06, support, drop)
    take_note("table", before)
    take_note("table", now)
    sentence = no_longer_confirmed("table", now)["s"]
    assert sentence.startswith("It was confirmed, p = .031, at a minimum of 5 clips and 10\u202fpts. ")
    assert why in sentence
    assert no_longer_confirmed("table", before) == {}
    assert no_longer_confirmed("another table", now) == {}
