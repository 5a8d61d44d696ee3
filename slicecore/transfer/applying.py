"""Members of defined slices in other data, with the means by which they are known and how sure that is."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.embedding import Embeddings, embed_raw
from slicecore.errors import DefinitionError, ModelError
from slicecore.measurements import Measurements, measure
from slicecore.per_clip.sounds import known_sounds
from slicecore.storage.home import cache_folder
from slicecore.table.dataset import as_dataset
from slicecore.transfer.definition import Definition, Definitions, Space
from slicecore.transfer.rule import clips_that_meet, is_measured

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

IDS, RULE, REGION = "ids", "rule", "region"
MEANS = (IDS, RULE, REGION)
"""Means by which members are known, the surest first."""
SAME_DATA = 0.5
"""Share of a slice's clips from which on other data have the slice itself: then its clips are its members."""
DIGITS = 16
"""Hexadecimal digits of the hash of a clip's sound: among a million clips two share them once in 40 million tables."""

Progress = Callable[[str, int, int], None]


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
    if not isinstance(definitions, Definitions):
        from slicecore.transfer.file import load_definitions

        definitions = load_definitions(definitions)
    wanted = None if by is None else (by,) if isinstance(by, str) else tuple(by)
    for means in wanted or ():
        if means not in MEANS:
            raise DefinitionError(f"There are no means “{means}”. Use one or several of: {', '.join(MEANS)}.")
    data = as_dataset(data)
    given = [embeddings] if isinstance(embeddings, Embeddings) else list(embeddings)
    folder = cache if cache is not None else cache_folder()
    work = _Work(definitions, data, given, measurements, folder, progress, cancel)
    return Applied(definitions, tuple(work.members(each, wanted) for each in definitions), data)


class _Work:
    """Application of definitions to one table; what takes long is done once, when a slice needs it."""

    def __init__(
        self,
        definitions: Definitions,
        data: Dataset,
        embeddings: list[Embeddings],
        measurements: Measurements | None,
        cache: Path,
        progress: Progress | None,
        cancel: threading.Event | None,
    ) -> None:
        self._definitions, self._data, self._cache = definitions, data, cache
        self._given, self._measurements = embeddings, measurements
        self._report = progress or (lambda step, done, total: None)
        self._cancel = cancel
        self._vectors: dict[str, NDArray[np.float32] | DefinitionError] = {}

    def members(self, definition: Definition, wanted: tuple[str, ...] | None) -> Members:
        """Members of a slice by the wanted means together; by the first that can be used where none are named."""
        own = self._own_rows(definition)
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
            table = self._measured if is_measured(definition.rule) else None
            mask = clips_that_meet(definition.rule, self._data, table)
            return np.flatnonzero(mask), definition.rule.precision, definition.rule.recall
        if definition.region is None:
            raise DefinitionError("This slice has no region in an embedding.")
        mask = definition.region.contains(self._vectors_of(definition.region.model))
        return np.flatnonzero(mask), definition.region.precision, definition.region.recall

    @cached_property
    def _row_of_sound(self) -> dict[str, int]:
        """Row by the hash of the sound; a recording that several rows have names none of them."""
        rows: dict[str, int] = {}
        for row, sound in enumerate(self._sounds):
            rows[sound] = -1 if sound in rows else row
        return {sound: row for sound, row in rows.items() if sound and row >= 0}

    @cached_property
    def _sounds(self) -> list[str]:
        return [sound.hex()[:DIGITS] for sound in known_sounds(self._data.clips, self._cache)]

    def _own_rows(self, definition: Definition) -> NDArray[np.int64]:
        """Rows of the slice's own clips: by their sound where it is known here and there, else by their id."""
        row_of_id, rows = self._data.row_of_id, set()
        for clip_id, sound in definition.clips.items():
            row = row_of_id.get(clip_id)
            here = self._sounds[row] if sound and row is not None else ""
            if sound and here != sound:
                same_sound = self._row_of_sound.get(sound)
                # An id under which there is another recording now is another clip.
                row = same_sound if same_sound is not None else None if here else row
            if row is not None:
                rows.add(row)
        return np.array(sorted(rows), dtype=np.int64)

    @cached_property
    def _measured(self) -> pd.DataFrame:
        if self._measurements is None:
            self._measurements = measure(
                self._data,
                cache=self._cache,
                progress=lambda done, total: self._report("Measure the clips", done, total),
                cancel=self._cancel,
            )
        return self._measurements.table

    def _vectors_of(self, model: str) -> NDArray[np.float32]:
        if model not in self._vectors:
            try:
                self._vectors[model] = self._embedded(self._definitions.spaces[model])
            except DefinitionError as error:
                self._vectors[model] = error
            except ModelError as error:
                self._vectors[model] = DefinitionError(f"“{model}” gives no vectors here: {error}")
        vectors = self._vectors[model]
        if isinstance(vectors, DefinitionError):
            raise vectors
        return vectors

    def _embedded(self, space: Space) -> NDArray[np.float32]:
        """Standardised vectors of all clips."""
        data = self._data
        if space.is_given:
            given = next((each for each in self._given if each.model == space.model), None)
            if given is None and len(self._given) == 1:
                (given,) = self._given  # another file, of the vectors of these clips
            if given is None:
                raise DefinitionError(
                    f"The vectors of “{space.model}” are those of other clips. Give those of these clips as embeddings."
                )
        else:
            given = embed_raw(
                data,
                space.model,
                cache=self._cache,
                progress=lambda done, total: self._report("Compute embeddings", done, total),
                cancel=self._cancel,
            )
        if len(given.vectors) != len(data):
            raise DefinitionError(
                f"The vectors are of {len(given.vectors)} clips, but “{data.name}” has {len(data)}."
            )
        check_space(space, Space.of(given))
        return space.standard(given.vectors)


def check_space(space: Space, here: Space) -> None:
    """Check that vectors are of the embedding that a region is in.

    Raises
    ------
    DefinitionError
        Revision, settings or number of dimensions are others.
    """
    remedy = "Export the definitions anew with this one, or go by ids or rules."
    if not space.is_given and here.revision != space.revision:
        raise DefinitionError(
            f"The regions are in revision {space.revision[:8] or '(none)'} of “{space.model}”, but here it is revision "
            f"{here.revision[:8] or '(none)'}: their vectors can't be compared. {remedy}"
        )
    same = space.is_given or here.settings == space.settings
    if len(here.centre) != len(space.centre) or not same:
        raise DefinitionError(
            f"The regions are in “{space.model}” with {_settings_text(space)}, but here it has {_settings_text(here)}: "
            f"their vectors can't be compared. {remedy}"
        )


def _settings_text(space: Space) -> str:
    named = ", ".join(f"{name} {value}" for name, value in space.settings.items())
    return f"{len(space.centre)} dimensions" + (f" ({named})" if named else "")
