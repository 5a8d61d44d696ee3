"""Common ground of all models of the transformers library: settings, loading, windows, batches, precision, labels."""

from __future__ import annotations

import json
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.embedding import eight_bits, precision
from slicecore.embedding.hub import NEEDS_PACKAGES, Checkpoint
from slicecore.embedding.lean_layers import activate_in_place
from slicecore.embedding.loading import base_of, is_classifier, load
from slicecore.embedding.precision import FULL, Decision
from slicecore.embedding.windows import OVERLAP, windows
from slicecore.errors import ModelError
from slicecore.storage.outcome import Label, Outcome
from slicecore.work_threads import threads

_log = logging.getLogger(__name__)

# Raise it whenever vectors come out otherwise: stored ones are then not used again.
_VERSION = 3

_LABELS = 5
"""Most labels kept of a clip."""

_AT_ONCE_S = {"cpu": 40.0, "cuda": 640.0}
"""Sound in one forward pass, padding included."""

_IN_ALL_S = 40.0
"""Sound in all forward passes that run at a time on a processor: memory is bounded by it."""

LONGER = 1.25
"""The longest clip of a batch is at most so much longer than the shortest: padding costs time too."""

_AUDIOSET = 527
"""Number of labels of the models trained on AudioSet, where several are true at a time."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A clip on its way to the model.

    Attributes
    ----------
    windows
        Features of each window.
    lengths
        Samples in each window.
    shares
        Part of the clip that each stands for.
    """

    windows: list[np.ndarray]
    lengths: list[int]
    shares: np.ndarray


@dataclass(frozen=True, eq=False)
class Pooled:
    """Outcome of a forward pass: vectors (windows, d), and logits (windows, classes) if there is a head."""

    vectors: Any
    logits: Any = None


