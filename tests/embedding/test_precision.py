import checkpoints
import numpy as np
import pytest
import torch

from slicecore.embedding import eight_bits, embed, precision
from slicecore.embedding.huggingface import open_huggingface
from slicecore.embedding.transformer import TransformerEmbedder

# With 8 channels oneDNN 3.12 gets convolutions in bfloat16 wrong on processors with AMX: these have 16.
WIDE = {"conv_dim": (16, 16), "num_conv_pos_embedding_groups": 1}


@pytest.fixture
def processor(monkeypatch):
    """A setter of what the processor gains by: names of instructions and of precisions; every model is large."""

    def has(*names: str) -> None:
        monkeypatch.setattr(precision, "_processor_has", lambda ask: any(name in ask for name in names))
        monkeypatch.setattr(eight_bits, "is_faster_here", lambda: "int8" in names)
        monkeypatch.setattr(eight_bits, "is_fourfold_here", lambda: "vnni" in names)

    monkeypatch.setattr(precision, "_WORTH_IT", 0)
    monkeypatch.setattr(precision, "device", lambda: "cpu")
    return has


@pytest.fixture
def gains(processor):
    """The processor gains by 16 bits alone."""
    processor("avx512_bf16")


@pytest.fixture
def eight(processor):
    """The processor gains by 8 bits and not by 16."""
    processor("int8")


@pytest.fixture
def loads(monkeypatch):
    """Counts how often weights are loaded."""
    counted, load = [], TransformerEmbedder._load
    monkeypatch.setattr(TransformerEmbedder, "_load", lambda self: (counted.append(1), load(self))[1])
    return counted


@pytest.fixture(scope="module", params=["ast", "wav2vec2 with layer norm", "whisper", "clap", "x-vector"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    if request.param == "wav2vec2 with layer norm":
        return checkpoints.waveform(folder, norm="layer", **WIDE)
    return checkpoints.EVERY[request.param](folder)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ()),
        (("int8",), ("int8",)),
        (("int8", "vnni"), ("int8",)),
        (("avx512_bf16", "int8"), ("bfloat16",)),
        (("avx512_bf16", "int8", "vnni"), ("int8+bfloat16", "bfloat16")),
        (("amx_tile", "avx512_bf16", "int8", "vnni"), ("bfloat16",)),
    ],
)
def test_what_is_tried_depends_on_the_processor(processor, names, expected):
    processor(*names)
    assert precision.worth_trying(1) == expected


def test_sixteen_bits_give_the_same_vectors_and_are_kept_apart(model, make_data, cache, gains, processor):
    data = make_data(3)
    run = embed(data, model, cache=cache)
    assert run.settings["precision"] == "bfloat16"
    processor()
    (note,) = (cache / "precision").iterdir()
    note.unlink()
    exact = embed(data, model, cache=cache)
    assert exact.settings["precision"] == "float32"
    assert precision.least_cosine(list(run.vectors), list(exact.vectors)) > 0.999
    assert not np.array_equal(run.vectors, exact.vectors)
    assert run.labels.keys() == exact.labels.keys()


@pytest.mark.skipif(
    not eight_bits.is_faster_here(), reason="This processor, or PyTorch, has no products of 8 bits."
)
@pytest.mark.parametrize(
    ("names", "expected"), [(("int8",), "int8"), (("int8", "vnni", "avx512_bf16"), "int8+bfloat16")]
)
def test_eight_bits_are_taken_kept_apart_and_the_same_in_any_batch(
    model, make_data, cache, tmp_path, processor, monkeypatch, names, expected
):
    processor(*names)
    monkeypatch.setattr(
        precision, "_nearest", lambda vectors: np.zeros(1)
    )  # of weights by chance all are near
    data = make_data(3)
    run = embed(data, model, cache=cache)
    assert run.settings["precision"] == expected
    again = open_huggingface(model, cache)
    again.start()
    assert f'"precision": "{expected}"' in again.key
    prepared = [again.prepare(samples) for samples in checkpoints.some_clips()]
    together = [outcome.vector for outcome in again.compute(prepared)]
    alone = [again.compute([clip])[0].vector for clip in prepared]
    assert np.abs(np.stack(together) - np.stack(alone)).max() < 1e-2 * np.abs(np.stack(alone)).max()
    processor()
    full = open_huggingface(model, tmp_path / "another cache")
    full.start()
    assert full.settings["precision"] == "float32"
    exact = [outcome.vector for outcome in full.compute(prepared)]
    assert 0.99 < precision.least_cosine(together, exact) < 1


@pytest.mark.skipif(
    not eight_bits.is_faster_here(), reason="This processor, or PyTorch, has no products of 8 bits."
)
@pytest.mark.parametrize("largest", [1, 1000])
def test_a_product_of_eight_bits_is_as_exact_as_its_rows_allow(largest):
    """A token with large values, which transformers have, makes no other one coarser."""
    torch.manual_seed(0)
    values = torch.randn(2, 700, 96)
    values[:, 3] *= largest
    values[:, 5] = 0
    layers = torch.nn.Sequential(torch.nn.Linear(96, 64), torch.nn.Sequential(torch.nn.Conv1d(64, 32, 3, 2)))
    exact = layers[1](layers[0](values).transpose(1, 2)).detach()
    eight_bits.lower(layers)
    with torch.inference_mode():
        made = layers[1](layers[0](values).transpose(1, 2))
    assert made.shape == exact.shape
    error = (made - exact).norm(dim=1) / exact.norm(dim=1)
    assert 0 < error.max() < 0.05


