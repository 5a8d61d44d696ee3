"""A function of the user's own as an embedding model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.errors import AudioError, ModelError
from slicecore.storage.outcome import Outcome


class OwnEmbedding:
    """A function that turns the samples of a clip into a vector.

    Nobody but its author can tell when the function changes. So its vectors are kept only under a version that the
    author names; without one they are computed in every run.

    Parameters
    ----------
    function
        Called with samples (n,) float32 in ±1 and the sampling rate in Hz, one clip at a time and from one thread. It
        returns the vector, (d,), of one length for all clips. It may raise `slicecore.errors.AudioError` with the
        reason why a clip has no vector. A clip longer than two minutes is given in pieces, whose mean is taken.
    name
        Name for people; the function's own name if None.
    version
        Change it whenever the function gives other vectors. None: they are not kept.
    sampling_rate
        Rate in Hz at which the function gets its clips.
    """

    batch = 16

    def __init__(
        self,
        function: Callable[[np.ndarray, int], Any],
        *,
        name: str | None = None,
        version: str | None = None,
        sampling_rate: int = SAMPLING_RATE,
    ) -> None:
        self.function = function
        self.name = name or str(getattr(function, "__name__", type(function).__name__))
        self.version = version
        self.sampling_rate = sampling_rate
        self.revision = version or ""
        self.settings: Mapping[str, Any] = {"sampling_rate": sampling_rate, "kept": version is not None}
        self.key = json.dumps(
            {"family": "function", "name": self.name, "version": version, "sampling_rate": sampling_rate}
        )
        self.dimensions = 0

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, samples: np.ndarray) -> np.ndarray:
        """Leave the samples as they are: the function may not be fit for several threads."""
        return samples

    def compute(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Call the function for each clip.

        Raises
        ------
        ModelError
            If it returns something else than a vector, or vectors of different lengths.
        """
        return [self._outcome(samples) for samples in prepared]

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Return the vectors as they are."""
        return vectors

    def _outcome(self, samples: np.ndarray) -> Outcome:
        try:
            given = self.function(samples, self.sampling_rate)
        except AudioError as error:
            return Outcome(None, str(error))
        vector = np.asarray(given)
        if vector.ndim != 1 or not len(vector) or vector.dtype.kind not in "fiub":
            raise ModelError(
                f"“{self.name}” returned {vector.dtype} of shape {vector.shape} for a clip; "
                "a list of numbers is needed, of one length for all clips."
            )
        self.dimensions = self.dimensions or len(vector)
        if len(vector) != self.dimensions:
            raise ModelError(
                f"“{self.name}” returned {len(vector)} numbers for a clip and {self.dimensions} for another; "
                "vectors need one length."
            )
        return Outcome(vector.astype(np.float32))
