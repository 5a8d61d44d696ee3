"""Times as colours of the map."""

import numpy as np
import pandas as pd

import slicecore as sc
from slicecore.filtering.columns import columns_of
from slicecore_app.review.map.colouring import by_column

N = 60


def column_of(times):
    table = pd.DataFrame({"sentence": ["one"] * N, "prediction": ["one"] * N, "recorded": times})
    data = sc.from_table(table, name="calls")
    return columns_of(data, sc.metrics.wer(data.reference, data.prediction))["recorded"]


def test_many_times_lie_on_a_scale_whose_ends_are_days():
    first = pd.Timestamp("2026-03-01 08:00")
    times = [(first + pd.Timedelta(days=i)).isoformat() for i in range(N)]
    colours = by_column(column_of([*times[:-1], ""]))
    assert colours.palette == "numbers"
    assert colours.legend.ends == ("2026-03-01", "2026-04-27")
    assert (np.diff(colours.steps[:-1].astype(int)) >= 0).all()
    assert colours.steps[-1] not in colours.steps[:-1]  # one without a time


def test_a_few_days_are_groups_that_can_be_selected():
    colours = by_column(column_of(["2026-03-01", "2026-03-02"] * (N // 2)))
    assert colours.palette == "groups"
    assert colours.values == ("2026-03-01", "2026-03-02")
