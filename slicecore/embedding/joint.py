"""Joint vectors of several models: "signal+speaker", or "signal*2+speaker" where one weighs more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from slicecore.embedding.embeddings import Embeddings
from slicecore.embedding.model_spec import ModelSpec


def join(
    model: ModelSpec, label: str, embeddings: Sequence[Embeddings], *, balance: bool = True
) -> Embeddings:
    """Put the vectors of several models side by side.

    Each block is centred and divided by the root of its total variance, then multiplied by the root of its weight: a
    model's share of all squared distances between clips is its weight's share of all weights, whatever its number of
    dimensions and however large its numbers are.

    Parameters
    ----------
    model, label
        The joint model as asked for, and its name for people.
    embeddings
        One per part of the model, of the same clips.
    balance
        False to leave the blocks as they are.

    Returns
    -------
    Embeddings
        A clip that has no vector in one of the models has none, with that model's reason.
    """
    valid = np.logical_and.reduce([part.valid for part in embeddings])
    weights = [part.weight for part in model.parts]
    blocks = [part.vectors for part in embeddings]
    if balance:
        blocks = [balanced(block, valid, weight) for block, weight in zip(blocks, weights, strict=True)]
    reasons: dict[int, str] = {}
    labels: dict[int, tuple] = {}
    for part in embeddings:
        for row, reason in part.reasons.items():
            reasons.setdefault(row, f"{part.label}: {reason}")
        for row, classes in part.labels.items():
            labels[row] = (*labels.get(row, ()), *classes)
    return replace(
        embeddings[0],
        vectors=np.concatenate(blocks, axis=1),
        valid=valid,
        reasons=dict(sorted(reasons.items())),
        model=model.name,
        label=label,
        revision=_revision([part.revision for part in embeddings]),
        settings={
            part.model: {"weight": weight, "revision": part.revision, **part.settings}
            for part, weight in zip(embeddings, weights, strict=True)
        },
        labels=labels,
    )


def _revision(revisions: Sequence[str]) -> str:
    """One revision for all: a hash of theirs, "" if none has one."""
    return blake2b("+".join(revisions).encode(), digest_size=8).hexdigest() if any(revisions) else ""


def balanced(vectors: np.ndarray, valid: np.ndarray, weight: float) -> np.ndarray:
    """Centre vectors and give them `weight` as their total variance, (n, d) float32; NaN where they are not valid."""
    block = np.full(vectors.shape, np.nan, np.float32)
    if valid.any():
        centred = vectors[valid].astype(np.float64)
        centred -= centred.mean(axis=0)
        spread = np.sqrt(np.square(centred).sum(axis=1).mean())
        block[valid] = centred * (np.sqrt(weight) / spread) if spread > 0 else 0
    return block
