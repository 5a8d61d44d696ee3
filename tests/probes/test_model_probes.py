"""Settings of models and files of vectors, each with a value that makes no sense: a sentence, and no memory taken."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from fuzz.invariant import check_sentence

from slicecore.embedding.array_files import read_vectors
from slicecore.embedding.model_settings import check_files, check_settings
from slicecore.embedding.model_spec import parse_model
from slicecore.errors import ModelError, SlicecoreError

SIZES = (
    "hidden_size",
    "d_model",
    "num_hidden_layers",
    "num_attention_heads",
    "n_fft",
    "hop_length",
    "patch_size",
)
MORE = ("num_mel_bins", "feature_size", "max_length", "sampling_rate", "chunk_length", "n_samples")
WRONG = (0, -1, 10**12, 1e300, float("nan"), float("inf"), "x", True, {}, [[1]], [0], [10**12])


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("name", (*SIZES, *MORE))
def test_a_size_that_is_none_is_refused(name, value):
    with pytest.raises(ModelError) as caught:
        check_settings({name: value}, "config.json")
    check_sentence(str(caught.value))
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "value", ["../x.safetensors", "/x.safetensors", "x.bin", "", 3, [], {}, "a\\b.safetensors"]
)
def test_weights_lie_in_the_folder_and_are_no_pickles(tmp_path, value):
    with pytest.raises(ModelError):
        check_settings({"transformers_weights": value}, "config.json")
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": value}}))
    with pytest.raises(ModelError):
        check_files(tmp_path, "x")


@pytest.mark.parametrize(
    "settings",
    [
        {"attn_implementation": "somebody/attention"},
        {"_attn_implementation_internal": "somebody/attention@v1:run"},
        {"attn_implementation": {"": "sdpa", "audio_config": "paged|somebody/attention"}},
        {"audio_config": {"_attn_implementation": "somebody/attention"}},
        {"text_config": {"layers": [{"_experts_implementation_internal": "somebody/experts"}]}},
    ],
    ids=repr,
)
def test_functions_that_would_come_from_the_hub_are_refused(settings):
    with pytest.raises(ModelError, match=r"_implementation.* is .* not the name of a function") as caught:
        check_settings(settings, "config.json")
    check_sentence(str(caught.value))


def test_functions_of_the_library_may_be_chosen():
    check_settings(
        {
            "_name_or_path": "somebody/model",
            "attn_implementation": "sdpa",
            "_attn_implementation_autoset": True,
            "text_config": {"_attn_implementation": None, "_name_or_path": "somebody/model"},
        },
        "config.json",
    )


NAMES = (
    "",
    " ",
    "a/b/c",
    "../../etc/passwd",
    "a" * 3000,
    "a\0b",
    "\ud800",
    "http://evil.org/x",
    "signal+",
    "+",
    "signal+signal",
    "x.npy",
    "column:",
    "~nouser/x",
    "/dev/zero",
    "%00",
    "signal:",
)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_names_of_models(name):
    try:
        parse_model(name)
    except SlicecoreError as error:
        check_sentence(str(error))


KINDS = ("<f4", "<f8", ">f4", "<f2", "<i8", "|u1", "|b1", "<c8", "|O", "<U4", "|S4", "<M8[s]", "|V8", "<f16")
SHAPES = ((3, 2), (3,), (), (0, 2), (3, 0), (2, 2), (3, 2, 1), (3, 10**9), (10**9, 2), (-1, 2), (3, 2.5), "x")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_arrays_of_any_kind_and_shape(tmp_path, kind, shape):
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": kind, "fortran_order": False, "shape": shape})
    (tmp_path / "v.npy").write_bytes(out.getvalue() + bytes(96))
    try:
        vectors = read_vectors(tmp_path / "v.npy", 3, lambda names: names[0], tmp_path)
    except ModelError as error:
        check_sentence(str(error))
    else:
        assert vectors.shape == (3, 2) and vectors.dtype == np.float32