@pytest.mark.skipif(
    not eight_bits.is_faster_here(), reason="This processor, or PyTorch, has no products of 8 bits."
)
def test_where_eight_bits_fail_the_comparison_sixteen_are_tried(
    make_data, cache, tmp_path, processor, monkeypatch, loads
):
    processor("int8", "vnni", "avx512_bf16")
    monkeypatch.setattr(precision, "are_close", lambda name, exact, rounded: name == "bfloat16")
    model = checkpoints.waveform(tmp_path / "model", norm="layer", **WIDE)
    run = embed(make_data(1), model, cache=cache)
    assert run.settings["precision"] == "bfloat16"
    assert len(loads) == 2  # what 8 bits changed was loaded again
    again = open_huggingface(model, cache)
    again.start()
    assert (again.settings["precision"], len(loads)) == ("bfloat16", 3)
    alone = again.compute([again.prepare(samples) for samples in checkpoints.some_clips()[:1]])
    assert np.isfinite(alone[0].vector).all()


def test_a_model_that_does_not_take_such_layers_stays_in_32_bits(
    make_data, cache, tmp_path, eight, monkeypatch
):
    monkeypatch.setattr(eight_bits, "_ITSELF", ())
    model = checkpoints.waveform(tmp_path / "model", "WavLM")
    assert embed(make_data(2), model, cache=cache).settings["precision"] == "float32"


@pytest.mark.parametrize(("moved", "close"), [(0.0, True), (0.02, False)])
def test_the_nearest_sound_has_to_stay_the_nearest(moved, close):
    exact = [np.array([1, at]) for at in (0.0, 0.03, 0.07)]
    rounded = [np.array([1, at]) for at in (0.0, 0.03 + moved, 0.07)]
    assert precision.least_cosine(exact, rounded) > 0.99
    assert precision.are_close("int8", exact, rounded) == close


def test_vectors_that_differ_too_much_are_made_with_32_bits(cache, tmp_path, gains, monkeypatch):
    model = checkpoints.waveform(tmp_path / "model", **WIDE)
    plain = open_huggingface(model, cache)
    plain.start()
    samples = checkpoints.some_clips()[0]
    expected = plain.compute([plain.prepare(samples)])[0].vector
    (cache / "precision").rename(tmp_path / "forgotten")
    monkeypatch.setattr(precision, "least_cosine", lambda some, others: 0.98)
    careful = open_huggingface(model, cache)
    careful.start()
    assert careful.settings["precision"] == "float32"
    assert careful.key != plain.key
    again = careful.compute([careful.prepare(samples)])[0].vector
    assert again.dtype == np.float32
    assert 0 < np.abs(again - expected).max() < 0.1
    # The decision is known without weights from now on, so vectors are found where they are stored.
    assert open_huggingface(model, cache).key == careful.key


def test_the_comparison_is_made_once(model, make_data, cache, gains, loads):
    embed(make_data(1), model, cache=cache)
    remembered = open_huggingface(model, cache)
    remembered.start()
    assert remembered.settings["precision"] == "bfloat16"
    embed(make_data(2), model, cache=cache)
    assert len(loads) == 3
    seen = []
    embed(make_data(2), model, cache=cache, progress=lambda *at: seen.append(at))
    assert seen == [(2, 2)]
    assert len(loads) == 3


def test_a_small_model_is_left_alone(make_data, cache, tmp_path):
    assert (
        embed(make_data(1), checkpoints.ast(tmp_path / "m"), cache=cache).settings["precision"] == "float32"
    )


def test_cosine_of_what_is_not_finite_is_nothing():
    assert precision.least_cosine([np.ones(3)], [np.array([1, np.nan, 1])]) == 0
    assert precision.least_cosine([np.ones(3), np.ones(3)], [np.ones(3), -np.ones(3)]) == pytest.approx(-1)


def test_the_decision_is_noted_in_the_given_cache_only(make_data, cache, tmp_path, gains):
    model = checkpoints.waveform(tmp_path / "model", **WIDE)
    embed(make_data(1), model, cache=cache)
    assert len(list((cache / "precision").iterdir())) == 1
    assert not (tmp_path / "home").exists()


def test_a_folder_that_can_not_be_written_is_no_failure(make_data, cache, tmp_path, gains, caplog):
    model = checkpoints.waveform(tmp_path / "model", **WIDE)
    cache.mkdir()
    (cache / "precision").write_text("a file where the folder should be")
    assert embed(make_data(1), model, cache=cache).valid.all()
    assert "Nothing can be stored" in caplog.text


def test_pytorch_tells_what_the_processor_has():
    """These are no public names; were they gone, every model would compute in 32 bits without a word."""
    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        assert isinstance(getattr(torch.cpu, name)(), bool)
    assert any(hasattr(torch.cpu, name) for name in ("_is_avx512_vnni_supported", "_is_vnni_supported"))
