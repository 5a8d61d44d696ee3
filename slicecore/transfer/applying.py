"""Members of defined slices in other data, with the means by which they are known and how sure that is."""

from __future__ import annotations

import html
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.embedding import Embeddings
from slicecore.errors import DefinitionError
from slicecore.measurements import Measurements
from slicecore.storage.home import cache_folder
from slicecore.table.dataset import as_dataset
from slicecore.transfer.definition import Definition, Definitions
from slicecore.transfer.file import as_definitions
from slicecore.transfer.other_data import OtherData, Progress
from slicecore.transfer.rule import clips_that_meet, is_measured

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

IDS, RULE, REGION = "ids", "rule", "region"
MEANS = (IDS, RULE, REGION)
"""Means by which members are known, the surest first."""
SAME_DATA = 0.5
"""Share of a slice's clips from which on other data have the slice itself: then its clips are its members."""


@dataclass(frozen=True, eq=False)
class Members:
    """Clips of other data that are in a defined slice.

    Attributes
    ----------
    definition : of the slice.
    rows : their rows, sorted.
    means : "ids", "rule" or "region"; "" where none could be used. Several are joined by "+".
    precision, recall : that can be expected of these means: 1 for ids, else as they were on the data of the definition.
    known : number of the slice's own clips that the data have.
    problems : sentences about means that could not be used.
    """

    definition: Definition
    rows: NDArray[np.int64]
    means: str
    precision: float
    recall: float
    known: int
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the slice."""
        return self.definition.name

    def __repr__(self) -> str:
        return f"Members({self.name}: {len(self.rows)} clips by {self.means or 'nothing'})"


@dataclass(frozen=True, eq=False)
class Applied:
    """Defined slices in other data, in the order of their file.

    Attributes
    ----------
    definitions : the definitions.
    slices : members of each.
    data : the other data.
    """

    definitions: Definitions
    slices: tuple[Members, ...]
    data: Dataset

    @cached_property
    def _by_name(self) -> dict[str, Members]:
        return {members.name: members for members in self.slices}

    def __getitem__(self, name: str) -> Members:
        self.definitions[name]  # says which names there are
        return self._by_name[name]

    def __repr__(self) -> str:
        return f"Applied({self.data.name}: {', '.join(f'{m.name} {len(m.rows)}' for m in self.slices)})"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.to_frame().to_html(index=False)}"

    def clips(self) -> pd.DataFrame:
        """A row per clip of a slice, which may be in several: slice, id, row, means, precision and recall."""
        import pandas as pd

        parts = [
            pd.DataFrame(
                {
                    "slice": members.name,
                    "id": self.data.ids[members.rows],
                    "row": [self.data.numbers[row] for row in members.rows],
                    "means": members.means,
                    "precision": members.precision,
                    "recall": members.recall,
                }
            )
            for members in self.slices
        ]
        columns = ["slice", "id", "row", "means", "precision", "recall"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def to_frame(self) -> pd.DataFrame:
        """A row per slice: name, clips, means, precision, recall, known_clips (of its own) and problems."""
        import pandas as pd

        return pd.DataFrame(
            {
                "name": [members.name for members in self.slices],
                "clips": [len(members.rows) for members in self.slices],
                "means": [members.means for members in self.slices],
                "precision": [members.precision for members in self.slices],
                "recall": [members.recall for members in self.slices],
                "known_clips": [members.known for members in self.slices],
                "problems": [" ".join(members.problems) for members in self.slices],
            }
        )


def apply(
    definitions: Definitions | str | Path,
    data: Dataset | str | Path | Any,
    *,
    by: str | Sequence[str] | None = None,
    embeddings: Embeddings | Sequence[Embeddings] = (),
    measurements: Measurements | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Applied:
    """Find the clips of other data that are in defined slices.

    A slice is taken as it is where half of its clips or more are there, by id or by the hash of their sound. Else a
    rule on columns of the table says who is in it; where there is none, or a column is missing, its region; and where
    that can't be used, a rule on measurements. Clips are embedded and measured only where a slice needs it.

    Parameters
    ----------
    definitions
        The definitions, or their file.
    data
        The clips, or their table: a file or folder of any format, a DataFrame …, as `slicecore.read` takes it.
    by
        Means to use, whichever come first by the above: "ids", "rule" or "region", or several, whose members are
        united.
    embeddings
        Of the clips, for regions in vectors that come from a file, a column or a function.
    measurements
        Of the clips, where they are at hand.
    cache
        Folder of the cache; the user's by default.
    progress
        Called with step, done and total, from the calling thread.
    cancel
        Set it from another thread to stop.

    Raises
    ------
    DefinitionError
        The file can't be used, or there are no such means.
    TableError
        The table can't be read.
    Cancelled
        If `cancel` was set.

    Examples
    --------
    >>> definitions = result.definitions(verdicts=None)
    >>> new = clips.tail(3).assign(id=["a", "b", "c"], device=["phone", "headset", "phone"])
    >>> applied = sc.apply(definitions, new)
    >>> applied.slices[0].rows, applied.slices[0].means
    (array([1]), 'rule')
    """
    definitions = as_definitions(definitions)
    wanted = None if by is None else (by,) if isinstance(by, str) else tuple(by)
    for means in wanted or ():
        if means not in MEANS:
            raise DefinitionError(f"There are no means “{means}”. Use one or several of: {', '.join(MEANS)}.")
    data = as_dataset(data)
    given = [embeddings] if isinstance(embeddings, Embeddings) else list(embeddings)
    folder = cache if cache is not None else cache_folder()
    members = _Members(OtherData(definitions, data, given, measurements, folder, progress, cancel))
    return Applied(definitions, tuple(members.of(each, wanted) for each in definitions), data)


class _Members:
    """Members of defined slices in other data."""

    def __init__(self, data: OtherData) -> None:
        self._data = data

    def of(self, definition: Definition, wanted: tuple[str, ...] | None) -> Members:
        """Members of a slice by the wanted means together; by the first that can be used where none are named."""
        own = self._data.own_rows(definition)
        if wanted is None:
            enough = len(own) >= max(1, SAME_DATA * len(definition.clips))
            # What rules on measurements promise is not cross-validated, and they keep less of it than regions do.
            measured = definition.rule is not None and is_measured(definition.rule)
            order = ([IDS] if enough else []) + ([REGION, RULE] if measured else [RULE, REGION])
        else:
            order = [means for means in MEANS if means in wanted]
        used: list[tuple[str, NDArray[np.int64], float, float]] = []
        problems: list[str] = []
        for means in order:
            try:
                used.append((means, *self._by(means, definition, own)))
            except DefinitionError as error:
                problems.append(str(error))
                continue
            if wanted is None:
                break
        rows = np.unique(np.concatenate([rows for _, rows, _, _ in used])) if used else own[:0]
        return Members(
            definition,
            rows.astype(np.int64),
            "+".join(means for means, *_ in used),
            min((precision for *_, precision, _ in used), default=float("nan")),
            max((recall for *_, recall in used), default=float("nan")),
            len(own),
            tuple(problems),
        )

    def _by(
        self, means: str, definition: Definition, own: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], float, float]:
        """Rows of the members by some means, and the precision and recall that can be expected."""
        if means == IDS:
            return own, 1.0, len(own) / max(1, len(definition.clips))
        if means == RULE:
            if definition.rule is None:
                raise DefinitionError("No condition describes this slice.")
            table = self._data.measured if is_measured(definition.rule) else None
            mask = clips_that_meet(definition.rule, self._data.data, table)
            return np.flatnonzero(mask), definition.rule.precision, definition.rule.recall
        if definition.region is None:
            raise DefinitionError("This slice has no region in an embedding.")
        mask = definition.region.contains(self._data.vectors_of(definition.region.model))
        return np.flatnonzero(mask), definition.region.precision, definition.region.recall
