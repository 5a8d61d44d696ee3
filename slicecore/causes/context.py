"""What the causes need to know of the whole set, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.measurements import Measurements


@dataclass(frozen=True, eq=False)
class Context:
    """The whole set as the causes look at it. Made by `build_context`."""

    table: pd.DataFrame
    reference: tuple[str, ...]
    prediction: tuple[str, ...]
    vectors: np.ndarray | None


def build_context(
    measured: Measurements,
    reference: Sequence[str],
    prediction: Sequence[str],
    vectors: np.ndarray | None = None,
) -> Context:
    """Prepare a set of clips for `find_causes`.

    Parameters
    ----------
    measured
        From `slicecore.measurements.measure`.
    reference, prediction
        (n,) texts as written.
    vectors
        (n, d) embeddings, NaN rows where there is none; tells whether clips share a voice.
    """
    return Context(measured.table, tuple(reference), tuple(prediction), vectors)
