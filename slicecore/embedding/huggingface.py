"""Audio models of the transformers library: spectrogram transformers (AST) and the wav2vec 2.0 family.

AST gives its `pooler_output`, the mean of its two summary tokens. The wav2vec 2.0 family gives the mean of its last
hidden states over time.
"""

from __future__ import annotations

import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.embedding.hub import NEEDS_PACKAGES, Checkpoint, fetch_weights, find_checkpoint, has_weights
from slicecore.embedding.outcome import Outcome
from slicecore.errors import ModelError
from slicecore.home import cache_folder

# Raise it whenever vectors come out otherwise: stored ones are then not used again.
_VERSION = 1

_SPECTROGRAM = ("audio-spectrogram-transformer",)
_WAVEFORM = (
    "wav2vec2",
    "wav2vec2-conformer",
    "hubert",
    "wavlm",
    "unispeech",
    "unispeech-sat",
    "data2vec-audio",
)

_LEAST_SAMPLES = 400
"""Shorter clips give no frame: one window of 25 ms at 16 kHz."""

_LONGEST_S = 20.0
"""Attention takes memory by the square of the length; longer clips are embedded in equal pieces of at most this."""

_AT_ONCE_S = 40.0
"""Sound in one forward pass, padding included."""

_MAY_BE_MISSING = ("masked_spec_embed",)
"""Used in training only."""


def open_huggingface(model: str) -> SpectrogramEmbedder | WaveformEmbedder:
    """Find a model by folder or hub name. Weights are loaded when a clip needs them.

    Raises
    ------
    ModelError
        If the model can't be had or is of a kind that has no clip embedding.
    """
    checkpoint = find_checkpoint(model)
    kind = checkpoint.config.get("model_type")
    if kind in _SPECTROGRAM:
        return SpectrogramEmbedder(checkpoint)
    if kind in _WAVEFORM:
        return WaveformEmbedder(checkpoint)
    raise ModelError(
        f"“{model}” is a model of type {kind}, which is not supported. "
        f"Use one of these types: {', '.join([*_SPECTROGRAM, *_WAVEFORM])}."
    )


class _TransformersEmbedder(ABC):
    """What both kinds share: settings, loading, the mean over the pieces of a clip."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.key = json.dumps(
            {
                "family": "huggingface",
                "version": _VERSION,
                # A folder may be moved: its content is what counts.
                "name": checkpoint.name if checkpoint.on_hub else "",
                "revision": checkpoint.revision,
            }
        )
        self.revision = checkpoint.revision
        self.settings: Mapping[str, Any] = {}
        self.dimensions = int(checkpoint.config["hidden_size"])
        self.sampling_rate = int(checkpoint.preprocessor.get("sampling_rate", 16000))
        self.batch = 4
        self.model: Any = None
        self.extractor: Any = None
        self.device = "cpu"

    def start(self) -> None:
        """Load weights and feature extractor."""
        try:
            import torch
            import transformers  # noqa: F401
        except ImportError as error:
            raise ModelError(NEEDS_PACKAGES.format(self.checkpoint.name)) from error
        if torch.cuda.is_available():
            self.device, self.batch = "cuda", 32
        self.extractor, self.model = _load(self.checkpoint)
        self.model.to(self.device).eval()

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Return the vectors as they are."""
        return vectors

    def embed(self, prepared: Sequence[Sequence[np.ndarray]]) -> list[Outcome]:
        """Embed the pieces of all clips, then take the mean of each clip's."""
        import torch

        pieces = [piece for clip in prepared for piece in clip]
        with torch.inference_mode():
            vectors = self._forward(pieces)
        ends = np.cumsum([len(clip) for clip in prepared])
        return [Outcome(part.mean(axis=0)) for part in np.split(vectors, ends[:-1])]

    @abstractmethod
    def _forward(self, pieces: Sequence[np.ndarray]) -> np.ndarray:
        """Vectors of the pieces, one each."""

    def _tensor(self, values: np.ndarray) -> Any:
        import torch

        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)


class SpectrogramEmbedder(_TransformersEmbedder):
    """Audio spectrogram transformer; every piece costs the same, whatever its length."""

    def prepare(self, samples: np.ndarray) -> list[np.ndarray]:
        """Make the pieces' normalised mel spectrograms, each (frames, bands)."""
        # Frames of 25 ms every 10 ms: this much sound fills the picture that the model sees.
        longest = round((0.01 * self.extractor.max_length + 0.015) * self.sampling_rate)
        return [
            self.extractor(piece, sampling_rate=self.sampling_rate, return_tensors="np")["input_values"][0]
            for piece in _pieces(_long_enough(samples), longest)
        ]

    def _forward(self, pieces: Sequence[np.ndarray]) -> np.ndarray:
        longest_s = 0.01 * self.extractor.max_length
        size = max(1, int(_AT_ONCE_S / longest_s))
        batches = [np.stack(pieces[start : start + size]) for start in range(0, len(pieces), size)]
        outputs = [self.model(self._tensor(batch)).pooler_output for batch in batches]
        return np.concatenate([output.float().cpu().numpy() for output in outputs])


