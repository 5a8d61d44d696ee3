"""What a probe is about, and the names of its files and clips."""

from __future__ import annotations

from dataclasses import dataclass

REMEDY, DAMAGE = "remedy", "damage"
"""Kinds of a probe: clips of the slice are mended, or clean clips damaged."""
UNCHANGED = "unchanged"
CHANGED = {REMEDY: "mended", DAMAGE: "damaged"}
"""Versions in which each clip is written."""
TABLE_FILE, RECORD_FILE, CLIPS_FOLDER = "probe.csv", "probe.json", "clips"


@dataclass(frozen=True)
class About:
    """What a probe is about.

    Attributes
    ----------
    name : of the slice.
    cause, label : name of the cause and what people call it; "" where only a remedy was asked for.
    kind : `REMEDY` or `DAMAGE`.
    change : what is done to the clips, for people.
    table : where the slice is from.
    metric, normalisation : as in `slicecore.metrics.METRICS`.
    """

    name: str
    cause: str
    label: str
    kind: str
    change: str
    table: str
    metric: str
    normalisation: str


def file_of(number: int, version: str) -> str:
    """Path of a clip within the folder of its probe."""
    return f"{CLIPS_FOLDER}/{number:04d}-{version}.wav"


def id_of(clip_id: str, version: str) -> str:
    """Id of a clip in the table of a probe."""
    return f"{clip_id}:{version}"
