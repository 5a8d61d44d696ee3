"""Recipe of a slice: steps with their measured ranges, sounds to be mixed in, and causes that no recipe repairs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.cached_properties import cached_property
from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.wording import counted, lower

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from slicecore.measurements import Measurement

AUDIOMENTATIONS_FILE, NEMO_FILE = "audiomentations.yaml", "nemo.yaml"
NOISE_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Measured:
    """A measurement in the clips of a slice that show a cause.

    Attributes
    ----------
    measurement : its name and unit.
    low, median, high : 10 %, 50 % and 90 % of the clips lie below.
    clips : number of clips in which it was measured.
    rest : median of all other clips, NaN where there are none.
    """

    measurement: Measurement
    low: float
    median: float
    high: float
    clips: int
    rest: float

    def __str__(self) -> str:
        show = self.measurement.show
        spread = f"median {show(self.median)}, 10 to 90 %: {show(self.low)} to {show(self.high)}"
        return f"{self.measurement.label}: {spread}, {self.clips:,} clips; {show(self.rest)} in the rest"


@dataclass(frozen=True)
class Transform:
    """A transform of a library by its name there, with its arguments."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Sounds:
    """Sounds to be mixed in: mono samples by file name, all at one rate."""

    samples: Mapping[str, NDArray[np.float32]]
    rate: int


@dataclass(frozen=True, eq=False)
class Step:
    """Transforms that make a clip have one cause of the slice.

    Attributes
    ----------
    cause, label : short name of the cause, and what people call it.
    share : share of the changed clips that get it: that of the slice's clips that show it.
    measured : from which the arguments come.
    transforms : of audiomentations, one after the other.
    perturbations : of NeMo; none where it has none that fits.
    notes, nemo_notes : sentences about what to know, of NeMo's perturbations alone in the latter.
    folder, sounds : recordings to be mixed in, and the folder in which the transforms look for them; "" without any.
    """

    cause: str
    label: str
    share: float
    measured: tuple[Measured, ...]
    transforms: tuple[Transform, ...]
    perturbations: tuple[Transform, ...] = ()
    notes: tuple[str, ...] = ()
    nemo_notes: tuple[str, ...] = ()
    folder: str = ""
    sounds: Sounds | None = None


@dataclass(frozen=True, eq=False)
class Recipe:
    """Recipe of a slice.

    Attributes
    ----------
    name : of the slice.
    table, support : where the slice is from, and its clips.
    share : share of the training clips that are changed.
    rate : sampling rate in Hz at which the transforms are applied.
    steps : one per cause that can be made.
    without : why there is no step, by the label of the cause.
    """

    name: str
    table: str
    support: int
    share: float
    rate: int
    steps: tuple[Step, ...]
    without: Mapping[str, str]

    @property
    def audiomentations(self) -> str:
        """The recipe for audiomentations, as YAML; "" where it has no steps."""
        from slicecore.recipes.yaml_text import audiomentations_yaml

        return audiomentations_yaml(self)

    @property
    def nemo(self) -> str:
        """The recipe for NeMo, the section `augmentor` of `train_ds` as YAML; "" where NeMo can do none of it."""
        from slicecore.recipes.yaml_text import nemo_yaml

        return nemo_yaml(self)

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files of the recipe by their path in its folder: YAML, sounds and their manifests."""
        files = {AUDIOMENTATIONS_FILE: self.audiomentations.encode(), NEMO_FILE: self.nemo.encode()}
        for step in self.steps:
            if step.sounds is not None:
                files[f"{step.folder}/{NOISE_MANIFEST}"] = _manifest(step.sounds).encode()
                files |= {f"{step.folder}/{name}": wav for name, wav in _wavs(step.sounds).items()}
        return {name: content for name, content in files.items() if content}

    def save(self, folder: str | Path) -> tuple[Path, ...]:
        """Write audiomentations.yaml, nemo.yaml and the sounds that they mix in; the paths of the first two are given.

        Raises
        ------
        StorageError
            There are no steps, a file can't be written, or a folder of sounds holds others as well.
        """
        folder = Path(folder)
        self._require_steps()
        self._require_no_other_sounds(folder)
        try:
            for name, content in self.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole(folder / name, partial(Path.write_bytes, data=content))
        except OSError as error:
            raise StorageError(
                f"The recipe can't be written to {folder} ({error.strerror}). Choose another folder."
            ) from error
        return tuple(folder / name for name in (AUDIOMENTATIONS_FILE, NEMO_FILE) if name in self.files)

    def zipped(self) -> bytes:
        """The files of the recipe as a ZIP archive. Raises StorageError where there are no steps."""
        self._require_steps()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
            for name, content in self.files.items():
                files.writestr(name, content)
        return archive.getvalue()

    def _require_no_other_sounds(self, folder: Path) -> None:
        """Raise StorageError where sounds of another recipe lie beside those of this one."""
        mine = {folder / name for name in self.files}
        for place in sorted({path.parent for path in mine} - {folder}):
            others = [path for path in place.glob("*") if path not in mine]
            if others:
                raise StorageError(
                    f"{place} holds {counted(len(others), 'file')} of something else, such as {others[0].name}, "
                    "which the recipe would mix in, too. Remove them or choose another folder."
                )

    def _require_steps(self) -> None:
        if not self.steps:
            raise StorageError(f"There is no recipe for “{self.name}”. {self}")

    def __str__(self) -> str:
        made = "; ".join(
            f"{', '.join(each.name for each in step.transforms)} ({lower(step.label)})" for step in self.steps
        )
        without = [f"{label}: {sentence}" for label, sentence in self.without.items()]
        return " ".join([f"{made}."] * bool(made) + without) or "Nothing audible sets it apart."

    @property
    def line(self) -> str:
        """The recipe in a line behind the name of its slice, which is not repeated where it is that of the cause."""
        head, text = f"{self.name}: ", str(self)
        return text if text.startswith(head) else head + text

    def __repr__(self) -> str:
        return f"Recipe({self.line})"


def _manifest(sounds: Sounds) -> str:
    """The sounds as a manifest of NeMo; its paths are relative to the manifest."""
    lines = (
        {"audio_filepath": name, "duration": round(len(samples) / sounds.rate, 3), "text": ""}
        for name, samples in sounds.samples.items()
    )
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def _wavs(sounds: Sounds) -> dict[str, bytes]:
    import soundfile

    wavs = {}
    for name, samples in sounds.samples.items():
        wav = io.BytesIO()
        soundfile.write(wav, samples, sounds.rate, format="WAV")
        wavs[name] = wav.getvalue()
    return wavs
