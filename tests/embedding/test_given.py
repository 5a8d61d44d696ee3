import numpy as np
import pytest

from slicecore.dataset import read
from slicecore.embedding import embed
from slicecore.errors import ModelError


@pytest.fixture
def data(tmp_path):
    (tmp_path / "a.csv").write_text("label,pred\na,b\nc,d\ne,f\n")
    return read(tmp_path / "a.csv")


@pytest.mark.parametrize("ending", ["npy", "npz"])
def test_vectors_in_row_order(data, tmp_path, ending):
    vectors = np.arange(12.0).reshape(3, 4)
    vectors[1, 2] = np.nan
    path = tmp_path / f"v.{ending}"
    if ending == "npy":
        np.save(path, vectors)
    else:
        np.savez(path, vectors=vectors, other=np.zeros(2))
    run = embed(data, str(path))
    assert run.vectors.dtype == np.float32
    assert np.array_equal(run.vectors[[0, 2]], vectors[[0, 2]])
    assert np.isnan(run.vectors[1]).all()
    assert run.valid.tolist() == [True, False, True]
    assert set(run.reasons) == {1}
    assert run.label == f"Vectors from v.{ending}"


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
