"""Other data that slices are looked for in: vectors, measurements and sounds, each worked out when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.embedding import Embeddings, embed_raw
from slicecore.errors import DefinitionError, ModelError
from slicecore.measurements import Measurements, measure
from slicecore.per_clip.sounds import known_sounds
from slicecore.transfer.definition import Definition, Definitions, Space

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset

DIGITS = 16
"""Hexadecimal digits of the hash of a clip's sound: among a million clips two share them once in 40 million tables."""

Progress = Callable[[str, int, int], None]


class OtherData:
    """Clips in which defined slices are looked for; what takes long is done once, when a slice needs it.

    Parameters
    ----------
    definitions
        The definitions, for their embeddings.
    data
        The clips.
    embeddings
        Of the clips, for regions in vectors that come from a file, a column or a function.
    measurements
        Of the clips, where they are at hand.
    cache
        Folder of the cache.
    progress, cancel
        As in `apply`.
    """

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
        self._definitions, self.data, self._cache = definitions, data, cache
        self._given, self._measurements = embeddings, measurements
        self._report = progress or (lambda step, done, total: None)
        self._cancel = cancel
        self._vectors: dict[str, NDArray[np.float32] | DefinitionError] = {}

    @cached_property
    def _row_of_sound(self) -> dict[str, int]:
        """Row by the hash of the sound; a recording that several rows have names none of them."""
        rows: dict[str, int] = {}
        for row, sound in enumerate(self._sounds):
            rows[sound] = -1 if sound in rows else row
        return {sound: row for sound, row in rows.items() if sound and row >= 0}

    @cached_property
    def _sounds(self) -> list[str]:
        return [sound.hex()[:DIGITS] for sound in known_sounds(self.data.clips, self._cache)]

    def own_rows(self, definition: Definition) -> NDArray[np.int64]:
        """Rows of the slice's own clips: by their sound where it is known here and there, else by their id."""
        row_of_id, rows = self.data.row_of_id, set()
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
    def measured(self) -> pd.DataFrame:
        """Measurements of the clips."""
        if self._measurements is None:
            self._measurements = measure(
                self.data,
                cache=self._cache,
                progress=lambda done, total: self._report("Measure the clips", done, total),
                cancel=self._cancel,
            )
        return self._measurements.table

    def measured_of(self, rows: NDArray[np.int64]) -> pd.DataFrame:
        """Measurements of some clips, (rows, columns); no others are measured for them."""
        if self._measurements is not None:
            return self._measurements.table.iloc[rows].reset_index(drop=True)
        data = self.data
        some = replace(
            data,
            table=data.table.iloc[rows].reset_index(drop=True),
            ids=data.ids[rows],
            clips=[data.clips[row] for row in rows.tolist()],
            numbers=[data.numbers[row] for row in rows.tolist()],
        )
        return measure(some, cache=self._cache, cancel=self._cancel).table

    def vectors_of(self, model: str) -> NDArray[np.float32]:
        """Vectors of the clips in an embedding, (n, d) as regions take them. Raises DefinitionError."""
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
        data = self.data
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
