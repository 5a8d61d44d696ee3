"""wav2vec 2.0 and what is built like it: HuBERT, WavLM, UniSpeech, data2vec, SEW.

The vector is the mean over time of the hidden states: the last ones, or the weighted sum over layers where a classifier
was trained on that. A checkpoint for speaker verification gives the x-vector of its head.

Most feature extractors bring every clip to unit variance: these models are blind to the level of a clip.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.embedding.hub import Checkpoint
from slicecore.embedding.loading import base_of, is_xvector
from slicecore.embedding.transformer import Pooled, TransformerEmbedder

_WINDOW_S = 20.0
"""Attention takes memory by the square of the length."""

_MASKED = ("wav2vec2", "hubert", "wavlm", "unispeech", "unispeech-sat")
"""Types of which clips of different length can be padded and masked without a change of the result."""


class WaveformEmbedder(TransformerEmbedder):
    """wav2vec 2.0 or a relative."""

    pooling = "mean over time"

    def __init__(self, checkpoint: Checkpoint, cache: Path) -> None:
        if is_xvector(checkpoint):
            self.pooling = "x-vector"
        super().__init__(checkpoint, cache)
        config = checkpoint.config
        # In other types convolutions in, before or behind the transformer reach into the padding.
        self.may_pad = (
            config["model_type"] in _MASKED
            and not config.get("add_adapter", False)
            and not is_xvector(checkpoint)
        )
        self.batch = 32  # enough to find clips of similar length among
        # A classifier on all layers: transformers may collect them where passes at the same time would mix them up.
        self.side_by_side = not config.get("use_weighted_layer_sum", False)
        self._in_pass = threading.local()
        frames = (
            _frames_of_xvector(config) if is_xvector(checkpoint) else int(config.get("squeeze_factor", 1))
        )
        self.least = _samples_for(frames, config)

    @staticmethod
    def _longest_s(checkpoint: Checkpoint) -> float:
        return _WINDOW_S

    @staticmethod
    def _size(config: dict[str, Any]) -> int:
        if str((config.get("architectures") or [""])[0]).endswith("ForXVector"):
            return int(config.get("xvector_output_dim", 512))
        adapted = config.get("output_hidden_size") if config.get("add_adapter") else None
        return int(adapted or config["hidden_size"])

    def _load(self) -> None:
        super()._load()
        # A group norm runs over the whole length: padding would change the result, mask or not. So the convolutions, of
        # which it is a part, get each clip alone; the transformer, which can be masked, gets all.
        if getattr(self.model.config, "feat_extract_norm", "") == "group":
            convolutions = base_of(self.model).feature_extractor
            convolutions.forward = partial(self._one_by_one, convolutions.forward)

    def _one_by_one(self, convolve: Callable[[Any], Any], values: Any) -> Any:
        """Features of clips, (clips, channels, frames), each made without the padding behind it."""
        import torch

        lengths: Sequence[int] = getattr(self._in_pass, "lengths", ())
        if not lengths:
            return convolve(values)
        of_clips = [convolve(values[[row], :length]) for row, length in enumerate(lengths)]
        most = max(features.shape[-1] for features in of_clips)
        return torch.cat(
            [torch.nn.functional.pad(features, (0, most - features.shape[-1])) for features in of_clips]
        )

    def _levelled(self, samples: np.ndarray) -> np.ndarray:
        """Normalise the whole clip as the feature extractor does."""
        values: np.ndarray = self.extractor(samples, sampling_rate=self.sampling_rate, return_tensors="np")[
            "input_values"
        ][0]
        return values

    def _features(self, samples: np.ndarray) -> np.ndarray:
        return samples

    def _forward(self, features: Sequence[np.ndarray], lengths: Sequence[int]) -> Pooled:
        longest = max(lengths)
        padded = min(lengths) < longest
        self._in_pass.lengths = lengths if padded else ()
        values = (
            np.stack([np.pad(samples, (0, longest - len(samples))) for samples in features])
            if padded
            else np.stack(features)
        )
        options: dict[str, Any] = {}
        if padded:
            options["attention_mask"] = self._tensor(np.arange(longest) < np.array(lengths)[:, None]).long()
        if is_xvector(self.checkpoint):
            return Pooled(self.model(self._tensor(values), **options).embeddings)
        weighted = bool(self.head) and self.model.config.use_weighted_layer_sum
        base = base_of(self.model)
        output = base(self._tensor(values), output_hidden_states=weighted, **options)
        hidden = self._weighted(output.hidden_states) if weighted else output.last_hidden_state.float()
        hidden = _mean_inside(hidden, base, lengths) if padded else hidden.mean(dim=1)
        logits = self.model.classifier(self.model.projector(hidden)) if self.head else None
        return Pooled(hidden, logits)

    def _weighted(self, layers: Sequence[Any]) -> Any:
        """Sum of the layers with the weights that the classifier learned."""
        weights = self.model.layer_weights.float().softmax(dim=-1)
        return sum(weight * layer.float() for weight, layer in zip(weights, layers, strict=True))


def _mean_inside(hidden: Any, base: Any, lengths: Sequence[int]) -> Any:
    """Mean over the frames that belong to each clip."""
    import torch

    frames = base._get_feat_extract_output_lengths(torch.tensor(list(lengths))).to(hidden.device)
    inside = (torch.arange(hidden.shape[1], device=hidden.device) < frames[:, None]).unsqueeze(-1)
    return (hidden * inside).sum(dim=1) / frames[:, None]


def _samples_for(frames: int, config: dict[str, Any]) -> int:
    """Fewest samples that give so many frames."""
    kernels = config.get("conv_kernel", (10, 3, 3, 3, 3, 2, 2))
    strides = config.get("conv_stride", (5, 2, 2, 2, 2, 2, 2))
    for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
        frames = (frames - 1) * stride + kernel
    return frames


def _frames_of_xvector(config: dict[str, Any]) -> int:
    """Fewest frames whose spread the head of a speaker verification model can take."""
    kernels = config.get("tdnn_kernel", (5, 3, 3, 1, 1))
    dilations = config.get("tdnn_dilation", (1, 2, 3, 1, 1))
    return 2 + sum((kernel - 1) * dilation for kernel, dilation in zip(kernels, dilations, strict=True))
