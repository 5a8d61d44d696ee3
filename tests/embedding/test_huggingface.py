import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from slicecore.dataset import read
from slicecore.embedding import embed
from slicecore.embedding.huggingface import _batches_by_length, open_huggingface
from slicecore.errors import ModelError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

RATE = 16000
CONVOLUTIONS = {
    "conv_dim": (8, 8),
    "conv_kernel": (10, 3),
    "conv_stride": (5, 2),
    "num_feat_extract_layers": 2,
}
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def save(folder, model, extractor):
    model.save_pretrained(folder)
    extractor.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def ast(tmp_path_factory):
    torch.manual_seed(0)
    config = transformers.ASTConfig(
        **SMALL, max_length=64, num_mel_bins=16, patch_size=8, frequency_stride=8, time_stride=8
    )
    extractor = transformers.ASTFeatureExtractor(max_length=64, num_mel_bins=16)
    # A classifier, as people publish them: the base model has to come out of it.
    return save(tmp_path_factory.mktemp("ast"), transformers.ASTForAudioClassification(config), extractor)


def wav2vec2(folder, norm, rate=RATE, **options):
    torch.manual_seed(0)
    config = transformers.Wav2Vec2Config(
        **SMALL,
        **CONVOLUTIONS,
        feat_extract_norm=norm,
        do_stable_layer_norm=norm == "layer",
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
        classifier_proj_size=8,
    )
    extractor = transformers.Wav2Vec2FeatureExtractor(sampling_rate=rate, **options)
    return save(folder, transformers.Wav2Vec2ForSequenceClassification(config), extractor)