class WaveformEmbedder(_TransformersEmbedder):
    """wav2vec 2.0 and its relatives."""

    def prepare(self, samples: np.ndarray) -> list[np.ndarray]:
        """Normalise the clip and cut it into pieces, each (samples,)."""
        values = self.extractor(_long_enough(samples), sampling_rate=self.sampling_rate, return_tensors="np")
        return _pieces(values["input_values"][0], int(_LONGEST_S * self.sampling_rate))

    def _forward(self, pieces: Sequence[np.ndarray]) -> np.ndarray:
        # A group norm runs over the whole length: padding would change the result, mask or not.
        may_pad = self.model.config.feat_extract_norm == "layer"
        vectors = np.empty((len(pieces), self.dimensions), np.float32)
        for rows in _batches_by_length(
            [len(piece) for piece in pieces], may_pad, int(_AT_ONCE_S * self.sampling_rate)
        ):
            vectors[rows] = self._pooled([pieces[row] for row in rows])
        return vectors

    def _pooled(self, pieces: Sequence[np.ndarray]) -> np.ndarray:
        import torch

        lengths = np.array([len(piece) for piece in pieces])
        longest = int(lengths.max())
        if (lengths == longest).all():
            hidden = self.model(self._tensor(np.stack(pieces))).last_hidden_state
            return hidden.mean(dim=1).float().cpu().numpy()
        values = np.stack([np.pad(piece, (0, longest - len(piece))) for piece in pieces])
        mask = np.arange(longest) < lengths[:, None]
        hidden = self.model(
            self._tensor(values), attention_mask=self._tensor(mask.astype(np.int64))
        ).last_hidden_state
        frames = self.model._get_feat_extract_output_lengths(torch.from_numpy(lengths)).to(self.device)
        inside = (torch.arange(hidden.shape[1], device=self.device) < frames[:, None]).unsqueeze(-1)
        pooled = (hidden * inside).sum(dim=1) / frames[:, None]
        return pooled.float().cpu().numpy()


def _long_enough(samples: np.ndarray) -> np.ndarray:
    """Repeat a clip that is too short for a single frame."""
    return samples if len(samples) >= _LEAST_SAMPLES else np.resize(samples, _LEAST_SAMPLES)


def _pieces(samples: np.ndarray, longest: int) -> list[np.ndarray]:
    """Cut into the fewest pieces of one length that are no longer than `longest`."""
    count = -(-len(samples) // longest)
    length = len(samples) // count
    return [samples[start * length : (start + 1) * length] for start in range(count)]


def _batches_by_length(lengths: Sequence[int], may_pad: bool, most: int) -> list[list[int]]:
    """Rows to embed together: of one length, or of similar ones; at most `most` samples with padding."""
    batches: list[list[int]] = []
    for row in np.argsort(lengths, kind="stable").tolist():
        last = batches[-1] if batches else []
        fits = bool(last) and lengths[row] * (len(last) + 1) <= most
        if fits and (may_pad or lengths[last[-1]] == lengths[row]):
            last.append(row)
        else:
            batches.append([row])
    return batches


def _load(checkpoint: Checkpoint) -> tuple[Any, Any]:
    import torch
    from transformers import AutoFeatureExtractor, AutoModel

    options = {
        "use_safetensors": True,
        "trust_remote_code": False,
        "dtype": torch.float32,
        "output_loading_info": True,
    }
    # Some hub models have no safetensors weights; transformers then gets a converted copy, which is kept for next time.
    converted = _converted_folder(checkpoint)
    try:
        with _quiet():
            if fetch_weights(checkpoint):
                model, report = AutoModel.from_pretrained(checkpoint.folder, **options)
            elif has_weights(converted):
                model, report = AutoModel.from_pretrained(converted, **options)
            elif checkpoint.on_hub:
                model, report = AutoModel.from_pretrained(checkpoint.name, **options)
                model.save_pretrained(converted)
            else:
                raise ModelError(
                    f"“{checkpoint.name}” has no weights in the safetensors format. Save it again with save_pretrained."
                )
            extractor = AutoFeatureExtractor.from_pretrained(checkpoint.folder, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise ModelError(f"“{checkpoint.name}” can't be loaded: {_first_line(error)}") from error
    missing = [key for key in report["missing_keys"] if not key.endswith(_MAY_BE_MISSING)]
    if missing:
        raise ModelError(
            f"“{checkpoint.name}” can't be used: {len(missing)} of its weights are missing, such as {missing[0]}."
        )
    return extractor, model


def _converted_folder(checkpoint: Checkpoint) -> Path:
    return cache_folder() / "models" / f"{checkpoint.name.replace('/', '--')}-{checkpoint.revision}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from reporting the classifier's weights, which an embedding has no use for."""
    from transformers.utils import logging

    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()
