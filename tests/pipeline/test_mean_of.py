"""Search by the mean of a number per clip, without references and predictions."""

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import MetricError, TableError
from slicecore.metrics import Costs
from slicecore.pipeline.page_table import page_arguments
from slicecore.slices.metric_columns import without_metric

BAD = np.arange(60) < 12


@pytest.fixture
def frame():
    """Clips of which those on the phone have a low MOS."""
    return pd.DataFrame(
        {
            "mos": np.where(BAD, 1.5, 4.0) + np.linspace(0, 0.5, 60),
            "device": np.where(BAD, "phone", "headset"),
            "noise": np.random.default_rng(0).normal(size=60),
        }
    )


def searched(frame, **more):
    return sc.find_slices(
        frame, mean_of="mos", higher_is_better=True, explain=False, shuffles=19, min_drop=0.5, **more
    )


def test_a_table_needs_no_references(frame, tmp_path):
    result = searched(frame)
    assert result.data.roles.predictions == ("mos",) and set(result.data.reference) == {""}
    assert result.costs.name == "mos" and result.scan.overall == pytest.approx(frame["mos"].mean())
    assert [each.label for each in result.metadata_slices] == ["device = phone"]
    result.save(tmp_path)
    assert (tmp_path / "slices.csv").exists()


def test_beside_references_the_column_is_no_slice_of_itself(frame):
    frame = frame.assign(reference="a b", prediction=np.where(BAD, "a", "a b"))
    result = searched(frame)
    assert result.data.roles.reference == "reference" and "mos" in result.data.metadata
    assert [each.label for each in result.metadata_slices] == ["device = phone"]


def test_what_does_not_fit(frame):
    with pytest.raises(MetricError, match="Leave out metric or mean_of"):
        searched(frame, metric="wer")
    with pytest.raises(TableError, match=r"There is no column “mod” for the mean\. Did you mean “mos”"):
        sc.find_slices(frame, mean_of="mod")
    unlabelled = sc.read(frame, prediction="device", labelled=False)
    with pytest.raises(TableError, match="has no references, which WER needs"):
        sc.find_slices(unlabelled, metric="wer", explain=False)


def test_the_page_takes_the_mean_of_the_same_column(frame, tmp_path):
    frame.to_csv(tmp_path / "clips.csv", index=False)
    result = searched(tmp_path / "clips.csv")
    arguments = page_arguments(result)
    assert arguments[arguments.index("--mean-of") :][:3] == ["--mean-of", "mos", "--higher-is-better"]
    assert "mos_" not in page_arguments(searched(frame))


def test_columns_of_the_metric_are_known_by_their_numbers():
    table = pd.DataFrame({"a": [1.0, 2.0, None], "b": [1, 2, 3], "c": ["1", "2", ""]})
    costs = Costs([1.0, 2.0, 0.0], [1.0, 1.0, 0.0])
    assert without_metric(table, list(table), costs) == ["b", "c"]
