"""Single errors: a row per wrong word, which adds up to the errors of the metric."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.errors import MetricError

texts = st.lists(st.sampled_from("abc"), max_size=5).map(" ".join)


def table_of(pairs, **columns):
    references, predictions = zip(*pairs, strict=True)
    ids = [f"c{row}" for row in range(len(pairs))]
    return sc.from_table(
        pd.DataFrame({"id": ids, "sentence": references, "prediction": predictions, **columns}), name="calls"
    )


def test_each_error_has_its_kind_its_words_and_its_place():
    data = table_of([("a b", "a b"), ("Turn the lamp on", "oh turn the lab"), ("", "a")])
    rows = sc.error_rows(data).to_dict("split")["data"]
    assert rows == [
        ["c1", "insertion", "", "oh", 0],
        ["c1", "substitution", "lamp", "lab", 3],
        ["c1", "deletion", "on", "", 4],
        ["c2", "insertion", "", "a", 0],
    ]


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_errors_add_up_to_those_of_the_metric(pairs):
    data = table_of(pairs)
    rows = sc.error_rows(data)
    counted = rows.id.value_counts().reindex(data.ids, fill_value=0)
    assert counted.tolist() == sc.metrics.wer(data.reference, data.prediction).numerator.tolist()
    for row in rows[rows.kind != "insertion"].itertuples():
        assert data.reference[data.row_of_id[row.id]].split()[row.position - 1] == row.reference_word


def test_clips_that_are_parts_of_files_keep_their_times():
    data = table_of([("a", "b")] * 2, audio=["long.wav"] * 2, start=["0", "2.5"], end=["2.5", ""])
    rows = sc.error_rows(data)
    assert list(rows.columns[-2:]) == ["start", "end"]
    assert rows.start.tolist() == [0, 2.5] and rows.end[0] == 2.5


def test_a_metric_of_numbers_has_no_wrong_words():
    data = table_of([("1", "2")] * 4)
    scan = sc.Scan((), 1.0, sc.metrics.mae(data.reference, data.prediction), 1, 0.1, 0.0, None, sc.Options())
    with pytest.raises(MetricError, match="wer or cer"):
        sc.error_rows(data, scan)
