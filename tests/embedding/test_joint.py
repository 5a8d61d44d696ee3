import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.embedding import embed, label
from slicecore.embedding.model_spec import ModelPart, parse_model
from slicecore.errors import ModelError
from slicecore.table.dataset import from_table


@pytest.fixture
def data(make_data, tmp_path):
    """Four clips, of which the third can't be decoded, with vectors in two columns; one is missing."""
    table = make_data(3, rows=["none.wav,a,b"]).table
    vectors = np.random.default_rng(0).normal(5, 100, (4, 7))
    table["v"] = [str(row.tolist()) for row in vectors]
    table["w+x"] = ["[1, 2]", "[2, 1]", "", "[0, 9]"]
    return from_table(table, name="joint", folder=tmp_path)


def test_blocks_weigh_alike_whatever_their_size(data, cache):
    run = embed(data, "signal+column:v", cache=cache)
    assert run.valid.tolist() == [True, True, True, False]
    assert run.reasons == {3: "Recording (signal): File not found"}
    assert run.label == "Recording (signal) + Vectors from column v"
    signal, column = run.vectors[:3, :215], run.vectors[:3, 215:]
    for block in (signal, column):
        assert np.allclose(block.mean(axis=0), 0, atol=1e-6)
        assert np.square(block).sum(axis=1).mean() == pytest.approx(1, abs=1e-5)
    # Nothing but shift and scale: distances inside a block keep their ratios.
    alone = embed(data, cache=cache).vectors[:3]
    assert np.ptp(distances(alone) / distances(signal)) == pytest.approx(0, abs=1e-3)
    assert run.settings["signal"] == {"weight": 1.0, "revision": "", "descriptors": 215}
    assert run.about == f"{run.label} · signal: weight 1, descriptors 215 · column:v: weight 1"


def test_a_weight_is_a_share_of_the_squared_distances(data, cache):
    run = embed(data, "signal*3+column:v", cache=cache)
    signal, column = run.vectors[:3, :215], run.vectors[:3, 215:]
    assert np.square(signal).sum() / np.square(column).sum() == pytest.approx(3, abs=1e-4)
    assert run.label == "3 × Recording (signal) + Vectors from column v"


def test_a_clip_without_one_of_the_vectors_has_its_reason(data, cache):
    run = embed(data, "column:v+signal", cache=cache)
    assert run.reasons.keys() == {3}
    (column,) = parse_model("column:w+x", list(data.table.columns)).parts
    assert column == ModelPart("column:w+x")
    assert column.column == "w+x"
    assert embed(data, "column:w+x", cache=cache).reasons == {2: "No vector in column “w+x”"}


def test_progress_counts_the_clips_of_every_pass(data, cache):
    seen = []
    embed(data, "signal+column:v", cache=cache, progress=lambda *at: seen.append(at))
    assert {total for _, total in seen} == {4}
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_equal_vectors_are_no_division_by_zero(data, cache):
    table = data.table.assign(same="[1, 1]")
    run = embed(from_table(table, name="same"), "column:same+column:v", cache=cache)
    assert (run.vectors[:, :2] == 0).all()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("signal+", "part without a name"),
        ("signal+signal", "twice"),
        ("signal*0+speaker", "no positive number"),
        ("signal*much+speaker", "“much”"),
    ],
)
def test_models_that_make_no_sense(data, cache, model, message):
    with pytest.raises(ModelError, match=message):
        embed(data, model, cache=cache)


@settings(deadline=None)  # it looks for files of these names, which takes as long as the disk takes
@given(
    st.lists(st.sampled_from(["signal", "speaker", "a/b-1.0", "v.npy"]), min_size=1, unique=True), st.data()
)
def test_parts_are_what_was_written(names, draw):
    weights = [draw.draw(st.sampled_from([1, 2, 0.5])) for _ in names]
    text = "+".join(
        f"{name}*{weight}" if weight != 1 else name for name, weight in zip(names, weights, strict=True)
    )
    assert parse_model(text).parts == tuple(map(ModelPart, names, weights))
    assert len(label(text)) >= len(names)


def test_a_file_with_a_plus_in_its_name_is_a_file(data, cache, tmp_path):
    np.save(tmp_path / "a+b.npy", np.zeros((4, 2)))
    assert embed(data, str(tmp_path / "a+b.npy"), cache=cache).vectors.shape == (4, 2)


def distances(vectors):
    return np.linalg.norm(vectors[[0, 0, 1]] - vectors[[1, 2, 2]], axis=1)
