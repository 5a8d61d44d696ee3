"""The audio tower of CLAP (Wu et al., ICASSP 2023).

The vector is the projection into the space that sound shares with text, at unit length. The feature extractor would cut
a long clip at random and call a random short one long; here a clip is cut into windows that fit, none of them long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from slicecore.embedding.hub import Checkpoint
from slicecore.embedding.transformer import Pooled, TransformerEmbedder


class ClapEmbedder(TransformerEmbedder):
    """CLAP's audio tower."""

    pooling = "projection at unit length"
    fixed = True

    @staticmethod
    def _audio_config(config: dict[str, Any]) -> dict[str, Any]:
        audio = dict(config.get("audio_config") or config)
        # A value that is not written down is the library's default.
        return {"depths": [2, 2, 6, 2], "hidden_size": 768} | audio | {
            "projection_dim": config.get("projection_dim") or audio.get("projection_dim") or 512
        }  # fmt: skip

    @staticmethod
    def _size(config: dict[str, Any]) -> int:
        return int(config["projection_dim"])

    @staticmethod
    def _base_class() -> str:
        return "ClapAudioModelWithProjection"

    @staticmethod
    def _longest_s(checkpoint: Checkpoint) -> float:
        return float(checkpoint.preprocessor.get("max_length_s", 10))

    def _features(self, samples: np.ndarray) -> np.ndarray:
        """Log-mel spectrogram of 10 s, (1 or 4, frames, bands); a short clip is repeated, as in training."""
        picture: np.ndarray = self.extractor(samples, sampling_rate=self.sampling_rate, return_tensors="np")[
            "input_features"
        ][0]
        return picture.astype(np.float32)

    def _forward(self, features: Sequence[np.ndarray], lengths: Sequence[int]) -> Pooled:
        import torch

        none_longer = torch.zeros((len(features), 1), dtype=torch.bool, device=self.device)
        output = self.model(input_features=self._tensor(np.stack(features)), is_longer=none_longer)
        return Pooled(torch.nn.functional.normalize(output.audio_embeds.float(), dim=-1))
