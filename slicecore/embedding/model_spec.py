"""Names of embedding models, parsed: "signal", "signal*2+speaker", "column:x", "vectors.npy", "none"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.errors import ModelError
from slicecore.storage.home import expanded, is_there

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

NONE = "none"
"""Model that gives no clip a vector: there are no clusters, and slices are searched over metadata alone."""

COLUMN = "column:"
"""Prefix of a model that is a column of vectors."""

FILE_ENDINGS = (".npy", ".npz", ".parquet")
"""Endings of files with vectors."""


@dataclass(frozen=True)
class ModelPart:
    """One model of a joint one: its name, and the weight of its vectors."""

    model: str
    weight: float = 1.0

    @property
    def column(self) -> str | None:
        """Column of the table that holds the vectors; None if it is no such model."""
        return self.model.removeprefix(COLUMN) if self.model.startswith(COLUMN) else None

    @property
    def file(self) -> Path | None:
        """File that holds the vectors; None if it is no such model."""
        path = Path(self.model)
        return expanded(path) if self.column is None and path.suffix.lower() in FILE_ENDINGS else None

    @property
    def is_given(self) -> bool:
        """True if nothing is to be computed: the vectors are there already, in a file or a column, or none are."""
        return self.column is not None or self.file is not None or self.model == NONE


@dataclass(frozen=True)
class ModelSpec:
    """An embedding model as asked for: its name, and the models that it consists of."""

    name: str
    parts: tuple[ModelPart, ...]

    @property
    def is_joint(self) -> bool:
        """True if vectors of several models are put side by side."""
        return len(self.parts) > 1


def default_model(data: Dataset) -> str:
    """The model of a table for which nobody chose one: "signal", or "none" where the table names no audio files."""
    return NONE if data.roles.audio is None else "signal"


def parse_model(name: str, columns: Sequence[str] = ()) -> ModelSpec:
    """Parse the name of a model; a plain one has one part.

    Parameters
    ----------
    name
        Names joined by "+", each with "*" and a weight behind it if that is not 1.
    columns
        Names of the table's columns, which may have a "+" in them.

    Raises
    ------
    ModelError
        If a name is missing or given twice, "none" is one of several, or a weight is no positive number.
    """
    if name.removeprefix(COLUMN) in columns or is_there(expanded(name)):
        return ModelSpec(name, (ModelPart(name),))
    parts = tuple(_part(text.strip(), name) for text in name.split("+"))
    for part in parts:
        if not part.model:
            raise ModelError(f"“{name}” has a part without a name. Write it like this: signal+speaker.")
        if part.model == NONE and len(parts) > 1:
            raise ModelError(f"“{NONE}” in “{name}” is no model to join with others. Leave it out.")
        if sum(part.model == other.model for other in parts) > 1:
            raise ModelError(
                f"“{part.model}” is in “{name}” twice. Give it a weight instead: {part.model}*2."
            )
    return ModelSpec(name, parts)


def of_unknown_meaning(name: str, columns: Sequence[str] = ()) -> bool:
    """True if vectors of a model are the user's own, wholly or in part: what is alike by them need not sound alike.

    Parameters
    ----------
    name, columns
        As in `parse_model`; of vectors that have been made.
    """
    return any(part.is_given for part in parse_model(name, columns).parts)


def _part(text: str, name: str) -> ModelPart:
    model, star, number = text.rpartition("*")
    if not star:
        return ModelPart(text)
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not 0 < weight < float("inf"):
        raise ModelError(
            f"The weight “{number.strip()}” in “{name}” is no positive number. Write it like this: signal*2+speaker."
        )
    return ModelPart(model.strip(), weight)
