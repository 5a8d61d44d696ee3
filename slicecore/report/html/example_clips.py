"""Example clips of a slice: the typical one, then the worst, each with its alignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from slicecore.errors import AudioError
from slicecore.report.html.content import Example, Sound, Transcript, Word
from slicecore.report.html.extent import LADDER, LIMITS
from slicecore.report.html.sound import sound_of
from slicecore.slices.examples import typical_clip, worst_first
from slicecore.text.alignment import KIND_NAMES

if TYPE_CHECKING:
    from slicecore.metrics import Costs
    from slicecore.report.html.findings import Findings
    from slicecore.slices.result import Slice

TYPICAL = "typical clip"
NO_FILE = "The table names no audio file for it"


def example_rows(findings: Findings, slice_: Slice, count: int = LADDER[0].examples) -> list[int]:
    """Rows of the example clips: the typical clip, then the worst first."""
    rows = worst_first(findings.scan.costs, findings.clip_values, slice_.members)[:count].tolist()
    typical = _typical(findings, slice_)
    if typical is not None:
        rows = [typical, *(row for row in rows if row != typical)]
    return rows[:count]


def examples(findings: Findings, slice_: Slice, rows: Sequence[int], sounds: Sounds) -> tuple[Example, ...]:
    """The example clips of a slice."""
    typical = _typical(findings, slice_)
    return tuple(example(findings, row, sounds, (TYPICAL,) if row == typical else ()) for row in rows)


def example(findings: Findings, row: int, sounds: Sounds | None, notes: tuple[str, ...] = ()) -> Example:
    """A clip as an example, without its sound where none are given; its group stands among the notes."""
    groups = findings.groups
    if groups is not None and groups.code[row] >= 0:
        notes = (*notes, f"{groups.noun} {groups.names[groups.code[row]]}")
    sound, silent = sounds.of(row) if sounds else (None, "")
    return Example(str(findings.data.ids[row]), notes, _transcripts(findings, row), sound, silent)


class Sounds:
    """Sounds of clips, each made once.

    Parameters
    ----------
    findings
        The clips.
    seconds
        Longest part of a clip that is taken.
    """

    def __init__(self, findings: Findings, seconds: float) -> None:
        self._findings = findings
        self._seconds = seconds
        self._made: dict[int, tuple[Sound | None, str]] = {}

    def of(self, row: int) -> tuple[Sound | None, str]:
        """The sound of a clip, or None and the reason why it has none."""
        if row not in self._made:
            self._made[row] = self._make(row)
        return self._made[row]

    def shortened(self, rows: Iterable[int]) -> bool:
        """True if one of some clips is longer than what is taken of it."""
        sounds = (self.of(row)[0] for row in rows)
        return any(sound is not None and sound.seconds < sound.duration - 0.05 for sound in sounds)

    def _make(self, row: int) -> tuple[Sound | None, str]:
        clip = self._findings.data.clips[row]
        if clip is None:
            return None, NO_FILE
        try:
            return sound_of(clip, self._seconds, self._findings.duration(row)), ""
        except AudioError as error:
            return None, str(error)
        except OSError as error:
            return None, error.strerror or str(error)


def _typical(findings: Findings, slice_: Slice) -> int | None:
    if len(findings.vectors) != len(findings.data):
        return None
    return typical_clip(slice_, findings.vectors)


def _transcripts(findings: Findings, row: int) -> tuple[Transcript, ...]:
    data, costs = findings.data, findings.scan.costs
    model = data.roles.predictions[0]
    if not costs.compared:
        return (_transcript(findings, row, model, costs),)
    return tuple(
        _transcript(findings, row, name, of_model)
        for name, of_model in costs.compared
        if name in data.predictions
    )


def _transcript(findings: Findings, row: int, model: str, costs: Costs) -> Transcript:
    data = findings.data
    value = costs.value_text(costs.value([row]), 0)
    reference, prediction = data.reference.iloc[row], data.predictions[model].iloc[row]
    if costs.compares_values:
        return Transcript(model, value, reference=str(reference), prediction=str(prediction))
    steps = list(findings.alignment(model).steps(row))
    words = tuple(Word(KIND_NAMES[kind], *sides) for kind, *sides in steps[: LIMITS.words])
    return Transcript(model, value, words, left_out=max(0, len(steps) - LIMITS.words))
