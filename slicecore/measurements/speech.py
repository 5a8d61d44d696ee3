"""Speech detection: silero-vad where it is installed, else by level.

silero-vad (MIT) comes as an ONNX file inside a package whose import loads torch. Only the file is used, by onnxruntime.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.measurements.speech_model import with_matrix_products

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

STEP = 512
"""Samples of a frame at 16 kHz, 32 ms."""

_CONTEXT = 64
_MODEL = "silero_vad_16k_sequence.onnx"
_AT_ONCE = 512
_LEAST_FRAMES = 5


def detector() -> str:
    """Name of the detector: "silero-vad 6.2.3", or "level" where it or onnxruntime is not installed."""
    if not _is_installed():
        return "level"
    return f"silero-vad {version('silero-vad')}"


def speech_frames(samples: np.ndarray) -> np.ndarray | None:
    """Speech or none, for every 32 ms.

    Parameters
    ----------
    samples
        (samples,) float32 mono at 16 kHz.

    Returns
    -------
    (frames,) bool, or None
        None where the detector is not installed or finds (nearly) nothing, which says little: it misses speech
        under loud hum.
    """
    if not _is_installed():
        return None
    # It finds nothing below about −50 dBFS, so the peak is brought to one half.
    peak = float(np.abs(samples).max(initial=0))
    if peak < 1e-6:
        return None
    speech: np.ndarray = _probabilities(samples * np.float32(0.5 / peak)) > 0.5
    return speech if speech.sum() >= _LEAST_FRAMES else None


def _probabilities(samples: np.ndarray) -> np.ndarray:
    frames = np.zeros((-(-len(samples) // STEP), STEP), np.float32)
    frames.reshape(-1)[: len(samples)] = samples
    # Every frame is preceded by the end of the one before.
    before = np.concatenate([np.zeros((1, _CONTEXT), np.float32), frames[:-1, -_CONTEXT:]])
    blocks = np.concatenate([before, frames], axis=1)
    hidden = cell = np.zeros((1, 1, 128), np.float32)
    probabilities = []
    for start in range(0, len(blocks), _AT_ONCE):
        inputs = {"input": blocks[start : start + _AT_ONCE], "h": hidden, "c": cell}
        probability, hidden, cell = _session().run(["speech_probs", "hn", "cn"], inputs)
        probabilities.append(np.asarray(probability).ravel())
    return np.concatenate(probabilities)


def _is_installed() -> bool:
    return _model_file() is not None and _has_runtime()


@cache
def _has_runtime() -> bool:
    return importlib.util.find_spec("onnxruntime") is not None


@cache
def _model_file() -> Path | None:
    # Finding a package's place does not import it.
    package = importlib.util.find_spec("silero_vad")
    for place in (package.submodule_search_locations or []) if package else []:
        path = Path(place) / "data" / _MODEL
        if path.is_file():
            return path
    return None


@cache
def _session() -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The clips are spread over threads already.
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 3
    path = _model_file()
    model = (path and with_matrix_products(path)) or str(path)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
