"""Work that is done once per clip, the key of its results, and a clip that has its result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from slicecore.audio.clip import Clip
from slicecore.storage.outcome import Outcome
from slicecore.storage.stamp import Stamp

# Raise it when `decoding.load` decodes what it refused before, or gives other samples.
_DECODING = 2


class PerClip(Protocol):
    """A work that is done once per clip and stored; see `slicecore.embedding.family.Embedder`, which has more.

    A method `join(outcomes)` may make the outcome of a long clip from those of its pieces, which are of one length;
    by default it is the mean of their vectors.
    """

    key: str
    batch: int

    @property
    def sampling_rate(self) -> int | None:
        """Rate in Hz of the mono samples that `prepare` takes; None if it takes a `decoding.Recording`."""

    def start(self) -> None:
        """Load what the work needs; called once, and only if there is a clip without a stored result."""

    def prepare(self, sound: Any) -> Any:
        """Work on one clip alone; called from several threads at a time."""

    def compute(self, prepared: Sequence[Any]) -> list[Outcome]:
        """Outcomes of clips, in the order of `prepared`: numbers (d,) float32, or a reason."""


@dataclass(frozen=True, eq=False)
class Finished:
    """A clip that has its outcome.

    Attributes
    ----------
    clip, stamp
        The clip, and its recording as it was before the work.
    digest
        Hash of the recording's content; b"" if it could not be read.
    outcome
        What became of it.
    keep
        Whether the outcome is new and worth storing.
    """

    clip: Clip
    stamp: Stamp
    digest: bytes
    outcome: Outcome
    keep: bool


def store_key(work: PerClip) -> str:
    """Key under which the results of a work are stored. It may change when the work starts."""
    return json.dumps([work.key, _DECODING])


def work_key(store_key: str) -> str:
    """The `key` of the work whose results are stored under a key."""
    return str(json.loads(store_key)[0])
