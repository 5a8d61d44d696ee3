"""Store of measured clips on disk, so that a change of the rules does not measure them anew."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

import slicecore
from cause_finding.plants import Spoken
from cause_finding.pool import Pool, Sound


@dataclass(frozen=True)
class Store:
    """Measured and planted clips in a folder; without one, everything is made anew.

    What is measured of the sound is kept under a digest of the sources that measure and plant, so that nothing is
    outdated; `sources` are those that plant. The texts are measured whenever a pool is read.
    """

    folder: Path | None
    sources: tuple[str, ...] = ("plants.py", "damage/[!_t]*.py")

    @cached_property
    def _plants(self) -> str:
        return _digest(Path(__file__).parent, *self.sources)

    def pool(
        self, name: Sequence[object], clips: Callable[[], list[Spoken]], keep_clips: bool = False
    ) -> Pool:
        """The pool of a name; `clips` makes its clips, which are kept as well where making them takes long."""
        if self.folder is None:
            return Pool.of(clips())
        path = self._path([*name, _SOUND])
        if not path.exists():
            made = self._clips(name, clips) if keep_clips else clips()
            sound = Sound.of(made)
            texts = {part: [getattr(clip, part) for clip in made] for part in ("reference", "prediction")}
            _save(
                path,
                columns=np.array(sound.table.columns, str),
                values=sound.table.to_numpy(float),
                timbre=sound.timbre,
                descriptors=sound.descriptors,
                **{part: np.array(values, str) for part, values in texts.items()},
            )
        with np.load(path) as stored:
            table = pd.DataFrame(stored["values"], columns=stored["columns"])
            sound = Sound(table, stored["timbre"], stored["descriptors"])
            return Pool.of_sound(sound, stored["reference"].tolist(), stored["prediction"].tolist())

    def _clips(self, name: Sequence[object], clips: Callable[[], list[Spoken]]) -> list[Spoken]:
        path = self._path([*name, "clips"])
        if not path.exists():
            made = clips()
            arrays = {
                f"samples{i}": np.round(clip.samples * 32767).astype(np.int16) for i, clip in enumerate(made)
            }
            texts = [(clip.rate, clip.reference, clip.prediction) for clip in made]
            _save(path, texts=np.array(json.dumps(texts)), **arrays)
        with np.load(path) as stored:
            return [
                Spoken(stored[f"samples{i}"] / 32767, *texts)
                for i, texts in enumerate(json.loads(str(stored["texts"])))
            ]

    def _path(self, name: Sequence[object]) -> Path:
        assert self.folder is not None
        text = json.dumps([self._plants, *map(str, name)])
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"


def _save(path: Path, **arrays: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part.npz")
    np.savez(partial, **arrays)
    partial.rename(path)


def _digest(folder: Path, *patterns: str) -> str:
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    content = b"".join(path.read_bytes() for path in paths if not path.name.startswith("text"))
    return hashlib.sha256(content).hexdigest()


# Taken at once: sources that are edited during a run must not stand for what was imported.
_SOUND = _digest(
    Path(slicecore.__file__).parent, "measurements/**/*.py", "audio/decoding.py", "embedding/signal.py"
)
