"""Clips with their measurements, and contexts made of some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from scipy.signal import resample_poly

from cause_finding.plants import Spoken
from slicecore.audio.decoding import Recording
from slicecore.embedding.signal import describe, standardise
from slicecore.explain.causes import Context, build_context
from slicecore.measurements import CATALOGUE, Measurements
from slicecore.measurements.clip_sound import measure_sound
from slicecore.measurements.text import measure_text
from slicecore.text.form_errors import form_errors


@dataclass(frozen=True, eq=False)
class Sound:
    """What is measured of the sound of clips: the measurements, the timbre, the descriptors of model="signal"."""

    table: pd.DataFrame
    timbre: np.ndarray
    descriptors: np.ndarray

    @classmethod
    def of(cls, clips: Sequence[Spoken]) -> "Sound":
        """Measure clips that are in memory."""
        recordings = [recording(clip) for clip in clips]
        measured = [measure_sound(each) for each in recordings]
        return cls(
            pd.DataFrame([values for values, _ in measured]).astype(float),
            np.stack([timbre for _, timbre in measured]),
            np.stack([describe(each) for each in recordings]),
        )


@dataclass(frozen=True, eq=False)
class Pool:
    """Measured clips."""

    table: pd.DataFrame
    timbre: np.ndarray
    descriptors: np.ndarray
    reference: np.ndarray
    prediction: np.ndarray

    @classmethod
    def of(cls, clips: Sequence[Spoken]) -> "Pool":
        """Measure clips that are in memory."""
        texts = ([getattr(clip, name) for clip in clips] for name in ("reference", "prediction"))
        return cls.of_sound(Sound.of(clips), *texts)

    @classmethod
    def of_sound(cls, sound: Sound, reference: Sequence[str], prediction: Sequence[str]) -> "Pool":
        """Measure the texts of clips whose sound is measured."""
        seconds, of_form = sound.table["speech_seconds"].to_numpy(float), form_errors(reference, prediction)
        table = sound.table.assign(**measure_text(reference, prediction, seconds, of_form))
        return cls(
            table[list(CATALOGUE)].astype(float),
            sound.timbre,
            sound.descriptors,
            np.array(reference, object),
            np.array(prediction, object),
        )

    def __len__(self) -> int:
        return len(self.table)

    def some(self, rows: np.ndarray) -> "Pool":
        """Only these clips."""
        arrays = (self.timbre, self.descriptors, self.reference, self.prediction)
        return Pool(self.table.iloc[rows], *(array[rows] for array in arrays))

    def context(self, *added: "Pool", vectors: np.ndarray | None = None) -> Context:
        """A set of these clips and others after them."""
        parts = (self, *added)
        table = pd.concat([part.table for part in parts], ignore_index=True)
        measured = Measurements(table, np.concatenate([part.timbre for part in parts]), {})
        texts = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("reference", "prediction")
        )
        return build_context(measured, *texts, vectors)

    def signal_context(self, *added: "Pool") -> Context:
        """A set of these clips and others after them, with vectors of model="signal" made of all."""
        descriptors = np.concatenate([part.descriptors for part in (self, *added)])
        return self.context(*added, vectors=standardise(descriptors))


@dataclass(frozen=True, eq=False)
class Labelled:
    """A table of clips on which problems were planted; `planted` is "" where nothing was."""

    path: Path
    planted: np.ndarray

    @classmethod
    def read(cls, table: Path, truth: Path) -> "Labelled":
        """Read a table and its truth, whose second column says what is planted."""
        labels = pd.read_csv(truth, keep_default_na=False, dtype=str).iloc[:, 1].to_numpy()
        return cls(table, np.where(labels == "clean", "", labels))

    def clean(self, rate: int) -> list[Spoken]:
        """The clips without a problem, at a sampling rate, in a fixed random order."""
        return self._spoken(np.random.default_rng(5).permutation(np.flatnonzero(self.planted == "")), rate)

    def having(self, problem: str, rate: int) -> list[Spoken]:
        """The clips on which a problem was planted, at a sampling rate."""
        return self._spoken(np.flatnonzero(self.planted == problem), rate)

    def _spoken(self, rows: np.ndarray, rate: int) -> list[Spoken]:
        table = pd.read_csv(self.path, keep_default_na=False)
        return [
            at_rate(Spoken(*_decoded(self.path.parent / row.audio), row.sentence, row.prediction), rate)
            for row in table.iloc[rows].itertuples()
        ]


def recording(clip: Spoken) -> Recording:
    """The recording of a clip, as it is decoded from a file."""
    return Recording(clip.samples.reshape(len(clip.samples), -1).astype(np.float32), clip.rate)


def _decoded(path: Path) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(path)
    return samples, rate


def at_rate(clip: Spoken, rate: int) -> Spoken:
    """A clip resampled as a file of another rate would be."""
    if rate == clip.rate:
        return clip
    ratio = Fraction(rate, clip.rate)
    return replace(clip, samples=resample_poly(clip.samples, ratio.numerator, ratio.denominator), rate=rate)
