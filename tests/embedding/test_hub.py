"""Sources of checkpoints, and errors of those that can't be used."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import torch
import transformers
from checkpoints import RATE, waveform

from slicecore.embedding import embed
from slicecore.errors import ModelError
from slicecore.table.dataset import read


@pytest.fixture(scope="module")
def speech_model(tmp_path_factory):
    return waveform(tmp_path_factory.mktemp("model"))


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


def test_second_run_needs_no_weights(speech_model, clips, cache, monkeypatch):
    first = embed(clips, speech_model, cache=cache)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert np.array_equal(embed(clips, speech_model, cache=cache).vectors, first.vectors)


def test_other_weights_are_another_model(clips, cache, tmp_path):
    folder = tmp_path / "model"
    first = embed(clips, waveform(folder, norm="layer"), cache=cache)
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
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("It waits for a connection."))
    with pytest.raises(ModelError, match=f"“{name}” is not on this machine.*Use “signal”") as caught:
        embed(clips, name, cache=cache)
    assert "\n" not in str(caught.value)


@pytest.fixture
def converting_hub(tmp_path, monkeypatch):
    """A hub with "some/model", without safetensors; lists what is loaded, and is away while `away` is true."""
    whole = Path(waveform(tmp_path / "whole"))
    local = tmp_path / "hub" / "0123abc"
    local.mkdir(parents=True)
    for name in ("config.json", "preprocessor_config.json"):
        (local / name).write_bytes((whole / name).read_bytes())
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *args, **options: str(local))
    real = transformers.AutoModelForAudioClassification.from_pretrained
    hub = SimpleNamespace(away=False, loaded=[])

    def from_pretrained(name, **options):
        if name == "some/model" and hub.away:
            raise OSError("There is no file named model.safetensors.")
        hub.loaded.append(str(name))
        return real(whole if name == "some/model" else name, **options)

    monkeypatch.setattr(transformers.AutoModelForAudioClassification, "from_pretrained", from_pretrained)
    return hub


def forget_vectors(cache):
    for path in cache.glob("*.sqlite*"):
        path.unlink()


def test_converted_weights_are_stored_for_the_next_time(clips, cache, tmp_path, converting_hub):
    """A hub model without safetensors: transformers converts it once; after that no connection is needed."""
    converting_hub.away = True
    with pytest.raises(
        ModelError, match="no weights in the safetensors format, and the hub gave no converted copy"
    ):
        embed(clips, "some/model", cache=cache)
    converting_hub.away = False
    first = embed(clips, "some/model", cache=cache)
    converting_hub.away = True
    forget_vectors(cache)
    second = embed(clips, "some/model", cache=cache)
    assert np.array_equal(first.vectors, second.vectors)
    assert converting_hub.loaded == ["some/model", str(cache / "models" / "some--model-0123abc")]
    assert not (tmp_path / "home").exists()


def test_a_converted_model_has_the_settings_that_were_checked(clips, cache, tmp_path, converting_hub):
    """The hub serves other settings when the weights are fetched: an attention function of some repository."""
    served = tmp_path / "whole" / "config.json"
    settings = json.loads(served.read_text())
    served.write_text(json.dumps({**settings, "_attn_implementation": "some/code"}))
    embed(clips, "some/model", cache=cache)
    stored = json.loads((cache / "models" / "some--model-0123abc" / "config.json").read_text())
    assert stored["num_hidden_layers"] == settings["num_hidden_layers"]
    assert "some/code" not in json.dumps(stored)


def test_a_stored_model_that_was_damaged_is_converted_again(clips, cache, converting_hub):
    first = embed(clips, "some/model", cache=cache)
    (weights,) = (cache / "models").rglob("*.safetensors")
    content = bytearray(weights.read_bytes())
    content[-400:] = bytes(400)
    weights.write_bytes(content)
    forget_vectors(cache)
    assert np.array_equal(first.vectors, embed(clips, "some/model", cache=cache).vectors)
    assert converting_hub.loaded == ["some/model", "some/model"]
    assert weights.read_bytes() != content


def test_a_model_whose_storing_was_interrupted_is_converted_again(clips, cache, converting_hub, monkeypatch):
    store = transformers.PreTrainedModel.save_pretrained

    def interrupted(model, folder, **options):
        store(model, folder, **options)
        (Path(folder) / "config.json").unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transformers.PreTrainedModel, "save_pretrained", interrupted)
        with pytest.raises(KeyboardInterrupt):
            embed(clips, "some/model", cache=cache)
    assert embed(clips, "some/model", cache=cache).valid.all()


def test_a_model_that_can_not_be_stored_is_used_all_the_same(clips, cache, converting_hub, caplog):
    cache.mkdir()
    (cache / "models").write_text("a file where the folder should be")
    assert embed(clips, "some/model", cache=cache).valid.all()
    assert "can't be stored" in caplog.text


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
    waveform(folder)
    weights = load_file(folder / "model.safetensors")
    remaining = {name: value for name, value in weights.items() if "encoder.layers.1" not in name}
    save_file(remaining, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"weights are missing, such as .*encoder\.layers\.1"):
        embed(clips, str(folder), cache=cache)
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="can't be loaded"):
        embed(clips, str(folder), cache=cache)


def test_labels_are_not_made_up_either(clips, cache, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "model"
    before = embed(clips, waveform(folder), cache=cache)
    weights = load_file(folder / "model.safetensors")
    remaining = {name: value for name, value in weights.items() if not name.startswith("classifier")}
    save_file(remaining, folder / "model.safetensors", metadata={"format": "pt"})
    run = embed(clips, str(folder), cache=cache)
    assert set(before.labels) == {0, 1, 2, 3, 4}
    assert run.labels == {}
    assert np.allclose(run.vectors, before.vectors, atol=1e-6)


def test_settings_of_the_extractor_may_lie_in_those_of_the_processor(clips, cache, tmp_path):
    folder = tmp_path / "model"
    expected = embed(clips, waveform(folder), cache=cache)
    settings = json.loads((folder / "preprocessor_config.json").read_text())
    (folder / "preprocessor_config.json").unlink()
    (folder / "processor_config.json").write_text(json.dumps({"feature_extractor": settings}))
    again = embed(clips, str(folder), cache=tmp_path / "new")
    np.testing.assert_allclose(again.vectors, expected.vectors, atol=1e-5)  # sums on threads, in any order


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("GatedRepoError", "only given to those who have asked"),
        ("RepositoryNotFoundError", "There is no model “some/model”"),
        ("HfHubHTTPError", "can't be reached"),
        ("LocalEntryNotFoundError", "can't be reached"),
    ],
)
def test_a_hub_that_gives_nothing(clips, cache, monkeypatch, error, message):
    import httpx
    from huggingface_hub import errors

    response = httpx.Response(403, request=httpx.Request("GET", "https://example.org"))

    def snapshot_download(name, local_files_only=False, **options):
        kind = getattr(errors, "LocalEntryNotFoundError" if local_files_only else error)
        raise kind("no") if kind is errors.LocalEntryNotFoundError else kind("no", response=response)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    with pytest.raises(ModelError, match=message) as caught:
        embed(clips, "some/model", cache=cache)
    assert "“signal”" in str(caught.value)
