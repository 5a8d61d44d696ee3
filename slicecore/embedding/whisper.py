"""The encoder of Whisper (Radford et al., 2022).

Whisper fills every clip up to 30 s with silence. The vector is the mean over the frames of the clip alone: over all of
them, short clips would lie together because they are short. Labels come from all frames, as their classifiers were
trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from slicecore.embedding.hub import Checkpoint
from slicecore.embedding.transformer import Pooled, TransformerEmbedder


class WhisperEmbedder(TransformerEmbedder):
    """Whisper's encoder."""

    pooling = "mean over the frames of the clip"
    fixed = True

    @staticmethod
    def _size(config: dict[str, Any]) -> int:
        return int(config["d_model"])

    @staticmethod
    def _longest_s(checkpoint: Checkpoint) -> float:
        return float(checkpoint.preprocessor.get("chunk_length", 30))

    def _load(self) -> None:
        super()._load()
        # As in `WaveformEmbedder`.
        self.side_by_side = not (self.head and self.model.config.use_weighted_layer_sum)
        if hasattr(self.model, "decoder"):
            self.model = self.model.encoder

    def _features(self, samples: np.ndarray) -> np.ndarray:
        """Log-mel spectrogram of 30 s, (bands, frames)."""
        picture: np.ndarray = self.extractor(samples, sampling_rate=self.sampling_rate, return_tensors="np")[
            "input_features"
        ][0]
        return picture

    def _forward(self, features: Sequence[np.ndarray], lengths: Sequence[int]) -> Pooled:
        import torch

        weighted = bool(self.head) and self.model.config.use_weighted_layer_sum
        encoder = self.model.encoder if hasattr(self.model, "encoder") else self.model
        output = encoder(self._tensor(np.stack(features)), output_hidden_states=weighted)
        hidden = output.last_hidden_state.float()
        if weighted:
            weights = self.model.layer_weights.float().softmax(dim=-1)
            hidden = sum(w * layer.float() for w, layer in zip(weights, output.hidden_states, strict=True))
        # The encoder's second convolution takes every other frame of the spectrogram.
        step = 2 * self.extractor.hop_length
        frames = torch.tensor([-(-length // step) for length in lengths], device=hidden.device)
        inside = (torch.arange(hidden.shape[1], device=hidden.device) < frames[:, None]).unsqueeze(-1)
        vectors = (hidden * inside).sum(dim=1) / frames[:, None]
        logits = self.model.classifier(self.model.projector(hidden.mean(dim=1))) if self.head else None
        return Pooled(vectors, logits)
