"""Results of a scan as users look at them: at a prompt, in a notebook, as a table."""

import numpy as np
import pytest

import slicecore as sc
from slicecore import metrics


@pytest.fixture
def result():
    """Thirty clips, the last ten of them far away and wrong."""
    vectors = np.random.default_rng(0).normal(size=(30, 4)) + 40 * (np.arange(30) >= 20)[:, None]
    costs = metrics.wer(["good morning to you"] * 30, ["good morning to you"] * 20 + ["so long"] * 10)
    return sc.scan(sc.build_hierarchy(vectors), costs, min_support=5, min_drop=0.1)


def test_scans_and_slices_print_as_one_short_line(result):
    assert repr(result) == "Scan(1 slice with 100% of the errors; WER 0.333 over 30 clips)"
    (slice_,) = result.slices
    assert repr(slice_) == f"Slice({slice_.id}: 10 clips, value 1, drop 0.667, confirmed)"
    without_test = sc.scan(
        sc.build_hierarchy(np.zeros((3, 1))), metrics.mae([1, 2, 3], [1, 2, 3]), shuffles=0
    )
    assert repr(without_test) == "Scan(0 slices with 0% of the errors; MAE 0 over 3 clips)"


def test_a_scan_as_a_table_has_a_row_per_slice(result):
    frame = result.to_frame()
    assert frame.columns.tolist() == [
        *(
            "slice_id",
            "rank",
            "tier",
            "p_value",
            "parts",
            "support",
            "shared",
            "value",
            "interval_low",
            "interval_high",
        ),
        *("drop", "impact", "share", "metric", "overall_value"),
    ]
    (slice_,) = result.slices
    (row,) = frame.to_dict("records")
    assert (row["slice_id"], row["rank"], row["support"], row["drop"]) == (slice_.id, 1, 10, slice_.drop)
    assert len(sc.scan(sc.build_hierarchy(np.zeros((30, 1))), result.costs).to_frame()) == 0


def test_a_notebook_shows_the_slices_and_runs_no_text_of_the_user(result):
    page = result._repr_html_()
    assert result.slices[0].id in page and "<table" in page
    named = metrics.custom(
        lambda y, p: float(np.mean([a != b for a, b in zip(y, p, strict=True)])),
        [1, 2],
        [1, 3],
        False,
        "<b>x",
    )
    page = sc.scan(sc.build_hierarchy(np.zeros((2, 1))), named, shuffles=0)._repr_html_()
    assert "<b>" not in page and "&lt;b&gt;x" in page
