"""Filter of clips by words and conditions, and the condition that describes a slice best."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from slicecore.filtering.fitting import fitting_column
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.table.dataset import file_name

if TYPE_CHECKING:
    from slicecore.filtering.columns import Column
    from slicecore.table.dataset import Dataset

LEAST_PRECISION = 0.8
"""Smallest share of the clips that meet a condition which are in the slice, for the condition to describe it."""
LEAST_RECALL = 0.8
"""Smallest share of the clips of a slice which meet a condition, for the condition to describe it."""

_WORDS = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_MOST_DISTINCT = 200  # a text column with more values names clips rather than groups of them
_FEW = 20  # distinct numbers that are also looked at one by one


@dataclass(frozen=True)
class ClipFilter:
    """Clips in which all words occur and that meet all conditions.

    Attributes
    ----------
    words
        Looked for in id, name of the audio file, reference and prediction, whatever their case, each one anywhere;
        those with a slash also in the whole path of the file. Words in quotation marks have to stand together.
    conditions
        All of them have to be met.
    """

    words: str = ""
    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.conditions)

    def __str__(self) -> str:
        parts = [str(condition) for condition in self.conditions]
        if self.words.strip():
            parts.append(f"words: “{self.words.strip()}”")
        return ", ".join(parts)

    @property
    def terms(self) -> tuple[str, ...]:
        """Words and quoted phrases, in lower case."""
        terms = ("".join(groups).strip().casefold() for groups in _WORDS.findall(self.words))
        return tuple(term for term in terms if term)

    def check(self, columns: Mapping[str, Column]) -> None:
        """Raise SlicecoreError if a condition does not fit the columns."""
        for condition in self.conditions:
            fitting_column(condition, columns)

    def matches(self, texts: SearchTexts, columns: Mapping[str, Column]) -> np.ndarray:
        """Mask of the clips that meet the filter, (n,) bool.

        Parameters
        ----------
        texts
            From `search_texts`.
        columns
            From `slicecore.filtering.columns.columns_of`.

        Raises
        ------
        SlicecoreError
            A condition does not fit the columns.
        """
        mask = np.ones(len(texts), dtype=bool)
        for term in self.terms:
            mask &= texts.contain(term)
        for condition in self.conditions:
            column = fitting_column(condition, columns)
            looks_inside = condition.operator in (Operator.CONTAINS, Operator.LACKS)
            compared = column.texts if looks_inside else column.compared(condition.part)
            mask &= replace(condition, part=Part.WHOLE).meets(compared)
        return mask


@dataclass(frozen=True)
class SearchTexts:
    """Texts in which the words of a filter are looked for, in lower case, (n,) each.

    Attributes
    ----------
    texts
        Id, reference, prediction and name of the audio file of every clip.
    paths
        Whole paths of the files, for words with a slash: all clips may lie below a folder called like a common word.
    """

    texts: Sequence[str]
    paths: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    def contain(self, term: str) -> np.ndarray:
        """Mask of the clips in which a word, in lower case, occurs, (n,) bool."""
        mask = np.fromiter((term in text for text in self.texts), dtype=bool, count=len(self))
        if "/" in term or "\\" in term:
            mask |= np.fromiter((term in path for path in self.paths), dtype=bool, count=len(self))
        return mask


def search_texts(data: Dataset) -> SearchTexts:
    """The texts of every clip, as `ClipFilter.matches` searches them."""
    paths = ["" if path is None else str(path) for path in data.audio_paths]
    names = map(file_name, paths)
    # As lists: a column of Arrow is slow one by one.
    columns = (data.ids.tolist(), data.reference.tolist(), data.prediction.tolist(), names)
    texts = ["\n".join(cells).casefold() for cells in zip(*columns, strict=True)]
    return SearchTexts(texts, [path.casefold() for path in paths])


@dataclass(frozen=True)
class Description:
    """A condition with how well it describes a slice.

    Attributes
    ----------
    condition
    precision
        Share of the clips that meet it which are in the slice.
    recall
        Share of the slice's clips which meet it.
    """

    condition: Condition
    precision: float
    recall: float
    f_score: float = field(repr=False)


def describing_condition(members: np.ndarray, columns: Mapping[str, Column]) -> Description | None:
    """The one condition that describes some clips best, by F1; None where none does it well enough.

    None is on the metric's own columns: slices are chosen for being bad.

    Parameters
    ----------
    members
        Rows of the clips.
    columns
        From `slicecore.filtering.columns.columns_of`.
    """
    best: Description | None = None
    rows = np.unique(np.asarray(members, dtype=np.int64))
    for column in columns.values():
        if column.origin == "metric" or not len(column.values):
            continue
        for description in (_best_value(column, rows), _best_limit(column, rows)):
            if description and (best is None or description.f_score > best.f_score):
                best = description
    if best is None or best.precision < LEAST_PRECISION or best.recall < LEAST_RECALL:
        return None
    return best


def _best_value(column: Column, rows: np.ndarray) -> Description | None:
    if not 1 < column.distinct_count <= (_FEW if column.is_number else _MOST_DISTINCT):
        return None
    of_all, hits = (
        np.bincount(codes[codes >= 0], minlength=len(column.distinct))
        for codes in (column.codes, column.codes[rows])
    )
    at = int(np.argmax(2 * hits / (of_all + len(rows))))
    value = column.distinct[at]
    value = float(value) if column.is_number else str(value)
    return _description(
        Condition(column.name, Operator.EQUAL, value), int(hits[at]), int(of_all[at]), len(rows)
    )


def _best_limit(column: Column, rows: np.ndarray) -> Description | None:
    """The best of the limits beside the values of some clips: one elsewhere has as many hits among more clips."""
    if not column.is_number or column.distinct_count < 2:
        return None
    numbers, met = column.steps
    own = np.sort(column.values[rows])  # not a number: last
    own = own[~np.isnan(own)]
    if not len(own):
        return None
    first = np.flatnonzero(np.diff(own, prepend=-np.inf))
    until = np.append(first[1:], len(own))  # so many have a value or one below it
    different = own[first]
    at = np.searchsorted(numbers, different)
    begin, end, count = met[at].astype(np.int64), met[at + 1].astype(np.int64), int(met[-1])
    below = np.where(end < count, 2 * until / (end + len(rows)), 0)
    above = np.where(begin > 0, 2 * (len(own) - first) / (count - begin + len(rows)), 0)
    if below.max() > above.max():
        best = int(np.argmax(below))
        place = int(at[best])
        here, above_it = map(float, numbers[place : place + 2])
        limit = _plain_number(here, above_it, here)
        condition = Condition(column.name, Operator.AT_MOST, limit)
        return _description(condition, int(until[best]), int(end[best]), len(rows))
    best = int(np.argmax(above))
    place = int(at[best])
    if not place:  # all clips have these values
        return None
    below_it, here = map(float, numbers[place - 1 : place + 1])
    limit = _plain_number(below_it, here, here)
    condition = Condition(column.name, Operator.AT_LEAST, limit)
    return _description(condition, len(own) - int(first[best]), count - int(begin[best]), len(rows))


def _plain_number(low: float, high: float, exact: float) -> float:
    """The number with fewest digits that divides what lies on both sides: `exact`, or one between `low` and `high`."""
    middle = (low + high) / 2
    for digits in range(1, 7):
        rounded = float(f"{middle:.{digits}g}")
        if low < rounded < high:
            return rounded if len(f"{rounded:.6g}") < len(f"{exact:.17g}") else float(exact)
    return float(exact)


def _description(condition: Condition, hits: int, met: int, total: int) -> Description | None:
    if not hits:
        return None
    return Description(condition, hits / met, hits / total, 2 * hits / (met + total))
