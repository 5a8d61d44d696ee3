import io
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from slicecore.embedding import embed
from slicecore.embedding.model_spec import of_unknown_meaning
from slicecore.errors import ModelError
from slicecore.mapped_memory import is_mapped
from slicecore.storage import disk_arrays
from slicecore.table.dataset import from_table, read


@pytest.fixture
def data(tmp_path):
    (tmp_path / "a.csv").write_text("label,pred\na,b\nc,d\ne,f\n")
    return read(tmp_path / "a.csv")


def save_npy(path, vectors):
    np.save(path.with_suffix(".npy"), vectors)


def save_npz(path, vectors):
    np.savez(path.with_suffix(".npz"), vectors=vectors, other=np.zeros(2))


def save_lists(path, vectors):
    table = pd.DataFrame({"id": ["a", "b", "c"], "embedding": list(vectors.astype(np.float32))})
    table.to_parquet(path.with_suffix(".parquet"))


def save_numbers(path, vectors):
    pd.DataFrame(vectors, columns=["a", "b", "c", "d"]).to_parquet(path.with_suffix(".parquet"))


@pytest.mark.parametrize(
    ("ending", "save"),
    [("npy", save_npy), ("npz", save_npz), ("parquet", save_lists), ("parquet", save_numbers)],
)
def test_vectors_in_row_order(data, tmp_path, ending, save):
    vectors = np.arange(12.0).reshape(3, 4)
    vectors[1, 2] = np.nan
    path = tmp_path / f"v.{ending}"
    save(path, vectors)
    run = embed(data, str(path))
    assert run.vectors.dtype == np.float32
    assert np.array_equal(run.vectors[[0, 2]], vectors[[0, 2]])
    assert np.isnan(run.vectors[1]).all()
    assert run.valid.tolist() == [True, False, True]
    assert set(run.reasons) == {1}
    assert run.label == f"Vectors from v.{ending}"
    assert len(run.revision) == 16


@pytest.mark.parametrize("ending", ["npy", "npz"])
@pytest.mark.parametrize("hole", [False, True])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_large_vectors_take_no_memory_of_their_own(data, tmp_path, monkeypatch, ending, hole, kind, order):
    monkeypatch.setattr(disk_arrays, "MAPPED_FROM", 1)
    vectors = np.arange(12, dtype=kind).reshape(3, 4).astype(kind, order=order)
    if hole:
        vectors[1, 2] = np.nan
    save, path = {"npy": save_npy, "npz": save_npz}[ending], tmp_path / f"v.{ending}"
    save(path, vectors)
    run = embed(data, str(path), cache=tmp_path / "cache")
    save(path, vectors + 9)  # what becomes of the file is nothing to those that were read
    assert is_mapped(run.vectors) and run.vectors.dtype == np.float32
    assert np.array_equal(run.vectors[[0, 2]], vectors[[0, 2]])
    assert np.isnan(run.vectors[1]).all() == hole and set(run.reasons) == ({1} if hole else set())
    assert hole or np.array_equal(run.vectors[1], vectors[1])


def test_large_vectors_that_break_off_are_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr(disk_arrays, "MAPPED_FROM", 1)
    content = io.BytesIO()
    np.save(content, np.zeros((3, 4), np.float32))
    with zipfile.ZipFile(tmp_path / "v.npz", "w") as archive:
        archive.writestr("vectors.npy", content.getvalue()[:-4])
    with pytest.raises(ModelError, match="breaks off"):
        embed(data, str(tmp_path / "v.npz"), cache=tmp_path / "cache")
    short = io.BytesIO(b"1234567")
    with pytest.raises(EOFError, match="after 7 bytes of 8"):
        disk_arrays.read_onto_disk(short, (2,), np.dtype(np.float32), tmp_path)


