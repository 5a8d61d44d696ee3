"""Several models seen as one: "signal+speaker", or "signal*2+speaker" where one is to count more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import ModelError

if TYPE_CHECKING:
    from slicecore.embedding.engine import Embeddings

COLUMN = "column:"


@dataclass(frozen=True)
class Part:
    """A model of a joint view, and how much its vectors count."""

    model: str
    weight: float = 1.0


def parts_of(model: str, columns: Sequence[str] = ()) -> list[Part]:
    """Take a joint model apart; a plain one has one part.

    Parameters
    ----------
    model
        Names joined by "+", each with "*" and a weight behind it if that is not 1.
    columns
        Names of the table's columns, which may have a "+" in them.

    Raises
    ------
    ModelError
        If a name is missing or given twice, or a weight is no positive number.
    """
    if model.removeprefix(COLUMN) in columns or Path(model).expanduser().exists():
        return [Part(model)]
    parts = [_part(text.strip(), model) for text in model.split("+")]
    for part in parts:
        if not part.model:
            raise ModelError(f"“{model}” has a part without a name. Write it like this: signal+speaker.")
        if sum(part.model == other.model for other in parts) > 1:
            raise ModelError(
                f"“{part.model}” is in “{model}” twice. Give it a weight instead: {part.model}*2."
            )
    return parts


def join(model: str, label: str, parts: Sequence[Part], embeddings: Sequence[Embeddings]) -> Embeddings:
    """Put the vectors of several models side by side.

    Each block is centred and divided by the root of its total variance, then multiplied by the root of its weight: a
    model's share of all squared distances between clips is its weight's share of all weights, whatever its number of
    dimensions and however large its numbers are.

    Parameters
    ----------
    model, label
        The joint model as asked for, and what people call it.
    parts, embeddings
        One of each per model, of the same clips.

    Returns
    -------
    Embeddings
        A clip that has no vector in one of the models has none, with that model's reason.
    """
    valid = np.logical_and.reduce([one.valid for one in embeddings])
    blocks = [balanced(one.vectors, valid, part.weight) for one, part in zip(embeddings, parts, strict=True)]
    reasons: dict[int, str] = {}
    labels: dict[int, tuple] = {}
    for one in embeddings:
        for row, reason in one.reasons.items():
            reasons.setdefault(row, f"{one.label}: {reason}")
        for row, seen in one.labels.items():
            labels[row] = (*labels.get(row, ()), *seen)
    return replace(
        embeddings[0],
        vectors=np.concatenate(blocks, axis=1),
        valid=valid,
        reasons=dict(sorted(reasons.items())),
        model=model,
        label=label,
        revision=_revision([one.revision for one in embeddings]),
        settings={
            one.model: {"weight": part.weight, "revision": one.revision, **one.settings}
            for one, part in zip(embeddings, parts, strict=True)
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


def _part(text: str, model: str) -> Part:
    name, star, number = text.rpartition("*")
    if not star:
        return Part(text)
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not 0 < weight < np.inf:
        raise ModelError(
            f"The weight “{number.strip()}” in “{model}” is no positive number. Write it like this: signal*2+speaker."
        )
    return Part(name.strip(), weight)
