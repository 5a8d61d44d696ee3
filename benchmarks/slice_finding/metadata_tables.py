"""Tables with planted metadata slices: values, tails and bands of numbers, pairs, three conditions, two values.

Half of the columns are values (one has 40 different ones, one is nearly a copy of another), half are numbers
(correlated, skewed, rounded). Whatever is planted holds on top of an error rate of 15 %.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from slicecore.metrics import Costs

RATE = 0.15
KINDS = ("four", "band", "three", "either", "nothing", "ids")
METRICS = ("WER", "0/1")
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """A table of clips with planted slices.

    Attributes
    ----------
    columns : a row per clip.
    planted : rows of every planted slice.
    costs : errors of every clip, by metric.
    """

    columns: pd.DataFrame
    planted: list[NDArray[np.int64]]
    costs: dict[str, Costs]


@dataclass(frozen=True)
class Judgement:
    """Slices against what is planted.

    Attributes
    ----------
    found : planted slices that share half of the clips (Jaccard) with some slice.
    slices : all of them.
    false : slices of which less than half is planted in any.
    again : slices that are mostly what an earlier slice is mostly, too.
    overlap : mean over the planted slices of the best Jaccard index.
    """

    found: int
    slices: int
    false: int
    again: int
    overlap: float


class _NoConditionsError(Exception):
    """The columns have no conditions with as many clips as are wanted."""


def judge(slices: Sequence[NDArray[np.int64]], planted: Sequence[NDArray[np.int64]]) -> Judgement:
    """Judge slices, given as rows."""
    jaccard = np.zeros((len(slices), len(planted)))
    inside = np.zeros((len(slices), len(planted)))
    for i, rows in enumerate(slices):
        for j, truth in enumerate(planted):
            common = len(np.intersect1d(rows, truth))
            jaccard[i, j] = common / (len(rows) + len(truth) - common)
            inside[i, j] = common / len(rows)
    best = jaccard.max(axis=0, initial=0)
    anywhere = np.unique(np.concatenate([*planted, np.zeros(0, dtype=np.int64)]))
    false = np.array([2 * len(np.intersect1d(rows, anywhere)) < len(rows) for rows in slices], dtype=bool)
    tops = [] if not len(planted) else inside[~false].argmax(axis=1).tolist()
    return Judgement(
        found=int((best >= 0.5).sum()),
        slices=len(slices),
        false=int(false.sum()),
        again=len(tops) - len(set(tops)),
        overlap=float(best.mean()) if len(planted) else float("nan"),
    )


def make_table(kind: str, n: int, columns: int, seed: int) -> Table:
    """A table of one of the `KINDS`."""
    rng = np.random.default_rng([seed, n, columns, KINDS.index(kind)])
    plant = {"four": _four, "band": _band, "three": _three, "either": _either}.get(kind)
    planted: list[tuple[_Mask, float]] | None = None
    while planted is None:  # some columns have no conditions of the size that is asked for
        values, numbers = _values(n, columns // 2, rng), _numbers(n, columns - columns // 2, rng)
        with contextlib.suppress(_NoConditionsError):
            planted = plant(values, numbers, rng) if plant else []
    added = np.zeros(n)
    for mask, points in planted:
        added = np.maximum(added, points * mask)
    if kind == "ids":
        values = _ids(n, rng)
    return Table(
        pd.DataFrame({**values, **numbers}),
        [np.flatnonzero(mask) for mask, _ in planted],
        _costs(RATE + added, rng),
    )


def _values(n: int, count: int, rng: np.random.Generator) -> dict[str, NDArray]:
    columns: dict[str, NDArray] = {}
    for i in range(count):
        sizes = 40 if i == 1 else int(rng.integers(3, 13))
        shares = rng.dirichlet(np.full(sizes, 5.0 if sizes == 40 else 2.0))
        columns[f"value{i}"] = rng.choice([f"v{j}" for j in range(sizes)], n, p=shares)
    if count > 2:  # nearly a copy of another
        changed = rng.random(n) < 0.05
        columns["value2"] = np.where(changed, rng.permutation(columns["value0"]), columns["value0"])
    return columns


def _numbers(n: int, count: int, rng: np.random.Generator) -> dict[str, NDArray]:
    columns: dict[str, NDArray] = {}
    shared = rng.normal(size=n)
    for i in range(count):
        number = rng.normal(size=n)
        if i % 4 == 1:
            number = 0.7 * shared + 0.7 * number
        elif i % 4 == 2:
            number = np.exp(number)
        elif i % 4 == 3:
            number = np.round(18 + 60 * rng.beta(1.5, 2.5, n))
        columns[f"number{i}"] = number
    return columns


def _share(values: dict[str, NDArray], low: float, high: float, rng: np.random.Generator) -> _Mask:
    """Clips with some value, of about so many."""
    for _ in range(1000):
        name = str(rng.choice(list(values)))
        mask = values[name] == rng.choice(np.unique(values[name]))
        if low <= mask.mean() <= high:
            return mask
    raise _NoConditionsError


def _tail(numbers: dict[str, NDArray], share: float, rng: np.random.Generator) -> _Mask:
    """Clips with the smallest or the largest numbers of a column."""
    number = numbers[str(rng.choice(list(numbers)))]
    if rng.random() < 0.5:
        return number <= np.quantile(number, share)
    return number >= np.quantile(number, 1 - share)


def _small(parts: Sequence, low: float, high: float, rng: np.random.Generator) -> _Mask:
    """Clips of some crossed conditions, of about so many; a part draws a mask."""
    for _ in range(1000):
        masks = [part() for part in parts]
        mask = np.logical_and.reduce(masks)
        without = [np.logical_and.reduce(masks[:i] + masks[i + 1 :]) for i in range(len(masks))]
        # Every condition counts: one on a nearly copied column would not.
        if low <= mask.mean() <= high and all(mask.sum() <= 0.6 * wider.sum() for wider in without):
            return mask
    raise _NoConditionsError


def _four(
    values: dict[str, NDArray], numbers: dict[str, NDArray], rng: np.random.Generator
) -> list[tuple[_Mask, float]]:
    def value() -> _Mask:
        return _share(values, 0.05, 0.5, rng)

    def tail() -> _Mask:
        return _tail(numbers, float(rng.uniform(0.1, 0.3)), rng)

    return [
        (_share(values, 0.03, 0.12, rng), 0.25),
        (_tail(numbers, 0.06, rng), 0.22),
        (_small([value, value], 0.02, 0.08, rng), 0.30),
        (_small([value, tail], 0.02, 0.08, rng), 0.30),
    ]


def _band(
    values: dict[str, NDArray], numbers: dict[str, NDArray], rng: np.random.Generator
) -> list[tuple[_Mask, float]]:
    number = numbers[str(rng.choice(list(numbers)))]
    low, high = np.quantile(number, [0.45, 0.53])
    return [((number >= low) & (number < high), 0.30)]


def _three(
    values: dict[str, NDArray], numbers: dict[str, NDArray], rng: np.random.Generator
) -> list[tuple[_Mask, float]]:
    def value() -> _Mask:
        return _share(values, 0.1, 0.6, rng)

    return [(_small([value, value, value], 0.02, 0.05, rng), 0.35)]


def _either(
    values: dict[str, NDArray], numbers: dict[str, NDArray], rng: np.random.Generator
) -> list[tuple[_Mask, float]]:
    for _ in range(1000):
        column = values[str(rng.choice(list(values)))]
        names, counts = np.unique(column, return_counts=True)
        fitting = names[(counts >= 0.03 * len(column)) & (counts <= 0.15 * len(column))]
        if len(fitting) >= 2 and len(names) >= 5:
            return [(np.isin(column, rng.choice(fitting, 2, replace=False)), 0.25)]
    raise _NoConditionsError


def _ids(n: int, rng: np.random.Generator) -> dict[str, NDArray]:
    """Columns that name clips, or that say nothing."""
    hexadecimal = np.array([f"{number:016x}" for number in rng.integers(0, 2**63, n)])
    return {
        "clip_id": rng.permutation(n),
        "checksum": hexadecimal,
        "upload_id": rng.integers(10**9, 10**10, n),
        "random": rng.random(n),
        "constant": np.full(n, "same"),
        "batch": rng.integers(0, n // 10, n).astype(str),
    }


def _costs(rate: NDArray[np.float64], rng: np.random.Generator) -> dict[str, Costs]:
    """WER of clips of 3 to 15 words, whose own rates vary, and one error at most a clip."""
    n = len(rate)
    words = rng.integers(3, 16, n)
    own = rng.beta(3 * rate, 3 * (1 - rate))
    return {
        "WER": Costs(rng.binomial(words, own).astype(float), words.astype(float), name="WER"),
        "0/1": Costs((rng.random(n) < rate).astype(float), np.ones(n), name="Error rate"),
    }
