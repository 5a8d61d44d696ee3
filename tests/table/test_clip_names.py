"""Names of clips for people."""

import pandas as pd

from slicecore.table.dataset import from_table


def names(**columns):
    table = pd.DataFrame({"ref": ["a"] * 2, "hyp": ["a"] * 2, **columns})
    roles = {role: role for role in ("id", "start", "end") if role in columns}
    data = from_table(table, name="t", reference="ref", prediction="hyp", **roles)
    return [data.clip_name(row) for row in range(2)]


def test_a_clip_is_called_by_its_id_else_by_its_file_and_part():
    files = ["x/one.wav", "https://host/y/two.wav"]
    assert names(audio=files, id=["a", "b"]) == ["a", "b"]
    assert names(audio=files) == ["one.wav", "two.wav"]
    assert names(audio=files, start=[0, 2.5], end=[None, 4]) == ["one.wav", "two.wav 2.5–4 s"]
    assert names(audio=["long.wav"] * 2, start=[0, 3], end=[3, None])[1] == "long.wav from 3 s"
    assert all(len(name) == 12 for name in names(audio=["", ""], k=[1, 2]))


def test_rows_that_name_a_sound_are_counted():
    table = pd.DataFrame({"ref": ["a"] * 4, "hyp": ["a"] * 4, "audio": ["a.wav", " ", "", None]})
    roles = {"reference": "ref", "prediction": "hyp"}
    data = from_table(table, name="t", **roles)
    assert data.named_clips == sum(clip is not None for clip in data.clips) == 1
    assert from_table(table.drop(columns="audio"), name="t", **roles).named_clips == 0
