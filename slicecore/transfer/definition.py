"""Definitions of slices: what is known of a slice by which its clips are recognised in other data."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.embedding.model_spec import parse_model
from slicecore.errors import DefinitionError
from slicecore.slices.condition import Condition

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.embedding import Embeddings
    from slicecore.transfer.region import Region

WHOLE = "whole table"
"""Name of all clips in gates and histories, which no slice may have."""

_FARTHEST = 6.0  # standard deviations, as in the embedding `signal`
_CONSTANT = 1e-6
_FUNCTION = "function:"


@dataclass(frozen=True)
class Rule:
    """Conditions that describe a slice: a clip that meets all of them is in it.

    Attributes
    ----------
    conditions : one, two or three.
    measured : of each, True if its column is a measurement, False if it is one of the table.
    precision : share of the clips that meet them which were in the slice, on the data that it was made of.
    recall : share of the slice's clips which met them.
    """

    conditions: tuple[Condition, ...]
    measured: tuple[bool, ...]
    precision: float
    recall: float

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))


@dataclass(frozen=True, eq=False)
class Space:
    """An embedding, standardised on the data that definitions were made of: a region holds only in the same one.

    Attributes
    ----------
    model : name as `slicecore.embed` takes it.
    revision : commit or content hash of its weights; "" where there are none.
    settings : how the vectors were made.
    centre, scale : (d,) mean and standard deviation of every number of the vectors.
    """

    model: str
    revision: str
    settings: Mapping[str, Any]
    centre: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, embeddings: Embeddings) -> Space:
        """The embedding of some clips, by vectors that do not depend on the other clips (`embed_raw`)."""
        known = embeddings.vectors[embeddings.valid].astype(np.float64)
        centre = known.mean(axis=0) if len(known) else np.zeros(embeddings.vectors.shape[1])
        scale = known.std(axis=0) if len(known) else np.ones_like(centre)
        # A deviation this small is rounding, not variation.
        scale[scale <= _CONSTANT * (1 + np.abs(centre))] = 1
        settings = json.loads(json.dumps(dict(embeddings.settings), default=str))
        settings |= _versions(embeddings.model)
        return cls(
            embeddings.model,
            embeddings.revision,
            settings,
            centre.astype(np.float32),
            scale.astype(np.float32),
        )

    @property
    def is_given(self) -> bool:
        """True if the vectors are no model's that can be asked for others: those of a file, a column or a function."""
        if self.model.startswith(_FUNCTION):
            return True
        return any(part.is_given for part in parse_model(self.model).parts)

    def standard(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors as regions take them, (n, d): standardised, held at six deviations; NaN where there is none."""
        return np.clip((vectors - self.centre) / self.scale, -_FARTHEST, _FARTHEST)


def _versions(model: str) -> dict[str, int]:
    """Versions of slicecore's own embeddings among the parts of a model: their numbers change with them."""
    from slicecore.embedding import signal, speaker

    own = {"signal": signal.VERSION, "speaker": speaker.VERSION}
    parts = () if model.startswith(_FUNCTION) else parse_model(model).parts
    return {f"version_of_{part.model}": own[part.model] for part in parts if part.model in own}


@dataclass(frozen=True, eq=False)
class Definition:
    """Definition of a slice.

    Attributes
    ----------
    name : unique in its file; tests and histories go by it.
    id : of the slice that it was made of.
    support, value, interval : of that slice: clips, metric and its 95 % interval.
    clips : hash of the sound by id of the slice's clips, "" where it is not known.
    rule : conditions that describe it; None where none do well enough.
    region : its place in an embedding; None where it has none, or none that is of use.
    verdict, note : of the reviewer; "" for none.
    tolerance : by how much the metric may get worse, in its units; None: that of the file.
    """

    name: str
    id: str
    support: int
    value: float
    interval: tuple[float, float]
    clips: Mapping[str, str]
    rule: Rule | None = None
    region: Region | None = None
    verdict: str = ""
    note: str = ""
    tolerance: float | None = None

    def __repr__(self) -> str:
        means = [name for name in ("rule", "region") if getattr(self, name) is not None]
        return f"Definition({self.name}: {self.support} clips, {' and '.join(['ids', *means])})"


@dataclass(frozen=True)
class Origin:
    """Data that definitions were made of.

    Attributes
    ----------
    table : name of the table.
    prediction : column of the model's predictions; "" where there was none.
    clips : number of clips.
    value : the metric over all of them.
    time : ISO 8601, UTC, to the second.
    slicecore : version that wrote the file.
    """

    table: str
    prediction: str
    clips: int
    value: float
    time: str
    slicecore: str


@dataclass(frozen=True, eq=False)
class Definitions:
    """Definitions of slices of one table, as a file has them.

    Attributes
    ----------
    slices : the definitions, with different names, none of them `WHOLE`.
    metric, normalisation : metric of their values, and how texts are normalised for it.
    origin : the data that they were made of.
    tolerance : by how much the metric of a slice may get worse, in its units.
    tolerance_of_whole : the same of the whole table.
    min_clips : fewest clips on which a slice is compared.
    spaces : embeddings of the regions by name of the model.
    threshold : of a detector's scores, from which on clips are accepted; None: that of equal error rates of the data.
    is_mean, higher_is_better : whether the metric is the mean of the column of its name, and which way that goes.

    Raises
    ------
    DefinitionError
        Two definitions have the same name, one has that of all clips, or a region is of an embedding that is not among
        `spaces`.
    """

    slices: tuple[Definition, ...]
    metric: str
    normalisation: str
    origin: Origin
    tolerance: float
    tolerance_of_whole: float
    min_clips: int
    spaces: Mapping[str, Space] = field(default_factory=dict)
    threshold: float | None = None
    is_mean: bool = False
    higher_is_better: bool = False

    def __post_init__(self) -> None:
        names: set[str] = set()
        for definition in self.slices:
            if definition.name == WHOLE:
                raise DefinitionError(
                    f"A slice is called “{WHOLE}”, as a gate calls all clips together. Give it another name."
                )
            if definition.name in names:
                raise DefinitionError(
                    f"Two slices are called “{definition.name}”. Give one of them another name: results go by it."
                )
            names.add(definition.name)
            if definition.region and definition.region.model not in self.spaces:
                raise DefinitionError(
                    f"The region of “{definition.name}” is in the embedding “{definition.region.model}”, which is not "
                    "described among the embeddings."
                )

    def __len__(self) -> int:
        return len(self.slices)

    def __iter__(self) -> Iterator[Definition]:
        return iter(self.slices)

    def __getitem__(self, name: str) -> Definition:
        for definition in self.slices:
            if definition.name == name:
                return definition
        raise DefinitionError(
            f"There is no slice “{name}”. There are: {', '.join(d.name for d in self.slices)}."
        )

    def __repr__(self) -> str:
        return f"Definitions({self.origin.table}, {len(self)} slices)"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.to_frame().to_html(index=False)}"

    def to_frame(self) -> pd.DataFrame:
        """A row per slice: name, verdict, clips, value, and rule and region with their precision and recall."""
        import pandas as pd

        rows = [
            {
                "name": each.name,
                "verdict": each.verdict,
                "clips": each.support,
                "value": each.value,
                "rule": str(each.rule or ""),
                "rule_precision": each.rule.precision if each.rule else None,
                "rule_recall": each.rule.recall if each.rule else None,
                "region": each.region.model if each.region else "",
                "region_precision": each.region.precision if each.region else None,
                "region_recall": each.region.recall if each.region else None,
            }
            for each in self
        ]
        return pd.DataFrame(rows)

    def tolerance_of(self, definition: Definition) -> float:
        """By how much the metric of a slice may get worse."""
        return self.tolerance if definition.tolerance is None else definition.tolerance

    def save(self, path: str | Path) -> None:
        """Write the definitions to a YAML file, whole or not at all.

        Raises
        ------
        StorageError
            It can't be written.
        """
        from slicecore.transfer.file import save

        save(self, Path(path))

    def to_yaml(self) -> str:
        """Text of the file that `save` writes."""
        from slicecore.transfer.file import to_yaml

        return to_yaml(self)
