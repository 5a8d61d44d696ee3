"""Audio spectrogram transformers (AST; Gong et al., Interspeech 2021).

The vector is the model's `pooler_output`, the mean of its class and distillation token. The level of a clip is in it.
Each window is a picture of the same size, whatever its length; the rest is filled up as in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from slicecore.embedding.hub import Checkpoint
from slicecore.embedding.lean_layers import only_first
from slicecore.embedding.loading import base_of
from slicecore.embedding.transformer import Pooled, TransformerEmbedder

_POOLED = 2
"""Tokens of the last layer that the vector is made of: class and distillation token."""

_OF_ALL_TOKENS = ("k_proj", "v_proj", "key", "value")
"""Linear layers of the attention that see all tokens, in transformers 5 and 4."""


class SpectrogramEmbedder(TransformerEmbedder):
    """Audio spectrogram transformer."""

    pooling = "mean of class and distillation token"
    fixed = True

    def __init__(self, checkpoint: Checkpoint, cache: Path) -> None:
        super().__init__(checkpoint, cache)
        self.least = round(0.025 * self.sampling_rate)  # one frame

    @staticmethod
    def _longest_s(checkpoint: Checkpoint) -> float:
        # Frames of 25 ms every 10 ms: this much sound fills the picture that the model sees.
        return 0.01 * int(checkpoint.preprocessor.get("max_length", 1024)) + 0.015

    def _load(self) -> None:
        super()._load()
        base = base_of(self.model)
        layers = base.layers if hasattr(base, "layers") else base.encoder.layer  # transformers 5 and 4
        only_first(layers[-1], _POOLED, but=_OF_ALL_TOKENS)

    def _features(self, samples: np.ndarray) -> np.ndarray:
        """Normalised mel spectrogram, (frames, bands)."""
        picture: np.ndarray = self.extractor(samples, sampling_rate=self.sampling_rate, return_tensors="np")[
            "input_values"
        ][0]
        return picture

    def _forward(self, features: Sequence[np.ndarray], lengths: Sequence[int]) -> Pooled:
        vectors = base_of(self.model)(self._tensor(np.stack(features))).pooler_output.float()
        return Pooled(vectors, self.model.classifier(vectors) if self.head else None)
