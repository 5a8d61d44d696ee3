"""Features of one call: the type of each column, and its vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.errors import TableError
from slicecore.sliceguard.columns import TYPES, as_vectors, encode, importance, infer_type, is_audio

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

DEFAULT_MODEL = "signal"
"""The embedding of audio columns for which none is named."""


class Features:
    """Columns to group clips by.

    Parameters
    ----------
    data, features, types, ready, models
        As `data`, `features`, `feature_types`, `precomputed_embeddings` and `embedding_models` of
        `SliceGuard.find_issues`.

    Attributes
    ----------
    types : dict
        Column -> one of `columns.TYPES`.
    audio : list of str
        Columns that hold paths of audio files.
    embeddings : dict
        Column -> (n, d) vectors of the raw and the ready-made columns, once `encode` was called.

    Raises
    ------
    TableError
        If there is no such column or type.
    """

    def __init__(
        self,
        data: pd.DataFrame,
        features: Sequence[str],
        types: Mapping[str, str],
        ready: Mapping[str, Any],
        models: Mapping[str, str],
    ) -> None:
        if isinstance(features, str) or not len(features):
            raise TableError("features is a list of at least one column.")
        missing = [name for name in features if name not in data.columns and name not in ready]
        if missing:
            raise TableError(
                f"There is no column “{missing[0]}”, and no precomputed embedding of that name. Columns are "
                f"{', '.join(map(str, data.columns))}."
            )
        wrong = [f"“{kind}” for {name}" for name, kind in types.items() if kind not in TYPES]
        if wrong:
            raise TableError(f"Types of features are {', '.join(TYPES)}, not {wrong[0]}.")
        self._data, self._ready, self._models = data, ready, models
        self.types = {
            name: "embedding" if name in ready else types.get(name) or infer_type(data[name])
            for name in features
        }
        self.audio = [
            name
            for name, kind in self.types.items()
            if name in data.columns and is_audio(data[name]) and kind in ("raw", "embedding")
        ]
        self.embeddings: dict[str, np.ndarray] = {}

    def encode(
        self, clips: Dataset, orders: Mapping[str, Sequence[Any]], unscaled: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """Vectors of every feature, (n, d) each."""
        blocks = {}
        for name, kind in self.types.items():
            if name in self._ready:
                blocks[name] = as_vectors(self._ready[name], name, len(self._data))
            elif name in self.audio:
                blocks[name] = self._embed(clips, name)
            else:
                blocks[name] = encode(self._data[name], kind, orders.get(name), name not in unscaled)
            if kind in ("raw", "embedding"):
                self.embeddings[name] = blocks[name]
        return blocks

    def models_without_audio(self) -> list[str]:
        """Columns for which a model is named that is not used."""
        return sorted(set(self._models) - (set(self.audio) - set(self._ready)))

    def tell_recordings(self) -> bool:
        """True where rows that are alike in all columns are one recording: numbers, categories and texts repeat."""
        return bool(self.audio) or "embedding" in self.types.values()

    def only_model(self) -> str | None:
        """The model, where the only feature is an audio column that was embedded here."""
        (first, *others) = self.types
        embedded = not others and first in self.audio and first not in self._ready
        return self._models.get(first, DEFAULT_MODEL) if embedded else None

    def _embed(self, clips: Dataset, name: str) -> np.ndarray:
        from slicecore.embedding import embed
        from slicecore.table.dataset import from_table

        if name != clips.roles.audio:
            table = clips.table.assign(**{name: self._data[name].to_numpy()})
            roles = clips.roles
            clips = from_table(
                table,
                name=clips.name,
                audio=name,
                reference=roles.reference,
                prediction=roles.predictions,
                id=roles.id,
            )
        return embed(clips, self._models.get(name, DEFAULT_MODEL)).vectors


def as_dataset(data: pd.DataFrame, audio: Sequence[str], y: str, y_pred: str) -> Dataset:
    """Audio, reference and prediction as a `Dataset`, which slices and the page need."""
    import pandas as pd

    from slicecore.table.dataset import from_table
    from slicecore.table.roles import guess_roles

    for name in (y, y_pred):
        if name not in data.columns:
            raise TableError(f"There is no column “{name}”. Columns are {', '.join(map(str, data.columns))}.")
    guessed = guess_roles([str(name) for name in data.columns]).audio
    sound = next(iter(audio), guessed if guessed not in (y, y_pred) else None)
    # y and y_pred may be the same column of the user's table; `from_table` wants two.
    parts = {"reference": data[y], "prediction": data[y_pred]} | ({"audio": data[sound]} if sound else {})
    frame = pd.DataFrame({name: column.to_numpy() for name, column in parts.items()})
    return from_table(
        frame,
        name="data",
        audio="audio" if sound else None,
        reference="reference",
        prediction="prediction",
    )


def explanation(
    members: np.ndarray, data: pd.DataFrame, types: Mapping[str, str], vectors: Mapping[str, np.ndarray]
) -> list[dict[str, Any]]:
    """Columns with their importance for a slice, the most important first, and the values of metadata columns."""
    importances = importance(vectors, members)
    parts = []
    for name in sorted(importances, key=lambda name: -importances[name]):
        part: dict[str, Any] = {"column": name, "importance": importances[name]}
        if types[name] not in ("raw", "embedding"):
            values = data[name].iloc[members].dropna()
            if types[name] == "numerical":
                part |= {"minimum": values.min(), "maximum": values.max()}
            elif len(values):
                part["mode"] = values.mode().iloc[0]
        parts.append(part)
    return parts
