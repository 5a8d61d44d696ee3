"""Models and vectors from anywhere: nothing in them is run, nothing outside them is read, and what is wrong is said."""

import io
import json
import pickle
import shutil
import struct
import zipfile
from pathlib import Path

import checkpoints
import numpy as np
import pytest
import torch

from slicecore.embedding import embed
from slicecore.embedding.array_files import read_vectors
from slicecore.embedding.hub import find_checkpoint
from slicecore.embedding.huggingface import open_huggingface
from slicecore.errors import ModelError


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {
        "waveform": checkpoints.waveform(folder / "waveform"),
        "ast": checkpoints.ast(folder / "ast"),
        "whisper": checkpoints.whisper(folder / "whisper"),
    }


@pytest.fixture
def model(models, tmp_path):
    return Path(shutil.copytree(models["waveform"], tmp_path / "model"))


class Payload:
    """A pickle that leaves a file behind where it is loaded."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


def point_to(model, file):
    (model / "model.safetensors").rename(model / "kept.safetensors")  # the index is taken only without it
    (model / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {}, "weight_map": {"classifier.weight": file, "a": "kept.safetensors"}})
    )


@pytest.mark.parametrize(
    "file",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "../model.safetensors",
        "evil.bin",
        "gone.safetensors",
        3,
        None,
        ["a"],
    ],
)
def test_an_index_names_safetensors_files_in_its_folder_alone(
    make_data, model, cache, tmp_path, monkeypatch, file
):
    shutil.copy(model / "model.safetensors", tmp_path / "model.safetensors")
    torch.save({"classifier.weight": Payload(tmp_path / "executed")}, model / "evil.bin")
    point_to(model, file)
    monkeypatch.setattr("torch.load", lambda *_, **__: pytest.fail("A pickle was loaded."))
    with pytest.raises(ModelError, match="index"):
        embed(make_data(1), str(model), cache=cache)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    "index", ["", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {"a": ', "[" * 100_000]
)
def test_an_index_that_is_none_is_a_sentence(make_data, model, cache, index):
    (model / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ModelError, match="can't be read as an index"):
        embed(make_data(1), str(model), cache=cache)


@pytest.mark.parametrize("file", ["evil.bin", "../model.safetensors", "model.safetensors.index.json"])
def test_settings_name_no_other_weights(make_data, model, cache, tmp_path, file):
    """The library would take this name before any other, pickles included."""
    (model / "evil.bin").write_bytes(pickle.dumps(Payload(tmp_path / "executed")))
    change(model, "config.json", transformers_weights=file)
    with pytest.raises(ModelError, match="transformers_weights"):
        embed(make_data(1), str(model), cache=cache)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("name", ["attn_implementation", "_attn_implementation_internal"])
def test_settings_choose_no_function_of_the_hub(make_data, model, cache, name):
    """The library would fetch its code and run it, where the package for that is installed."""
    change(model, "config.json", **{name: "somebody/attention"})
    with pytest.raises(ModelError, match=f'config.json.*{name} is "somebody/attention"'):
        embed(make_data(1), str(model), cache=cache)


def test_an_adapter_leads_to_no_other_model(make_data, model, cache):
    """The library would take settings and weights of the model that it names, where the package for it is installed."""
    (model / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "somebody/model"}))
    with pytest.raises(ModelError, match=r"adapter_config\.json"):
        embed(make_data(1), str(model), cache=cache)


def change(model, file, **settings):
    path = model / file
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


@pytest.mark.parametrize("kind", ["waveform", "ast", "whisper"])
@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("config.json", "hidden_size", "x"),
        ("config.json", "d_model", 10**9),
        ("config.json", "architectures", 3),
        ("config.json", "architectures", [3]),
        ("config.json", "model_type", [1]),
        ("config.json", "conv_kernel", "10"),
        ("config.json", "conv_stride", [0, 0]),
        ("config.json", "audio_config", "x"),
        ("preprocessor_config.json", "sampling_rate", 0),
        ("preprocessor_config.json", "sampling_rate", "x"),
        ("preprocessor_config.json", "sampling_rate", True),
        ("preprocessor_config.json", "num_mel_bins", 10**8),
        ("preprocessor_config.json", "feature_size", 10**8),
        ("preprocessor_config.json", "max_length", -1),
        ("preprocessor_config.json", "chunk_length", 1e300),
        ("preprocessor_config.json", "n_fft", 10**9),
    ],
)
def test_settings_without_sense_are_a_sentence(models, tmp_path, kind, file, name, value):
    model = Path(
        shutil.copytree(models[kind], tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    )
    change(model, file, **{name: value})
    with pytest.raises(ModelError) as caught:
        open_huggingface(str(model), tmp_path)
    assert name in str(caught.value) or "of type" in str(caught.value)


def test_settings_that_are_nested_without_end_are_a_sentence(model):
    (model / "config.json").write_text('{"a":' * 100_000)
    with pytest.raises(ModelError, match=r"config\.json"):
        find_checkpoint(str(model))


def header(shape, dtype="<f8"):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


def npz(member, *, encrypted=False):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("vectors.npy", member)
    content = bytearray(file.getvalue())
    if encrypted:
        content[6] |= 1
        content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


GOOD = header((3, 2)) + np.arange(6.0).tobytes()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("v.npy", header((10**12, 4)) + bytes(64), "1000000000000 vectors, but the table has 3 rows"),
        ("v.npy", header((3, 10**12)) + bytes(64), "more than 65,536 are none"),
        ("v.npy", header((3, 60_000)) + bytes(64), "breaks off"),
        ("v.npy", header((3, 2), "|O") + bytes(64), "never loaded"),
        ("v.npy", pickle.dumps(np.zeros((3, 2))), "can't be read as an array"),
        ("v.npy", b"\x93NUMPY\x09\x09" + bytes(64), "can't be read as an array"),
        ("v.npy", b"\x93NUMPY\x01\x00\xff\xff{" + b"(" * 70_000, "can't be read as an array"),
        ("v.npz", npz(b"text"), "can't be read as an array"),
        ("v.npz", npz(GOOD, encrypted=True), "can't be read as an array"),
        ("v.npz", npz(header((10**12, 4))), "1000000000000 vectors"),
        ("v.npz", npz(header((3, 60_000))), "breaks off"),
        ("v.npz", npz(GOOD)[:-30], "can't be read as an array"),
    ],
)
def test_files_of_vectors_that_lie_are_a_sentence(make_data, tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=words):
        embed(make_data(3), str(tmp_path / name))


def test_every_changed_byte_of_a_file_of_vectors_is_survived(tmp_path):
    for name, whole in (("v.npy", GOOD), ("v.npz", npz(GOOD))):
        path = tmp_path / name
        for at in range(len(whole)):
            for value in (whole[at] ^ 1 << at % 8, 0xFF):
                path.write_bytes(whole[:at] + struct.pack("B", value) + whole[at + 1 :])
                try:
                    assert read_vectors(path, 3, lambda names: names[0], tmp_path).shape[0] == 3
                except ModelError as error:
                    assert "Traceback" not in str(error)
