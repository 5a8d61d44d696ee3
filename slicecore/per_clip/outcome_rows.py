"""Outcomes of a work for the rows of a table as arrays: a million are a few arrays rather than objects of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import ModelError
from slicecore.giving_way import giving_way
from slicecore.storage.outcome import Label, Outcome


@dataclass(frozen=True, eq=False)
class OutcomeRows:
    """Outcomes of a work for the rows of a table; those that several rows share are there once.

    Attributes
    ----------
    vectors : (m, d) float32
        Vector of every outcome, NaN where it has none; d is 0 where no outcome has one.
    which : (n,) int64
        Outcome of every row.
    reasons : list of str
        Why an outcome has no vector, "" where it has one.
    labels
        Labels by outcome, of those that have some.
    """

    vectors: NDArray[np.float32]
    which: NDArray[np.int64]
    reasons: Sequence[str]
    labels: Mapping[int, tuple[Label, ...]] = field(default_factory=dict)

    @property
    def have_vectors(self) -> bool:
        """True if some row has a vector."""
        return self.vectors.shape[1] > 0

    def of_rows(self, values: NDArray) -> NDArray:
        """(n, …) values of all rows from (m, …) those of the outcomes; the same array where each row has its own."""
        if len(values) == len(self.which) and np.array_equal(self.which, np.arange(len(self.which))):
            return values
        return np.asarray(values[self.which])


def rows_of(outcomes: Sequence[Outcome]) -> OutcomeRows:
    """Outcomes of all rows as arrays.

    Raises
    ------
    ModelError
        If vectors are of several lengths.
    """
    # Rows of one recording share their outcome.
    distinct = list({id(outcome): outcome for outcome in outcomes}.values())
    place = {id(outcome): at for at, outcome in enumerate(distinct)}
    lengths = {len(outcome.vector) for outcome in distinct if outcome.vector is not None}
    if len(lengths) > 1:  # only a function of the user's own can change without another key
        raise ModelError(
            f"Vectors of {' and '.join(map(str, sorted(lengths)))} numbers are kept under one version of the function. "
            "Give it another version."
        )
    vectors = np.full((len(distinct), lengths.pop() if lengths else 0), np.nan, np.float32)
    for at, outcome in enumerate(giving_way(distinct)):
        if outcome.vector is not None:
            vectors[at] = outcome.vector
    return OutcomeRows(
        vectors,
        np.fromiter((place[id(outcome)] for outcome in outcomes), np.int64, len(outcomes)),
        [outcome.reason if outcome.vector is None else "" for outcome in distinct],
        {at: outcome.labels for at, outcome in enumerate(distinct) if outcome.labels},
    )
