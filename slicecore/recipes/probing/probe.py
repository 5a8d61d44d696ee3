"""Probe of a slice: clips as they are and changed, to be written for the recogniser."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.audio import decoding
from slicecore.audio.clip import Clip
from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.errors import AudioError, SlicecoreError, StorageError
from slicecore.recipes.probing.about import (
    CHANGED,
    CLIPS_FOLDER,
    DAMAGE,
    RECORD_FILE,
    TABLE_FILE,
    UNCHANGED,
    About,
    file_of,
)
from slicecore.recipes.probing.written import ClipRecord, WrittenProbe, load_probe, write_record, write_table
from slicecore.storage.atomic import write_whole_folder

Sound = NDArray[np.float64]


@dataclass(frozen=True)
class ProbedClip:
    """A clip of a probe.

    Attributes
    ----------
    record : what the judgement needs of it.
    sound : where it is.
    change : (sound, rate in Hz) -> changed sound, (samples, channels).
    """

    record: ClipRecord
    sound: Clip
    change: Callable[[Sound, int], Sound]


@dataclass(frozen=True, eq=False, repr=False)
class Probe:
    """Probe of a slice; nothing is decoded before it is written.

    Attributes
    ----------
    about : what it is about.
    clips : those that are written, as they are and changed.
    slice, rest : (units, 2) numerators and denominators of the metric in the slice and in all other clips.
    """

    about: About
    clips: tuple[ProbedClip, ...]
    slice: NDArray[np.float64]
    rest: NDArray[np.float64]

    def __repr__(self) -> str:
        return f"Probe({self.about.name}: {self.about.change}, {len(self.clips)} clips)"

    def write(self, folder: str | Path) -> WrittenProbe:
        """Write every clip as it is and changed, and the table on which the recogniser is to be run.

        Both versions of a clip are decoded and saved alike (WAV, 16 bits), so that they differ by the change alone.
        Clips that can't be decoded are left out.

        Parameters
        ----------
        folder
            A new one; it is there whole or not at all.

        Returns
        -------
        WrittenProbe
            Of the folder, which judges new predictions.

        Raises
        ------
        StorageError
            The folder exists, or can't be written.
        SlicecoreError
            No clip can be decoded.
        """
        folder = Path(folder)
        if folder.exists():
            raise StorageError(f"{folder} is there already. Choose a folder that does not exist.")
        try:
            write_whole_folder(folder, self._fill)
        except OSError as error:
            raise StorageError(
                f"The probe can't be written to {folder} ({error.strerror}). Choose another folder."
            ) from error
        return load_probe(folder)

    def zipped(self) -> bytes:
        """The folder that `write` makes, as a ZIP archive. Raises SlicecoreError where no clip can be decoded."""
        archive = io.BytesIO()
        with (
            tempfile.TemporaryDirectory() as folder,
            zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files,
        ):
            self._fill(Path(folder))
            for path in sorted(Path(folder).rglob("*.*")):
                files.write(path, path.relative_to(folder))
        return archive.getvalue()

    def _fill(self, folder: Path) -> None:
        records: list[ClipRecord] = []
        reason = ""
        (folder / CLIPS_FOLDER).mkdir()
        for clip in self.clips:
            try:
                self._write_clip(folder, len(records) + 1, clip)
            except AudioError as error:
                reason = reason or f"{clip.record.id}: {error}"
                continue
            records.append(clip.record)
        if not records:
            raise SlicecoreError(f"No clip of the probe can be decoded. {reason}.")
        write_table(folder / TABLE_FILE, self.about.kind, records)
        write_record(folder / RECORD_FILE, self.about, records, self.slice, self.rest)

    def _write_clip(self, folder: Path, number: int, clip: ProbedClip) -> None:
        sound, rate = self._decoded(clip.sound)
        changed = clip.change(sound, rate)
        for version, samples in ((UNCHANGED, sound), (CHANGED[self.about.kind], changed)):
            _write_wav(folder / file_of(number, version), samples, rate)

    def _decoded(self, clip: Clip) -> tuple[Sound, int]:
        """A sound with its own rate and channels where it is to be mended, else as recipes are applied to it."""
        if self.about.kind == DAMAGE:
            samples = decoding.load(clip.path, start=clip.start, end=clip.end)
            return np.asarray(samples, np.float64)[:, None], SAMPLING_RATE
        recording = decoding.recording(clip.path, start=clip.start, end=clip.end)
        return np.asarray(recording.samples, np.float64), recording.rate


def _write_wav(path: Path, samples: Sound, rate: int) -> None:
    """Write 16 bits; what is beyond full scale is turned down as a whole, since to clip it would be another damage."""
    import soundfile

    peak = float(np.abs(samples).max(initial=0))
    soundfile.write(path, samples / peak if peak > 1 else samples, rate, subtype="PCM_16")
