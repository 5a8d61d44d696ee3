"""Measurements of a whole data set, sound from the cache per clip and texts as one table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.measurements import speech
from slicecore.measurements.cached_form_errors import cached_form_errors
from slicecore.measurements.catalogue import CATALOGUE
from slicecore.measurements.neighbours import before_each
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.measurements.sound_work import TIMBRE, SoundWork, sound_arrays
from slicecore.measurements.text import TEXT_VERSION, measure_text
from slicecore.per_clip.outcomes import outcomes
from slicecore.per_clip.recordings import recordings_now
from slicecore.per_clip.whole_tables import reasons_of, shaped_outcomes
from slicecore.per_clip.work import PerClip
from slicecore.storage.array_cache import Arrays, cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store
from slicecore.storage.home import cache_folder
from slicecore.storage.outcome import Outcome
from slicecore.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.table.dataset import Dataset


@dataclass(frozen=True, eq=False, repr=False)
class Measurements:
    """Measurements of a data set.

    Attributes
    ----------
    table : DataFrame
        n rows, a column per entry of `CATALOGUE`, float64, NaN where a clip can't be measured.
    timbre : (n, 60) float32
        Shape of the spectrum of the louder frames, see `slicecore.measurements.clip_sound.measure_sound`.
    reason : (n,) object
        Why the sound of every clip could not be measured, in plain words; "" where it was.
    detector
        Detector that separated speech from pauses: "silero-vad 6.2.3", or "level" where that is not installed.
    """

    table: pd.DataFrame
    timbre: np.ndarray
    reason: np.ndarray
    detector: str = ""

    @property
    def reasons(self) -> dict[int, str]:
        """Row -> why its sound could not be measured."""
        return {row: str(self.reason[row]) for row in np.flatnonzero(self.reason != "").tolist()}

    def without_timbre(self) -> Measurements:
        """The same without the timbre, which takes 240 bytes a clip and is asked for once."""
        return replace(self, timbre=np.broadcast_to(np.float32(np.nan), self.timbre.shape))

    def __repr__(self) -> str:
        return f"Measurements({self.table.shape[1]} of {counted(len(self.table), 'clip')})"


def measure(
    data: Dataset,
    prediction: str | None = None,
    *,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Measurements:
    """Measure sound and texts of every clip.

    Parameters
    ----------
    data
        The clips. Without an audio column the measurements of the sound are NaN; those of the texts are without
        references or predictions.
    prediction
        Model whose predictions are measured; the first by default.
    cache
        Folder of the cache of measurements; the user's by default.
    progress
        Called with (clips done, clips in all), from the calling thread.
    cancel
        Set it from another thread to stop.

    Raises
    ------
    Cancelled
        If `cancel` was set. What was finished is stored.

    Examples
    --------
    >>> sc.measure(result.data).table.loc[199, ["words", "substitutions", "deletions"]].tolist()
    [5.0, 0.4, 0.2]
    """
    folder = cache if cache is not None else cache_folder()

    def compute(works: Sequence[PerClip]) -> tuple[list[list[Outcome]], bool]:
        with Store(folder) as store:
            return outcomes(data.clips, works, store, progress, cancel)

    recordings = recordings_now(data.clips)
    (sound,) = shaped_outcomes(recordings, [(SoundWork(), sound_arrays)], folder, compute, progress)
    return measurements_from(data, sound, prediction, folder)


def measurements_from(data: Dataset, sound: Arrays, prediction: str | None, cache: Path) -> Measurements:
    """Measurements of a data set from those of its sound (`sound_arrays`, with reasons); texts are measured here."""
    import pandas as pd

    columns = {measurement.name: sound[measurement.name] for measurement in SOUND}
    if data.roles.reference is not None and data.roles.predictions:
        predictions = data.prediction if prediction is None else data.predictions[prediction]
        texts, seconds = (data.reference, predictions), columns["speech_seconds"]
        before = before_each(data.clips)
        columns |= cached_arrays(
            cache,
            CacheFolder.COUNTS,
            f"text measurements {version_of(TEXT_VERSION)}",
            lambda: measure_text(*texts, seconds, cached_form_errors(*texts, cache=cache), before),
            texts=texts,
            arrays=(seconds, before),
        )
    unknown = np.broadcast_to(np.nan, len(data))  # of all clips, without a number for each
    table = pd.DataFrame({name: columns.get(name, unknown) for name in CATALOGUE}, copy=False)
    return Measurements(table, sound[TIMBRE], reasons_of(sound), speech.detector())
