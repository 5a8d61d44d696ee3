"""What the problems cost, as tables."""

from types import SimpleNamespace

import pytest

from slicecore.explain.cause_costs import CauseCost
from slicecore.report.cost_tables import cost_by_cause_table, cost_by_slice_table
from slicecore.slices.impact import Step, Waterfall


def test_slices_lead_from_the_overall_value_to_that_of_the_rest():
    hum, noise = SimpleNamespace(id="a", support=8), SimpleNamespace(id="b", support=5)
    steps = Waterfall(0.5, (Step(hum, 0.5, 0.3), Step(noise, 0.3, 0.2)), 0.2)
    table = cost_by_slice_table(steps, {"a": "Mains hum"})
    assert table["slice_id"].tolist() == ["", "a", "b"]
    assert table["name"].tolist() == ["", "Mains hum", ""]
    assert table["support"].tolist()[1:] == [8, 5]
    assert table["value_after"].tolist() == pytest.approx([0.5, 0.3, 0.2])


def test_causes_say_the_value_without_them():
    costs = [CauseCost("hum", "Mains hum", 2, 13, 7.5, 0.4, -0.2), CauseCost("", "", 1, 5, 1.0, 0.1, -0.05)]
    table = cost_by_cause_table(costs, 0.5)
    assert table["cause"].tolist() == ["hum", ""]
    assert table["value_without"].tolist() == pytest.approx([0.3, 0.45])
