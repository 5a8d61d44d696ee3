"""Tables of general formats: the same rows, roles and clips from each, and faults named by row."""

import gzip
import json
import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from little_table import PREDICTIONS, REFERENCES, ROWS, frame, json_lines, seconds, write_sounds
from pyarrow import parquet

from slicecore.cli.commands import main
from slicecore.embedding import embed
from slicecore.errors import MetricError, TableError
from slicecore.pipeline.costs import costs_of
from slicecore.table.dataset import read
from slicecore.table.readers.registry import format_of


def as_csv(folder):
    frame().to_csv(folder / "t.csv", index=False)
    return folder / "t.csv"


def as_packed_tsv(folder):
    frame().to_csv(folder / "t.tsv.gz", index=False, sep="\t")
    return folder / "t.tsv.gz"


def as_json_lines(folder):
    (folder / "t.txt").write_text(json_lines(ROWS))
    return folder / "t.txt"


def as_packed_json_lines(folder):
    (folder / "t.jsonl.gz").write_bytes(gzip.compress(json_lines(ROWS).encode()))
    return folder / "t.jsonl.gz"


def as_json_array(folder):
    (folder / "t.json").write_text(json.dumps(ROWS, indent=2))
    return folder / "t.json"


def as_parquet(folder):
    frame().to_parquet(folder / "t.data")
    return folder / "t.data"


def as_parquet_parts(folder):
    (folder / "data").mkdir()
    for part in (0, 1):
        frame()[part * 3 : part * 3 + 3].to_parquet(folder / "data" / f"test-0000{part}-of-00002.parquet")
    write_sounds(folder / "data")
    return folder


def as_arrow(folder):
    return pa.Table.from_pandas(frame())


def as_arrow_file(folder):
    table = as_arrow(folder)
    with pa.ipc.new_file(str(folder / "t"), table.schema) as file:
        file.write_table(table)
    return folder / "t"


def as_saved_dataset(folder):
    """As `Dataset.save_to_disk` writes it."""
    table = as_arrow(folder)
    for part in (0, 1):
        with pa.ipc.new_stream(str(folder / f"data-0000{part}-of-00002.arrow"), table.schema) as stream:
            stream.write_table(table.slice(part * 3, 3))
    (folder / "state.json").write_text("{}")
    return folder


