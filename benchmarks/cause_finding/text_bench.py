"""Causes of problems that are planted in the texts of clean clips, and of random groups of these clips."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cause_finding.pool import Labelled
from cause_finding.text_kinds import TEXT_KINDS, TextKind, Texts
from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.explain.causes import build_context, find_causes
from slicecore.measurements import Measurements, measure
from slicecore.measurements.clip_sound import measure_sound
from slicecore.measurements.text import measure_text
from slicecore.table.dataset import read
from slicecore.text.form_errors import form_errors

SIZES = (8, 15, 30)


@dataclass(frozen=True, eq=False)
class TextBench:
    """The clean clips of a table, whose sound is measured once."""

    sound: pd.DataFrame
    timbre: np.ndarray
    reference: list[list[str]]
    prediction: list[list[str]]

    @classmethod
    def of(cls, labelled: Labelled) -> TextBench:
        """Measure the sound of the clean clips."""
        data, clean = read(labelled.path), np.flatnonzero(labelled.planted == "")
        with tempfile.TemporaryDirectory() as folder:
            measured = measure(data, cache=Path(folder))
        return cls(
            measured.table.iloc[clean].reset_index(drop=True),
            measured.timbre[clean],
            [data.reference[row].split() for row in clean],
            [data.prediction[row].split() for row in clean],
        )

    def causes(self, kind: TextKind, size: int, random: np.random.Generator) -> list[str]:
        """Causes of a group of so many clips with a problem, all other clips as they are."""
        reference, prediction, rows = self._planted(kind, size, random)
        sound = self._silenced(rows, random) if kind.silent else self.sound
        return self._causes(reference, prediction, rows, sound)

    def random_group(self, random: np.random.Generator) -> list[str]:
        """Causes of a random group of clips as they are."""
        rows = random.choice(len(self.reference), int(random.integers(8, 41)), replace=False)
        return self._causes(self.reference, self.prediction, rows, self.sound)

    def _planted(
        self, kind: TextKind, size: int, random: np.random.Generator
    ) -> tuple[list[list[str]], list[list[str]], np.ndarray]:
        usual = [word for words in self.reference for word in words]
        texts = Texts(list(self.reference), list(self.prediction), usual, random)
        fitting = np.flatnonzero(
            [
                kind.fits(spoken)
                and (kind.needs is None or any(kind.needs(word, texts) for word in predicted))
                for spoken, predicted in zip(self.reference, self.prediction, strict=True)
            ]
        )
        if kind.in_a_row:
            start = int(random.integers(len(self.reference) - size))
            rows = np.arange(start, start + size)
        else:
            rows = random.choice(fitting, min(size, len(fitting)), replace=False)
        kind.plant(texts, rows)
        return texts.reference, texts.prediction, rows

    def _silenced(self, rows: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
        """The sound of the table, that of some clips that of quiet rooms."""
        silent = [measure_sound(Recording(quiet_room(random)[:, None], SAMPLING_RATE))[0] for _ in rows]
        sound = self.sound.copy()
        sound.loc[rows, list(silent[0])] = pd.DataFrame(silent, index=rows)
        return sound

    def _causes(
        self, reference: list[list[str]], prediction: list[list[str]], rows: np.ndarray, sound: pd.DataFrame
    ) -> list[str]:
        texts = [" ".join(words) for words in reference], [" ".join(words) for words in prediction]
        seconds = sound["speech_seconds"].to_numpy(float)
        table = sound.assign(**measure_text(*texts, seconds, form_errors(*texts)))
        context = build_context(Measurements(table, self.timbre, {}), *texts)
        return [cause.name for cause in find_causes(context, rows)]


def quiet_room(random: np.random.Generator) -> np.ndarray:
    """A few seconds of steady noise at −90 to −50 dBFS, (samples,) float32 at 16 kHz."""
    noise = random.normal(size=int(random.uniform(1.5, 6) * SAMPLING_RATE))
    return (noise * 10 ** (random.uniform(-90, -50) / 20)).astype(np.float32)


def text_table(bench: TextBench, seeds: Sequence[int]) -> pd.DataFrame:
    """Share of the groups whose first cause is right, per kind and size, and what else was named first."""
    rows = []
    for name, kind in TEXT_KINDS.items():
        wanted = (kind.cause or "none", *kind.also)
        row: dict[str, object] = {"planted": name, "right cause": " or ".join(wanted)}
        others: Counter[str] = Counter()
        for size in SIZES:
            randoms = [np.random.default_rng(seed) for seed in seeds]
            firsts = [(bench.causes(kind, size, random) or ["none"])[0] for random in randoms]
            row[f"{size} clips"] = float(np.mean([first in wanted for first in firsts]))
            others.update(first for first in firsts if first not in wanted)
        row["else named first"] = ", ".join(f"{cause} {count}" for cause, count in others.most_common())
        rows.append(row)
    return pd.DataFrame(rows)
