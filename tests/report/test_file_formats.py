"""Exported tables as Parquet and as a manifest."""

import io
import json

import pandas as pd
import pytest

from slicecore.report.file_formats import to_manifest, to_parquet
from slicecore.table.dataset import from_table, read


@pytest.fixture
def data():
    table = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "audio": ["a.wav", "long.wav", None],
            "start": [None, 2.5, None],
            "end": [None, 4.0, None],
            "reference": ["één", "two", "three"],
            "small": ["één", "too", ""],
            "large": ["een", "two", "three"],
        }
    )
    return from_table(
        table,
        name="t",
        audio="audio",
        reference="reference",
        prediction=["small", "large"],
        id="id",
        start="start",
        end="end",
        folder="/sounds",
    )


def manifest(table, data, lengths=(1.25, 1.5, None), corrected=()):
    by_row = dict(enumerate(lengths))
    content = to_manifest(table, data, lambda rows: [by_row[row] for row in rows], dict(corrected))
    return [json.loads(line) for line in content.decode().splitlines()]


def test_a_manifest_has_a_line_per_clip_with_sound_and_what_is_known_of_its_slice(data):
    table = pd.DataFrame(
        {"id": ["b", "c", "a"], "slice_id": ["s", "s", ""], "verdict": ["real_issue", "", ""]}
    )
    first, second = manifest(table, data)
    assert first == {
        "audio_filepath": "/sounds/long.wav",
        "duration": 1.5,
        "offset": 2.5,
        "text": "two",
        "pred_text": "too",
        "pred_text_large": "two",
        "id": "b",
        "slice_id": "s",
        "verdict": "real_issue",
    }
    assert (second["text"], second["offset"]) == ("één", 0.0)
    assert "slice_id" not in second


def test_a_corrected_reference_takes_the_place_of_the_tables(data):
    lengths = (None, float("nan"), None)
    first, second = manifest(pd.DataFrame({"id": ["a", "b"]}), data, lengths, {0: "eins"})
    assert (first["text"], first["original_text"]) == ("eins", "één")
    assert second["text"] == "two" and "original_text" not in second
    assert "duration" not in first and "duration" not in second


def test_a_manifest_is_read_as_a_table_again(data, tmp_path):
    path = tmp_path / "selection.jsonl"
    lengths = {0: 1.25, 1: 1.5}
    path.write_bytes(
        to_manifest(pd.DataFrame({"id": ["a", "b"]}), data, lambda rows: [lengths[row] for row in rows], {})
    )
    again = read(path)
    assert again.reference.tolist() == ["één", "two"]
    assert [(clip.start, clip.end) for clip in again.clips] == [(0.0, 1.25), (2.5, 4.0)]


def test_parquet_holds_the_types_of_columns_and_mixed_cells_as_texts():
    table = pd.DataFrame({"id": ["a", "b"], "value": [0.5, float("nan")], "age": [31, "old"], 7: [1, 2]})
    back = pd.read_parquet(io.BytesIO(to_parquet(table)))
    assert back["value"].dtype == float and back["age"].tolist() == ["31", "old"]
    assert list(back.columns) == ["id", "value", "age", "7"]
