"""What a notebook shows of a data set."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc


def test_a_data_set_shows_its_columns_and_first_rows():
    frame = pd.DataFrame(
        {
            "audio": [f"{i}.wav" for i in range(9)],
            "sentence": ["a" * 500] * 9,
            "prediction": "b",
            "prediction_large": "c",
            **{f"column {i}": i for i in range(20)},
        }
    )
    data = sc.read(frame)
    assert (
        repr(data) == "Dataset(table: 9 clips, audio “audio”, reference “sentence”, "
        "predictions “prediction”, “prediction_large”)"
    )
    content = data._repr_html_()
    assert "4.wav" in content and "5.wav" not in content and "and 12 more columns" in content
    assert len(content) < 5000


@given(st.text(min_size=1, max_size=30))
def test_no_cell_or_name_is_markup(text):
    hostile = f"{text}<b onclick='alert(1)'>"
    frame = pd.DataFrame({"sentence": [hostile], "prediction": ["b"], hostile: [hostile]})
    assert "<b" not in sc.read(frame)._repr_html_()