def test_large_vectors_are_read_into_memory_where_the_disk_is_full(data, tmp_path, monkeypatch):
    monkeypatch.setattr(disk_arrays, "MAPPED_FROM", 1)
    monkeypatch.setattr(disk_arrays.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    vectors = np.arange(12, dtype=np.float32).reshape(3, 4)
    save_npy(tmp_path / "v.npy", vectors)
    run = embed(data, str(tmp_path / "v.npy"), cache=tmp_path / "cache")
    assert not is_mapped(run.vectors) and np.array_equal(run.vectors, vectors)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros((4, 2)), "4 vectors, but the table has 3 rows"),
        (np.zeros(3), "shape"),
        (np.array([["a"], ["b"], ["c"]]), "numbers"),
    ],
)
def test_vectors_that_do_not_fit(data, tmp_path, content, message):
    np.save(tmp_path / "v.npy", content)
    with pytest.raises(ModelError, match=message):
        embed(data, str(tmp_path / "v.npy"))


def test_files_that_hold_no_vectors(data, tmp_path):
    with pytest.raises(ModelError, match="no file"):
        embed(data, str(tmp_path / "none.npy"))
    (tmp_path / "v.npy").write_bytes(b"nothing of use")
    with pytest.raises(ModelError, match="can't be read"):
        embed(data, str(tmp_path / "v.npy"))
    np.save(tmp_path / "v.npy", np.array([{}, {}, {}]), allow_pickle=True)
    with pytest.raises(ModelError, match="can't be read"):
        embed(data, str(tmp_path / "v.npy"))
    np.savez(tmp_path / "v.npz", a=np.zeros(2), b=np.zeros(2))
    with pytest.raises(ModelError, match="arrays a, b"):
        embed(data, str(tmp_path / "v.npz"))


def test_parquet_tables_that_do_not_fit(data, tmp_path):
    path = tmp_path / "v.parquet"
    for table, message in (
        (pd.DataFrame({"a": ["x", "y", "z"], "b": [1, 2, 3]}), "not numbers: a"),
        (pd.DataFrame({"a": ["x", "y", "z"]}), "no column of lists"),
        (pd.DataFrame({"a": [[1.0], [2.0], [3.0, 4.0]]}), "Row 3 .* has 2 numbers, row 1 has 1"),
        (pd.DataFrame({"a": [[1.0]] * 3, "b": [[1.0]] * 3}), "Call the one with the vectors"),
        (pd.DataFrame({"a": [1.0, 2.0]}), "2 vectors, but the table has 3 rows"),
    ):
        table.to_parquet(path)
        with pytest.raises(ModelError, match=message):
            embed(data, str(path))
    path.write_bytes(b"no table")
    with pytest.raises(ModelError, match="can't be read as a Parquet table"):
        embed(data, str(path))


@pytest.mark.parametrize("as_text", [True, False])
def test_a_column_of_the_table(as_text):
    cells = [[1, 2.5], None, np.array([3, 4])]
    if as_text:
        cells = ["[1, 2.5]", "", "[3, 4]"]
    table = pd.DataFrame({"ref": "a", "pred": ["a", "b", "c"]})
    table["v"] = pd.Series(cells, dtype=object)
    run = embed(from_table(table, name="t"), "column:v")
    assert np.array_equal(run.vectors[[0, 2]], [[1, 2.5], [3, 4]])
    assert run.reasons == {1: "No vector in column “v”"}
    assert (run.model, run.label) == ("column:v", "Vectors from column v")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["[1]", "[1, 2]"], "Row 3 of column “v” has 2 numbers, row 2 has 1"),
        (["[1]", "one"], "Row 3 of column “v” holds “one”"),
        (["[1]", "7"], "Row 3 of column “v” holds “7”"),
        (["", ""], "There is no vector in column “v”"),
    ],
)
def test_columns_that_hold_something_else(cells, message):
    table = pd.DataFrame({"ref": "a", "pred": ["a", "b"], "v": cells})
    with pytest.raises(ModelError, match=message):
        embed(from_table(table, name="t"), "column:v")
    with pytest.raises(ModelError, match=r"no column “w”.*ref, pred, v"):
        embed(from_table(table, name="t"), "column:w")


@pytest.mark.parametrize(
    ("model", "unknown"),
    [
        ("signal", False),
        ("signal*2+speaker", False),
        ("column:x", True),
        ("signal+v.npy", True),
        ("none", True),
    ],
)
def test_vectors_of_the_users_own_may_mean_anything(model, unknown):
    assert of_unknown_meaning(model) is unknown
