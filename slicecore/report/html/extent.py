"""Extent of a report: how many example clips, and how many seconds of each, fit into a file that can be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slicecore.report.html.sound import bytes_of
from slicecore.wording import counted, fixed, significant


@dataclass(frozen=True)
class Limits:
    """Limits of a report; by judgement of what a mail takes and a person reads, no benchmark covers them.

    Attributes
    ----------
    bytes : of the file.
    slices : in full; the others are rows of the table only.
    described, wrong : rows of the lists of metadata slices and of probably wrong references.
    words : steps of an alignment.
    text, note : characters of a name or a cell, and of a note.
    """

    bytes: int = 10_000_000
    slices: int = 60
    described: int = 40
    wrong: int = 40
    words: int = 120
    text: int = 240
    note: int = 4000


LIMITS = Limits()


@dataclass(frozen=True)
class Extent:
    """Extent of the sounds: example clips of each slice, and seconds of each clip."""

    examples: int
    seconds: float


LADDER = tuple(
    Extent(examples, seconds)
    for examples, seconds in (
        *((10, 15.0), (10, 10.0), (10, 6.0), (8, 6.0), (6, 6.0), (5, 5.0), (4, 5.0), (3, 5.0), (3, 3.0)),
        *((2, 3.0), (1, 3.0), (0, 0.0)),
    )
)
"""From the most that a report ever has to none."""

_TEXT_BYTES = 1500
"""Of an example without its sound: alignment, names, marks."""


def first_to_try(durations: Sequence[Sequence[float | None]], others: int, limit: int) -> int:
    """Place in `LADDER` of the largest extent that is expected to fit.

    Parameters
    ----------
    durations
        Seconds of the example clips, the first ten of each slice; None where they are not known.
    others
        Bytes of everything else.
    limit
        Bytes of the file.
    """
    for place, extent in enumerate(LADDER):
        clips = [seconds for of_slice in durations for seconds in of_slice[: extent.examples]]
        sounds = sum(
            bytes_of(extent.seconds if seconds is None else min(seconds, extent.seconds)) + _TEXT_BYTES
            for seconds in clips
        )
        if others + sounds <= limit:
            return place
    return len(LADDER) - 1


def sentence(extent: Extent, shortened: bool, most_examples: int, limit: int) -> str:
    """The sentence about what was left out to keep the file small; "" where nothing was.

    Parameters
    ----------
    extent
        What is in the report.
    shortened
        Whether a clip is longer than what is in it.
    most_examples
        Most example clips that a slice would have.
    limit
        Bytes of the file.
    """
    fewer = extent.examples < min(most_examples, LADDER[0].examples)
    if not extent.examples and most_examples:
        return f"There are no example clips: with them the file would be over {_megabytes(limit)}."
    parts = []
    if fewer:
        some = counted(extent.examples, "example clip")
        parts.append(f"each slice has {some} instead of {LADDER[0].examples}")
    if shortened:
        parts.append(f"of longer clips the first {fixed(extent.seconds)} s can be heard")
    if not parts:
        return ""
    return f"To keep this file under {_megabytes(limit)}, {' and '.join(parts)}."


def _megabytes(limit: int) -> str:
    return f"{significant(limit / 1e6)} MB"