class SpeaksArrow:
    """A table of a library that is not known here."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (as_csv, "csv"),
        (as_packed_tsv, "csv"),
        (as_json_lines, "json"),
        (as_packed_json_lines, "json"),
        (as_json_array, "json"),
        (as_parquet, "parquet"),
        (as_parquet_parts, "parquet"),
        (as_arrow_file, "arrow"),
        (as_saved_dataset, "arrow"),
        (lambda folder: frame(), None),
        (as_arrow, None),
        (lambda folder: SpeaksArrow(as_arrow(folder)), None),
    ],
)
def test_one_table_is_the_same_in_every_format(tmp_path, monkeypatch, write, name):
    monkeypatch.chdir(tmp_path)
    write_sounds(tmp_path)
    table = write(tmp_path)
    if name:
        assert format_of(table).name == name
    data = read(table)
    assert data.ids.tolist() == [row["id"] for row in ROWS]
    assert data.reference.tolist() == REFERENCES
    assert data.prediction.tolist() == PREDICTIONS
    assert data.metadata == ("speaker", "snr")
    assert data.table["snr"].dtype == np.float64
    assert [seconds(clip) for clip in data.clips] == [(row + 1) / 10 for row in range(6)]
    assert data.notes == ()


def test_recordings_inside_a_parquet_file_are_read_from_there(tmp_path, cache):

    write_sounds(tmp_path, "flac")
    content = [(tmp_path / f"{row}.flac").read_bytes() for row in range(6)]
    plain = frame().assign(audio=[f"{row}.flac" for row in range(6)])
    expected = embed(read(_written(plain, tmp_path / "plain.csv")), "signal", cache=cache).vectors
    structs = [{"bytes": content[row], "path": f"{row}.flac"} for row in range(6)]
    structs[3] = {"bytes": None, "path": "3.flac"}
    table = pa.Table.from_pandas(plain.drop(columns="audio"))
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = table.append_column("audio", pa.array(structs, kind))
    path = tmp_path / "embedded.parquet"
    parquet.write_table(table, path, row_group_size=2)
    for row in (0, 1, 2, 4, 5):
        (tmp_path / f"{row}.flac").unlink()
    data = read(path)
    assert data.table["audio"].tolist() == [f"{row}.flac" for row in range(6)]
    assert data.roles.audio == "audio"
    assert [seconds(clip) for clip in data.clips] == [(row + 1) / 10 for row in range(6)]
    np.testing.assert_array_equal(embed(data, "signal", cache=tmp_path / "other").vectors, expected)
    for in_memory in (table, table.to_pandas()):
        data = read(in_memory, folder=tmp_path)
        assert [seconds(clip) for clip in data.clips] == [(row + 1) / 10 for row in range(6)]
        assert data.metadata == ("speaker", "snr")
    bare = table.drop_columns(["audio"]).append_column("wav", pa.array([c["bytes"] for c in structs]))
    parquet.write_table(bare, path)
    data = read(path)
    clips = data.clips
    assert [row for row, clip in enumerate(clips) if clip is None] == [3]
    assert seconds(clips[5]) == 0.6
    path.unlink()
    assert "gone" in embed(data, "signal", cache=tmp_path / "third").reasons[0]


def _written(table, path):
    table.to_csv(path, index=False)
    return path


def test_columns_of_a_parquet_file_keep_their_kinds(tmp_path):
    table = pa.table(
        {
            "text": pa.array(["a", "b"]).dictionary_encode(),
            "pred": ["a", None],
            "vector": [[1.0, 2.0], [3.0, 4.0]],
            "words": [["a"], ["b", "c"]],
            "at": pa.array([0, 86_400_000], pa.timestamp("ms")),
            "long": pa.array([1500, 2500], pa.duration("ms")),
            "who": pa.array(
                [{"name": "anna", "age": 7}, None], pa.struct([("name", pa.string()), ("age", pa.int64())])
            ),
            "nothing": pa.nulls(2),
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    with pytest.warns(UserWarning, match="words"):
        data = read(tmp_path / "t.parquet")
    assert data.prediction.tolist() == ["a", ""]
    assert data.metadata == ("at", "long", "who.name", "who.age", "nothing")
    assert data.table["long"].tolist() == [1.5, 2.5]
    assert data.notes == ("Columns of lists, maps or bytes are not read: words.",)

    np.testing.assert_array_equal(embed(data, "column:vector").vectors, [[1, 2], [3, 4]])


def test_objects_inside_json_are_columns_and_missing_entries_are_empty(tmp_path):
    path = tmp_path / "t.jsonl"
    rows = [
        {"text": "a", "pred": None, "speaker": {"name": "anna"}, "tags": ["x", 1], "ok": True},
        {"text": "b", "pred": "c", "n": 3, "speaker": {"name": "bob", "age": 30.5}},
        {"text": "007", "pred": "d", "n": 4.5, "ok": False},
    ]
    path.write_text(json_lines(rows))
    data = read(path)
    assert data.prediction.tolist() == ["", "c", "d"]
    assert data.reference.tolist() == ["a", "b", "007"]
    assert data.metadata == ("speaker.name", "tags", "ok", "n", "speaker.age")
    assert data.table["tags"].tolist()[0] == '["x", 1]'
    assert data.table["n"].tolist()[1:] == [3.0, 4.5]
    assert np.isnan(data.table["n"].tolist()[0])


def test_a_manifest_of_nemo_has_parts_where_it_gives_offsets(tmp_path):
    rows = [
        {"audio_filepath": "a.wav", "text": "x", "pred_text_large": "y", "offset": 1.1, "duration": 2.2},
        {"audio_filepath": "/d/b.wav", "text": "x", "pred_text": "y", "offset": 0, "duration": 2},
        {"audio_filepath": "c.wav", "text": "x", "duration": 3.5, "lang": "de"},
    ]
    path = tmp_path / "m.json"
    path.write_text(json_lines(rows))
    assert format_of(path).name == "nemo"
    data = read(path)
    places = [(str(clip.path), clip.start, clip.end) for clip in data.clips]
    assert places == [
        (str(tmp_path / "a.wav"), 1.1, 3.3),
        ("/d/b.wav", 0, 2),
        (str(tmp_path / "c.wav"), 0, None),
    ]
    assert data.roles.predictions == ("pred_text", "pred_text_large")
    assert data.metadata == ("duration", "lang")
    path.write_text(json.dumps(rows))
    assert [clip.end for clip in read(path).clips] == [3.3, 2, None]
    path.write_text(json_lines([row | {"offset": None} for row in rows]))
    assert [clip.is_part for clip in read(path).clips] == [False] * 3


def test_a_format_can_be_chosen(tmp_path):
    path = tmp_path / "m.json"
    path.write_text(json_lines([{"audio_filepath": "a.wav", "text": "x", "pred_text": "y", "offset": 3}]))
    assert read(path, format="nemo").clips[0].start == 3
    assert read(path, format="json").clips[0].start == 0
    with pytest.raises(TableError, match=r"Row 1 has 1 cells|has a header but no rows"):
        read(path, format="csv")
    with pytest.raises(TableError, match=r"no format “nmo”\. Formats are .*nemo"):
        read(path, format="nmo")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '{"text": "a", "pred": "b"}\n\n{"text": "a", "pred": }\n',
            r"Row 3 of “t” is no JSON: .*character 23",
        ),
        ('{"text": "a", "pred": "b"}\n[1]\n', r"Row 2 of “t” is \[1\], not an object"),
        ('{\n"text": {"0": "a"}\n}', "single JSON object.*orient='records'"),
        ('[{"text": "a", "pred": "b"}, 7]', "Row 2 of “t” is 7, not an object"),
        ('[{"text": "a"', "no JSON"),
        ("[]", "no rows"),
        ('{"text": "a", "hyp": "b", "t": {"a": 1}, "t.a": 2}', "Row 1 of “t” has more than one entry “t.a”"),
        ("{}", "rows without any field"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "a", "hyp": "b", "n": 1' + "0" * 5000 + "}", "no JSON"),
        ('{"audio_filepath": "a", "text": "a", "pred": "b", "offset": "x"}', "Row 1 .*“x” in “offset”"),
        (
            '{"audio_filepath": "a", "text": "a", "pred": "b", "offset": 2, "duration": 0}',
            "not after the start",
        ),
        ('{"audio_filepath": "a", "text": "a", "pred": "b", "offset": -2}', "not a time"),
        ("PAR1 and no more", "can't be read as Parquet"),
        ("\x1f\x8b and no more".encode("latin-1"), "gzipped, but damaged"),
        (gzip.compress(b"text,pred\na,b\n" * 99, mtime=0)[:-12], "gzipped, but damaged"),
    ],
)
def test_faults_are_named(tmp_path, content, message):
    path = tmp_path / "t"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError, match=message):
        read(path)


def test_half_a_surrogate_pair_and_numbers_without_end_are_read(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "a \\ud800", "hyp": "b", "n": 1%s, "x": NaN, "\\udc00": 1}' % ("0" * 400))
    data = read(path)
    assert data.reference.tolist() == ["a ?"]
    assert data.table["n"].tolist() == [np.inf]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (7, "not int"),
        (
            pd.DataFrame({"audio": [{"array": [0.0], "sampling_rate": 8000, "path": "x"}]}),
            "holds decoded sounds",
        ),
        (
            pd.DataFrame({"audio": [{"bytes": b"x"}, {"bytes": "x"}]}),
            "Row 3: “bytes” in column “audio” is of the type str",
        ),
        (pd.DataFrame([["a", "b"]], columns=["x", "x"]), "more than one column “x”"),
        (pa.table([["a"], ["b"]], names=["x", "x"]), "more than one column “x”"),
        (pa.table({"text": pa.array([], pa.string())}), "no rows"),
    ],
)
def test_what_is_no_table_is_refused(table, message):
    with pytest.raises(TableError, match=message):
        read(table)


def test_a_damaged_arrow_file_does_not_end_the_process(tmp_path):
    words = pa.array(["good", "day", "good"]).dictionary_encode()
    table = pa.table({"text": words, "hyp": ["a", "b", "c"]})
    with pa.OSFile(str(tmp_path / "t"), "wb") as out, pa.ipc.new_file(out, table.schema) as file:
        file.write_table(table)
    content = (tmp_path / "t").read_bytes()
    places = np.array([0, 1, 0], "<i4").tobytes()
    assert content.count(places) == 1
    (tmp_path / "t").write_bytes(content.replace(places, np.array([0, 1 << 30, 0], "<i4").tobytes()))
    with pytest.raises(TableError, match="can't be read as an Arrow file"):
        read(tmp_path / "t")


def test_lengths_of_time_are_seconds():
    ends = pd.to_timedelta([1.5, 2.5], unit="s")
    data = read(pd.DataFrame({"audio": "a.wav", "start": ends * 0, "end": ends, "text": "a", "pred": "b"}))
    assert [clip.end for clip in data.clips] == [1.5, 2.5]


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(TableError, match="Save its content to a file"):
        read(tmp_path / "t.csv")


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("pathlib.Path.iterdir", refused)
    with pytest.raises(TableError, match=f"{tmp_path}.* can't be read: Permission denied"):
        read(tmp_path)


def test_a_folder_with_several_tables_names_them(tmp_path):
    for name in ("train", "test"):
        frame().to_parquet(tmp_path / f"{name}-00000-of-00001.parquet")
    with pytest.raises(TableError, match="several tables: test-00000-of-00001"):
        read(tmp_path)
    (tmp_path / "saved" / "dev").mkdir(parents=True)
    as_saved_dataset(tmp_path / "saved" / "dev")
    (tmp_path / "saved" / "dataset_dict.json").write_text("{}")
    with pytest.raises(TableError, match="the splits of a dataset: dev"):
        read(tmp_path / "saved")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "calls.csv").write_text("")
    with pytest.raises(TableError, match=r"Name the table in it: calls\.csv"):
        read(tmp_path / "other")


def test_names_of_columns_may_be_numbers_and_cells_hold_half_a_surrogate_pair():
    cells = [["x\ud800", "y", "\udfffnote"], ["b", "b", None]]
    data = read(pd.DataFrame(cells, dtype=object), reference=0, prediction=1)
    assert data.roles.reference == "0" and data.roles.predictions == ("1",) and data.metadata == ("2",)
    assert data.reference.tolist() == ["x?", "b"]
    assert data.table["2"].tolist()[0] == "?note" and len(set(data.ids)) == 2
    both = read(pd.DataFrame(cells, dtype=object), reference=0, prediction=[1, 2])
    assert both.roles.predictions == ("1", "2")


def test_an_empty_path_is_not_the_working_folder(monkeypatch, capsys):
    with pytest.raises(TableError, match="The path of the table is empty"):
        read(" ")
    for command in ("scan", "embed"):
        monkeypatch.setattr("sys.argv", ["slicecore", command, ""])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2 and "The path of the table is empty" in capsys.readouterr().err


def test_an_error_about_a_clip_names_its_row_as_an_editor_shows_it(tmp_path):
    records = [{"text": "1", "prediction": "2"}, {"text": "3", "prediction": "x"}]
    (tmp_path / "t.jsonl").write_text(json_lines(records))
    pd.DataFrame(records).to_csv(tmp_path / "t.csv", index=False)
    for file, row in (("t.jsonl", 2), ("t.csv", 3)):
        with pytest.raises(MetricError, match=f"Row {row}, column “prediction”: “x” is not a number"):
            costs_of(read(tmp_path / file), "mae")