class TransformerEmbedder(ABC):
    """One audio model of the transformers library.

    A subclass says how it cuts and pads (`longest`, `fixed`, `may_pad`, `least`), what it makes of samples
    (`_features`) and what of the model's output is the vector (`_forward`).
    """

    pooling = ""
    fixed = False
    """True if each window costs the same, whatever its length."""
    side_by_side = True
    """True if several forward passes may run at a time."""

    def __init__(self, checkpoint: Checkpoint, cache: Path) -> None:
        config = self._audio_config(checkpoint.config)
        self.checkpoint = checkpoint
        self.cache = cache
        self.revision = checkpoint.revision
        self.dimensions = self._size(config)
        self.sampling_rate = int(checkpoint.preprocessor.get("sampling_rate", 16000))
        self.longest = round(self._longest_s(checkpoint) * self.sampling_rate)
        self.least = 1
        self.may_pad = True
        self.batch = 8
        self.gives_labels = is_classifier(checkpoint)
        self.model: Any = None
        self.extractor: Any = None
        self.head: tuple[str, ...] = ()
        self.device = "cpu"
        self._weights = _estimated_weights(config)
        before = precision.remembered(self.revision, self.cache)
        self._set_precision(before.taken if before else (*precision.worth_trying(self._weights), FULL)[0])

    def _set_precision(self, name: str) -> None:
        self.precision = name
        self.settings: Mapping[str, Any] = {
            "pooling": self.pooling,
            "window_s": round(self.longest / self.sampling_rate, 2),
            "overlap": OVERLAP,
            "precision": name,
        }
        self.key = json.dumps(
            {
                "family": "huggingface",
                "version": _VERSION,
                # A folder may be moved: its content is what counts.
                "name": self.checkpoint.name if self.checkpoint.on_hub else "",
                "revision": self.revision,
                "settings": self.settings,
            }
        )

    def start(self) -> None:
        """Load weights and feature extractor, and settle the precision."""
        # PyTorch reads it when it first takes memory: large arrays in pages of 2 MiB, which take less time to clear.
        os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
        try:
            import torch  # noqa: F401
            import transformers  # noqa: F401
        except ImportError as error:
            raise ModelError(NEEDS_PACKAGES.format(self.checkpoint.name)) from error
        self.device = precision.device()
        self.batch = 64 if self.device == "cuda" else self.batch
        self._load()
        candidates = precision.worth_trying(self._weights)
        before = precision.remembered(self.revision, self.cache)
        if candidates and before and before.tried == candidates[0]:
            self._lower(before.taken)
            self._set_precision(before.taken)
            return
        self._set_precision(self._compare(candidates) if candidates else FULL)

    def follow(self, key: str) -> None:
        """Go by the precision in which other machines computed, so that their vectors are found here from now on."""
        taken = json.loads(key)["settings"]["precision"]
        precision.remember(self.revision, Decision(taken, taken), self.cache)
        self._set_precision(taken)

    def _load(self) -> None:
        self.extractor, self.model, self.head = load(self.checkpoint, self._base_class(), self.cache)
        self.model.to(self.device).eval()
        activate_in_place(self.model)

    def _lower(self, name: str) -> None:
        """Let the model compute with fewer bits; its head, which is small, stays as it is."""
        if name == FULL:
            return
        import torch

        if name in (precision.EIGHT_BITS, precision.MIXED):
            base = base_of(self.model)
            body = getattr(base, base.base_model_prefix, base)  # without heads, those of x-vectors too
            eight_bits.lower(body, fourfold=name == precision.MIXED)
            return
        self.model.to(getattr(torch, name))
        for part in self.head:
            getattr(self.model, part).float()

    def _compare(self, candidates: Sequence[str]) -> str:
        """Take fewer bits if a few sounds get the same vectors as with 32; that is remembered for this checkpoint."""
        prepared = [self.prepare(sound) for sound in precision.probe_sounds(self.sampling_rate)]
        exact = [outcome.vector for outcome in self.compute(prepared)]
        taken = FULL
        for tried in candidates:
            self._set_precision(tried)
            try:
                self._lower(tried)
                rounded = [outcome.vector for outcome in self.compute(prepared)]
                close = precision.are_close(tried, exact, rounded)  # type: ignore[arg-type]
            except (AttributeError, TypeError, RuntimeError) as error:
                _log.debug("%s does not compute in %s: %s", self.checkpoint.name, tried, error)
                close = False
            if close:
                taken = tried
                break
            self._load()
        precision.remember(self.revision, Decision(candidates[0], taken), self.cache)
        return taken

    def prepare(self, samples: np.ndarray) -> Prepared:
        """Cut a clip into windows and make their features. A clip too short for one frame is repeated."""
        samples = self._levelled(samples if len(samples) >= self.least else np.resize(samples, self.least))
        slices, shares = windows(len(samples), self.longest, fixed=self.fixed)
        parts = [samples[window] for window in slices]
        return Prepared([self._features(part) for part in parts], [len(part) for part in parts], shares)

    def compute(self, prepared: Sequence[Prepared]) -> list[Outcome]:
        """Embed the windows of all clips, similar lengths together, then take the mean over each clip's duration."""
        import torch

        lengths = [length for clip in prepared for length in clip.lengths]
        features = [window for clip in prepared for window in clip.windows]
        most = round(_AT_ONCE_S[self.device] * self.sampling_rate)
        costs = [self.longest] * len(lengths) if self.fixed else lengths
        vectors = np.empty((len(features), self.dimensions), np.float32)
        probabilities: np.ndarray | None = None

        def run(rows: list[int]) -> Pooled:
            with torch.inference_mode(), self._attention():
                pooled = self._forward([features[row] for row in rows], [lengths[row] for row in rows])
                logits = None if pooled.logits is None else self._probabilities(pooled.logits.float()).cpu()
                return Pooled(pooled.vectors.float().cpu(), logits)

        batches, workers = self._batches(costs, most)
        for rows, pooled in zip(batches, _in_threads(run, batches, workers), strict=True):
            vectors[rows] = pooled.vectors.numpy()
            if pooled.logits is not None:
                if probabilities is None:
                    probabilities = np.empty((len(features), pooled.logits.shape[1]), np.float32)
                probabilities[rows] = pooled.logits.numpy()
        ends = np.cumsum([len(clip.windows) for clip in prepared])[:-1]
        means = [_mean(part, clip) for part, clip in zip(np.split(vectors, ends), prepared, strict=True)]
        if probabilities is None:
            return [Outcome(vector) for vector in means]
        seen = [_mean(part, clip) for part, clip in zip(np.split(probabilities, ends), prepared, strict=True)]
        return [
            Outcome(vector, labels=self._labels(classes)) for vector, classes in zip(means, seen, strict=True)
        ]

    def _attention(self) -> AbstractContextManager:
        """The context of a forward pass that computes attention in the precision of the model."""
        if self.device != "cpu" or not precision.attention_in_16_bits(self.precision):
            return nullcontext()
        from slicecore.embedding.long_attention import LongAttention

        return LongAttention()

    def _batches(self, costs: Sequence[int], most: int) -> tuple[list[list[int]], int]:
        """Rows to embed together, and how many batches at a time."""
        if self.device != "cpu" or not self.side_by_side:
            return batches_by_length(costs, self.may_pad, most), 1
        in_all = _IN_ALL_S * self.sampling_rate
        workers = max(1, min(threads(), len(costs), int(in_all // max(costs, default=1))))
        share = min(most, in_all / workers, sum(costs) / workers)  # no thread is left without a batch
        return batches_by_length(costs, self.may_pad, int(share)), workers

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Return the vectors as they are."""
        return vectors

    def _probabilities(self, logits: Any) -> Any:
        config = self.model.config
        many = config.problem_type == "multi_label_classification" or config.num_labels == _AUDIOSET
        return logits.sigmoid() if many else logits.softmax(dim=-1)

    def _labels(self, probabilities: np.ndarray) -> tuple[Label, ...]:
        best = np.argsort(-probabilities, kind="stable")[:_LABELS].tolist()
        names = self.model.config.id2label
        return tuple(Label(str(names[at]), float(probabilities[at])) for at in best)

    def _tensor(self, values: np.ndarray) -> Any:
        """Put features where the model is, in its precision."""
        import torch

        tensor = torch.from_numpy(np.ascontiguousarray(values)).to(self.device)
        return tensor.to(getattr(torch, self._dtype())) if tensor.is_floating_point() else tensor

    def _dtype(self) -> str:
        return str(next(self.model.parameters()).dtype).removeprefix("torch.")

    def _levelled(self, samples: np.ndarray) -> np.ndarray:
        """The clip as the family takes it as a whole; unchanged by default."""
        return samples

    @staticmethod
    def _audio_config(config: dict[str, Any]) -> dict[str, Any]:
        """The part of the configuration that is about the audio model."""
        return config

    @staticmethod
    def _size(config: dict[str, Any]) -> int:
        """Length of a vector."""
        return int(config["hidden_size"])

    @staticmethod
    def _base_class() -> str:
        """Class of the transformers library for a checkpoint without a head that is of use."""
        return "AutoModel"

    @staticmethod
    @abstractmethod
    def _longest_s(checkpoint: Checkpoint) -> float:
        """Longest window in seconds."""

    @abstractmethod
    def _features(self, samples: np.ndarray) -> np.ndarray:
        """Input of the model for one window."""

    @abstractmethod
    def _forward(self, features: Sequence[np.ndarray], lengths: Sequence[int]) -> Pooled:
        """Run the model on windows; `lengths` are their samples."""


def _in_threads(
    run: Callable[[list[int]], Pooled], batches: Sequence[list[int]], workers: int
) -> Iterator[Pooled]:
    """Results of all batches. One pass per thread: threads that share one wait for one another at every layer."""
    if workers < 2 or len(batches) < 2:
        yield from map(run, batches)
        return
    import torch

    before = torch.get_num_threads()

    def take_share() -> None:
        # Asked for first: else PyTorch, when this thread first multiplies, takes the number that any thread set last.
        torch.get_num_threads()
        torch.set_num_threads(max(1, threads() // workers))

    try:
        with ThreadPoolExecutor(workers, "embed", take_share) as pool:
            yield from pool.map(run, batches)
    finally:
        torch.set_num_threads(before)


def batches_by_length(lengths: Sequence[int], may_pad: bool, most: int) -> list[list[int]]:
    """Rows to embed together: of one length, or of similar ones; at most `most` samples with padding."""
    batches: list[list[int]] = []
    for row in np.argsort(lengths, kind="stable").tolist():
        last = batches[-1] if batches else []
        fits = bool(last) and lengths[row] * (len(last) + 1) <= most
        if fits and lengths[row] <= lengths[last[0]] * (LONGER if may_pad else 1):
            last.append(row)
        else:
            batches.append([row])
    return batches


def _mean(rows: np.ndarray, clip: Prepared) -> np.ndarray:
    mean: np.ndarray = (clip.shares @ rows).astype(np.float32) if len(rows) > 1 else rows[0]
    return mean


def _estimated_weights(config: dict[str, Any]) -> int:
    """About how many weights the transformer has: twelve times width squared in each layer."""
    layers = config.get("num_hidden_layers") or config.get("encoder_layers") or sum(config.get("depths", [0]))
    width = config.get("hidden_size") or config.get("d_model") or 0
    return 12 * int(layers) * int(width) ** 2