@pytest.fixture(scope="module", params=["group", "layer"])
def speech_model(request, tmp_path_factory):
    return wav2vec2(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture
def clips(tmp_path):
    """Five clips of three lengths, one of them much too short for a frame."""
    random = np.random.default_rng(0)
    lines = ["audio,text,pred"]
    for number, length in enumerate([8000, 8000, 5000, 90, 6400]):
        soundfile.write(tmp_path / f"{number}.wav", random.normal(0, 0.1, length), RATE, subtype="FLOAT")
        lines.append(f"{number}.wav,a{number},b")
    (tmp_path / "clips.csv").write_text("\n".join(lines))
    return read(tmp_path / "clips.csv")


def singly(model, data):
    embedder = open_huggingface(model)
    embedder.start()
    clips = [soundfile.read(path, dtype="float32")[0] for path in data.audio_paths]
    return np.stack([embedder.embed([embedder.prepare(samples)])[0].vector for samples in clips])


def test_ast_gives_its_pooler_output(ast, clips, cache):
    run = embed(clips, ast, cache=cache)
    assert run.valid.all()
    assert np.allclose(run.vectors, singly(ast, clips), atol=1e-5)
    model = transformers.ASTForAudioClassification.from_pretrained(ast)
    extractor = transformers.ASTFeatureExtractor.from_pretrained(ast)
    samples = soundfile.read(clips.audio_paths[2], dtype="float32")[0]
    with torch.no_grad():
        expected = model.audio_spectrogram_transformer(
            **extractor(samples, sampling_rate=RATE, return_tensors="pt")
        ).pooler_output
    assert np.allclose(run.vectors[2], expected.numpy()[0], atol=1e-5)


def test_wav2vec2_gives_the_mean_over_time_whatever_the_batch(speech_model, clips, cache):
    run = embed(clips, speech_model, cache=cache)
    assert run.valid.all()
    assert np.allclose(run.vectors, singly(speech_model, clips), atol=1e-5)
    model = transformers.Wav2Vec2ForSequenceClassification.from_pretrained(speech_model).wav2vec2.eval()
    samples = soundfile.read(clips.audio_paths[2], dtype="float32")[0]
    values = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    with torch.no_grad():
        hidden = model(torch.from_numpy(values)[None]).last_hidden_state[0]
    assert np.allclose(run.vectors[2], hidden.mean(dim=0).numpy(), atol=1e-5)
    assert np.std(run.vectors, axis=0).min() > 0


def test_long_clips_are_embedded_in_pieces(ast, speech_model, tmp_path, cache, monkeypatch):
    monkeypatch.setattr("slicecore.embedding.huggingface._LONGEST_S", 0.5)
    samples = np.random.default_rng(0).normal(0, 0.1, int(RATE * 1.4)).astype(np.float32)
    soundfile.write(tmp_path / "long.wav", samples, RATE, subtype="FLOAT")
    (tmp_path / "clips.csv").write_text("audio,text,pred\nlong.wav,a,b\n")
    data = read(tmp_path / "clips.csv")
    for model, count in ((speech_model, 3), (ast, 3)):
        run = embed(data, model, cache=cache)
        embedder = open_huggingface(model)
        embedder.start()
        length = len(samples) // count
        if model == speech_model:
            samples_used = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
            pieces = [[samples_used[i * length : (i + 1) * length]] for i in range(count)]
        else:
            pieces = [embedder.prepare(samples[i * length : (i + 1) * length]) for i in range(count)]
        expected = np.mean([embedder.embed([piece])[0].vector for piece in pieces], axis=0)
        assert np.allclose(run.vectors[0], expected, atol=1e-5)


def test_clips_come_at_the_rate_of_the_model(tmp_path, cache):
    model = wav2vec2(tmp_path / "model", "group", rate=8000)
    tone = np.sin(np.arange(RATE) * 0.1).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", tone, RATE, subtype="FLOAT")
    (tmp_path / "clips.csv").write_text("audio,text,pred\na.wav,a,b\n")
    embedder = open_huggingface(model)
    assert embedder.sampling_rate == 8000
    assert embed(read(tmp_path / "clips.csv"), model, cache=cache).valid.all()


def test_second_run_needs_no_weights(speech_model, clips, cache, monkeypatch):
    first = embed(clips, speech_model, cache=cache)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert np.array_equal(embed(clips, speech_model, cache=cache).vectors, first.vectors)


def test_other_weights_are_another_model(clips, cache, tmp_path):
    folder = tmp_path / "model"
    first = embed(clips, wav2vec2(folder, "layer"), cache=cache)
    model = transformers.Wav2Vec2Model.from_pretrained(folder)
    torch.nn.init.ones_(model.feature_projection.projection.bias)
    model.save_pretrained(folder)
    assert not np.allclose(embed(clips, str(folder), cache=cache).vectors, first.vectors)


def test_without_pytorch_it_says_what_to_install(speech_model, clips, cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"needs PyTorch.*pip install 'slicecore\[models\]'"):
        embed(clips, speech_model, cache=cache)


@pytest.mark.parametrize("name", ["nobody/no-such-model", "nonsense"])
def test_unknown_model_without_a_connection(clips, cache, monkeypatch, tmp_path, name):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    start = time.perf_counter()
    with pytest.raises(ModelError, match=f"“{name}” is not on this machine.*Use “signal”") as caught:
        embed(clips, name, cache=cache)
    assert time.perf_counter() - start < 5
    assert "\n" not in str(caught.value)


def test_converted_weights_are_kept_for_the_next_time(clips, tmp_path, monkeypatch):
    """A hub model without safetensors: transformers converts it once; after that no connection is needed."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    whole = Path(wav2vec2(tmp_path / "whole", "group"))
    local = tmp_path / "hub" / "0123abc"
    local.mkdir(parents=True)
    for name in ("config.json", "preprocessor_config.json"):
        (local / name).write_bytes((whole / name).read_bytes())
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *args, **options: str(local))
    real, asked = transformers.AutoModel.from_pretrained, []

    def from_pretrained(name, **options):
        asked.append(str(name))
        return real(whole if name == "some/model" else name, **options)

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", from_pretrained)
    first = embed(clips, "some/model", cache=tmp_path / "one")
    second = embed(clips, "some/model", cache=tmp_path / "two")
    assert np.array_equal(first.vectors, second.vectors)
    assert asked[0] == "some/model"
    assert asked[1].startswith(str(tmp_path / "home"))


def test_models_that_do_not_fit(clips, cache, tmp_path, speech_model):
    with pytest.raises(ModelError, match="no folder"):
        embed(clips, "/no/such/folder", cache=cache)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match=r"no config\.json"):
        embed(clips, str(empty), cache=cache)
    (empty / "config.json").write_text(json.dumps({"model_type": "bert", "hidden_size": 4}))
    (empty / "preprocessor_config.json").write_text("{}")
    with pytest.raises(ModelError, match="type bert, which is not supported"):
        embed(clips, str(empty), cache=cache)
    (empty / "config.json").write_text(json.dumps({"model_type": "wav2vec2", "hidden_size": 4}))
    with pytest.raises(ModelError, match="no weights in the safetensors format"):
        embed(clips, str(empty), cache=cache)


def test_missing_weights_are_refused_not_made_up(clips, cache, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "model"
    wav2vec2(folder, "group")
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if "encoder.layers.1" not in name}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"weights are missing, such as encoder\.layers\.1"):
        embed(clips, str(folder), cache=cache)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.booleans())
def test_batches_hold_every_clip_once_and_stay_small(lengths, may_pad):
    batches = _batches_by_length(lengths, may_pad, 20)
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len(rows) == 1 or max(lengths[row] for row in rows) * len(rows) <= 20
        assert may_pad or len({lengths[row] for row in rows}) == 1
