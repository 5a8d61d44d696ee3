"""Precision in which a model computes: 16 or 8 bits where the processor gains by it and the vectors stay the same."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from slicecore.embedding import eight_bits
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.checked_file import read_checked, write_checked

FULL, SIXTEEN_BITS, EIGHT_BITS = "float32", "bfloat16", "int8"
MIXED = "int8+bfloat16"
"""8 bits for layers, 16 for attention among many tokens and what 8 bits don't compute."""

LEAST_COSINE = {SIXTEEN_BITS: 0.999, "float16": 0.999, EIGHT_BITS: 0.99, MIXED: 0.99}
"""Least cosine of vectors of fewer bits to those of 32 bits, or 32 bits are used."""

_TILES, _VECTORS = "_is_amx_tile_supported", "_is_avx512_bf16_supported"
"""PyTorch's questions for instructions that multiply 16 bits: AMX, and AVX-512 BF16."""

_WORTH_IT = 20_000_000
"""A model with fewer weights is fast enough as it is."""


@dataclass(frozen=True)
class Decision:
    """Precision that was tried on this machine, and the one taken after the comparison with 32 bits."""

    tried: str
    taken: str


def device() -> str:
    """Device of PyTorch: "cuda" if there is a GPU, else "cpu"."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def worth_trying(weights: int) -> tuple[str, ...]:
    """Precisions to try for a model with so many weights, the fastest first, by what the processor can do."""
    if weights < _WORTH_IT or importlib.util.find_spec("torch") is None:
        return ()
    import torch

    if device() == "cuda":
        return (SIXTEEN_BITS if torch.cuda.is_bf16_supported(including_emulation=False) else "float16",)
    if _processor_has(_TILES):  # multiplies 16 bits so fast that the rest takes longer
        return (SIXTEEN_BITS,)
    if _processor_has(_VECTORS):
        return (MIXED, SIXTEEN_BITS) if eight_bits.is_fourfold_here() else (SIXTEEN_BITS,)
    return (EIGHT_BITS,) if eight_bits.is_faster_here() else ()


def attention_in_16_bits(name: str) -> bool:
    """Return whether attention is computed by products of 16 bits with a precision on this processor."""
    return name in (SIXTEEN_BITS, MIXED) and _processor_has(_VECTORS) and not _processor_has(_TILES)


def remembered(revision: str, cache: Path) -> Decision | None:
    """Decision that was noted for a model in a cache; None where there is none."""
    note = read_checked(_note(revision, cache))
    return None if note is None else Decision(**json.loads(bytes(note)))


def remember(revision: str, decision: Decision, cache: Path) -> None:
    """Note a decision, so that the model need not be loaded to know under which key its vectors are stored."""
    write_checked(_note(revision, cache), [json.dumps(asdict(decision)).encode()])


def probe_sounds(sampling_rate: int) -> list[np.ndarray]:
    """Make the sounds by which precisions are compared, each (2 s,): noise, tones, syllables of two voices."""
    random = np.random.default_rng(0)
    time = np.arange(2 * sampling_rate) / sampling_rate
    noise = random.normal(0, 0.05, len(time))
    harmonics = np.arange(1, 12)[:, None]
    low, high = (
        (0.1 / harmonics * np.sin(harmonics * 2 * np.pi * pitch * time * (1 + 0.05 * np.sin(5 * time)))).sum(
            axis=0
        )
        for pitch in (140, 260)
    )
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * time), 0, 1)
    sounds = (
        noise,
        low,
        syllables * low + 0.1 * noise,
        syllables * high + 0.1 * noise,
        0.1 * np.sin(600 * time),
    )
    return [sound.astype(np.float32) for sound in sounds]


def are_close(name: str, exact: list[np.ndarray], rounded: list[np.ndarray]) -> bool:
    """Return whether vectors of some sounds in a precision can stand for those in 32 bits.

    Their cosines are large enough, and of 8 bits the nearest other sound of each is the same.
    """
    if least_cosine(exact, rounded) < LEAST_COSINE[name]:
        return False
    return name not in (EIGHT_BITS, MIXED) or bool((_nearest(exact) == _nearest(rounded)).all())


def least_cosine(some: list[np.ndarray], others: list[np.ndarray]) -> float:
    """Smallest cosine between vectors of the same sounds; 0 if one is not finite."""
    a, b = np.stack(some).astype(np.float64), np.stack(others).astype(np.float64)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return 0.0
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return float(((a * b).sum(axis=1) / np.maximum(norms, 1e-30)).min())


def _nearest(vectors: list[np.ndarray]) -> np.ndarray:
    """Index of the nearest other vector of each."""
    rows = np.stack(vectors).astype(np.float64)
    distances = np.square(rows[:, None] - rows).sum(axis=-1)
    np.fill_diagonal(distances, np.inf)
    nearest: np.ndarray = distances.argmin(axis=1)
    return nearest


def _processor_has(name: str) -> bool:
    """Return whether the processor has the instructions that a function of PyTorch's asks for."""
    import torch

    ask = getattr(torch.cpu, name, None)
    return ask is not None and bool(ask())


def _note(revision: str, cache: Path) -> Path:
    return CacheFolder.PRECISION.within(cache) / f"{revision}.note"
