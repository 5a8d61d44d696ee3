"""The network of silero-vad written as matrix products, which onnxruntime computes in a third of the time.

Its convolutions are over the four steps of a frame of 32 ms, each frame on its own; onnxruntime handles convolutions
that short one frame at a time. As a matrix product each of them takes all frames at once. Weights and results are those
of silero-vad, to the rounding of float32.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

_WEIGHTS = {
    "stft.forward_basis_buffer": (258, 1, 256),
    "encoder.0.weight": (128, 129, 3),
    "encoder.0.bias": (128,),
    "encoder.1.weight": (64, 128, 3),
    "encoder.1.bias": (64,),
    "encoder.2.weight": (64, 64, 3),
    "encoder.2.bias": (64,),
    "encoder.3.weight": (128, 64, 3),
    "encoder.3.bias": (128,),
    "onnx::LSTM_209": (1, 512, 128),
    "onnx::LSTM_210": (1, 512, 128),
    "onnx::LSTM_211": (1, 1024),
    "output.weight": (1, 128, 1),
    "output.bias": (1,),
}
"""Names and shapes of the weights of silero-vad 6.2, by which the network is known."""

_ENCODER = ((4, 1), (4, 2), (2, 2), (1, 1))
"""Steps that each convolution of the encoder takes, and its stride."""

_NETWORK = """
<ir_version: 8, opset_import: ["": 16]>
silero_vad (float[frames, 576] input, float[1, 1, 128] h, float[1, 1, 128] c)
    => (float[frames] speech_probs, float[1, 1, 128] hn, float[1, 1, 128] cn)
<
    int64[4] mirrored = {0, 0, 0, 64}, int64[1] columns = {1},
    int64[1] at_0 = {0}, int64[1] at_128 = {128}, int64[1] at_512 = {512}, int64[1] at_640 = {640},
    int64[3] by_step = {-1, 4, 128}, int64[2] by_frame = {-1, 516}, int64[3] in_sequence = {-1, 1, 128},
    int64[2] by_state = {-1, 128}, int64[1] in_a_row = {-1}
>
{
    samples = Pad <mode = "reflect"> (input, mirrored)
    early = Slice (samples, at_0, at_512, columns)
    late = Slice (samples, at_128, at_640, columns)
    early_steps = Reshape (early, by_step)
    late_steps = Reshape (late, by_step)
    windows = Concat <axis = 2> (early_steps, late_steps)
    spectrum = MatMul (windows, basis)
    real, imaginary = Split <axis = 2> (spectrum)
    real_power = Mul (real, real)
    imaginary_power = Mul (imaginary, imaginary)
    power = Add (real_power, imaginary_power)
    magnitude = Sqrt (power)

    input_0 = Reshape (magnitude, by_frame)
    output_0 = Gemm (input_0, matrix_0, bias_0)
    input_1 = Relu (output_0)
    output_1 = Gemm (input_1, matrix_1, bias_1)
    input_2 = Relu (output_1)
    output_2 = Gemm (input_2, matrix_2, bias_2)
    input_3 = Relu (output_2)
    output_3 = Gemm (input_3, matrix_3, bias_3)
    encoded = Relu (output_3)

    sequence = Reshape (encoded, in_sequence)
    states, hn, cn = LSTM <hidden_size = 128> (sequence, lstm_input, lstm_recurrent, lstm_bias, , h, c)
    state_rows = Reshape (states, by_state)
    active = Relu (state_rows)
    logits = Gemm (active, output_matrix, output_bias)
    probabilities = Sigmoid (logits)
    speech_probs = Reshape (probabilities, in_a_row)
}
"""
"""ONNX text of the network, with inputs and outputs as in silero-vad's own."""


def with_matrix_products(path: Path) -> bytes | None:
    """The network of silero-vad's file `silero_vad_16k_sequence.onnx`, serialised.

    Returns
    -------
    bytes or None
        None where the package onnx is not installed or the file holds another network.
    """
    if importlib.util.find_spec("onnx") is None:
        return None
    import onnx
    from onnx import numpy_helper, parser

    weights = {weight.name: numpy_helper.to_array(weight) for weight in onnx.load(path).graph.initializer}
    if {name: weight.shape for name, weight in weights.items()} != _WEIGHTS:
        return None
    model = parser.parse_model(_NETWORK)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(matrix), name)
        for name, matrix in _matrices(weights).items()
    )
    serialised: bytes = model.SerializeToString()
    return serialised


def _matrices(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights by their names in `_NETWORK`."""
    matrices = {
        "basis": weights["stft.forward_basis_buffer"][:, 0].T,
        "lstm_input": weights["onnx::LSTM_209"],
        "lstm_recurrent": weights["onnx::LSTM_210"],
        "lstm_bias": weights["onnx::LSTM_211"],
        "output_matrix": weights["output.weight"][:, :, 0].T,
        "output_bias": weights["output.bias"],
    }
    for layer, (steps, stride) in enumerate(_ENCODER):
        matrix = _convolution_matrix(weights[f"encoder.{layer}.weight"], steps, stride)
        bias = weights[f"encoder.{layer}.bias"]
        matrices[f"matrix_{layer}"] = matrix
        matrices[f"bias_{layer}"] = np.tile(bias, matrix.shape[1] // len(bias))
    return matrices


def _convolution_matrix(weights: np.ndarray, steps: int, stride: int) -> np.ndarray:
    """Matrix of a convolution over few steps, with one step of zeros at both ends.

    Parameters
    ----------
    weights
        (out channels, in channels, 3).
    steps
        Steps of the input.
    stride
        Steps from one output to the next.

    Returns
    -------
    (steps * in channels, outputs * out channels)
        For rows that hold one step after another.
    """
    channels_out, channels_in, taps = weights.shape
    starts = range(-1, steps - 1, stride)
    matrix = np.zeros((steps, channels_in, len(starts), channels_out), weights.dtype)
    for output, start in enumerate(starts):
        for tap in range(taps):
            if 0 <= start + tap < steps:
                matrix[start + tap, :, output] = weights[:, :, tap].T
    return matrix.reshape(steps * channels_in, -1)
