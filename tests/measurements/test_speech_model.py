import importlib.util
from pathlib import Path

import numpy as np
import pytest

from slicecore.measurements.speech_model import with_matrix_products

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
PACKAGE = importlib.util.find_spec("silero_vad")  # importing it would load torch
if PACKAGE is None:
    pytest.skip("silero-vad is not installed", allow_module_level=True)

OWN_NETWORK = Path(PACKAGE.origin).parent / "data" / "silero_vad_16k_sequence.onnx"


def outputs_of(model, frames):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    state = np.zeros((1, 1, 128), np.float32)
    return session.run(["speech_probs", "hn", "cn"], {"input": frames, "h": state, "c": state})


def test_speech_has_the_probabilities_of_silero_vads_own_network(spoken):
    frames = np.lib.stride_tricks.sliding_window_view(spoken.astype(np.float32), 576)[::512]
    speech, hidden, cell = outputs_of(with_matrix_products(OWN_NETWORK), frames)
    own_speech, own_hidden, own_cell = outputs_of(str(OWN_NETWORK), frames)
    assert own_speech.max() > 0.9 and own_speech.min() < 0.1
    np.testing.assert_allclose(speech, own_speech, atol=1e-4)
    np.testing.assert_allclose(hidden, own_hidden, atol=1e-4)
    np.testing.assert_allclose(cell, own_cell, rtol=1e-4, atol=1e-4)


def test_another_network_is_left_as_it_is(tmp_path):
    model = onnx.load(OWN_NETWORK)
    wider = np.zeros((2, 128, 1), np.float32)
    next(weight for weight in model.graph.initializer if weight.name == "output.weight").CopyFrom(
        onnx.numpy_helper.from_array(wider, "output.weight")
    )
    onnx.save(model, tmp_path / "wider.onnx")
    assert with_matrix_products(tmp_path / "wider.onnx") is None
