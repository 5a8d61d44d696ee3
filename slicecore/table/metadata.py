"""Metadata columns as values and as numbers, prepared once per table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

MOST_VALUES_OF_A_NUMBER = 12
"""A column of numbers with more different values than this is a quantity, else each number is a value of its own."""

_OF_IDS = re.compile(r"(?:^|[^a-z])(?:ids?|speaker|spk|spkr)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SAMPLE = 20_000  # cells by which one knows whether nearly all of a column differ
_MOSTLY = 0.95


@dataclass(frozen=True, eq=False)
class Values:
    """A column of few or many different values, text as it stands.

    Attributes
    ----------
    column : its name.
    names : the values, sorted.
    code : (n,) position in `names`, -1 where the cell is empty.
    counts : (len(names),) clips with each value.
    """

    column: str
    names: tuple[str, ...]
    code: NDArray[np.int64]
    counts: NDArray[np.int64]


def snake_case(name: str) -> str:
    """Name of a column in small letters, "agentId" as "agent_id"."""
    return _CAMEL.sub("_", name).lower()


def is_of_numbers(column: pd.Series) -> bool:
    """True if a column holds numbers."""
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def is_quantity(column: pd.Series) -> bool:
    """Return whether a column holds numbers that are compared by size, not one by one.

    Whole numbers of a column named as ids or speakers are, such as "agent_id", tell who it is and are none.
    """
    if not is_of_numbers(column) or column.nunique() <= MOST_VALUES_OF_A_NUMBER:
        return False
    return not (_OF_IDS.search(snake_case(str(column.name))) and (column.dropna() % 1 == 0).all())


def texts_of(column: pd.Series) -> pd.Series:
    """Cells of a column as text without space around it, "" where one is empty.

    Whole numbers are floats where a cell of the column is empty: they read "3", not "3.0".
    """
    import pandas as pd

    if not isinstance(column.dtype, pd.StringDtype):
        return column.astype(object).where(column.notna(), "").map(_text)
    texts: list[str] | NDArray[np.object_]
    sample = column.iloc[:_SAMPLE]
    if sample.nunique() > _MOSTLY * len(sample):
        texts = [text.strip() for text in column.fillna("").tolist()]
    else:  # texts that come again and again
        code, values = pd.factorize(column)
        # The last one is for code -1: a missing cell.
        names = [*(text.strip() for text in values.tolist()), ""]
        texts = np.array(names, dtype=object)[code]
    return pd.Series(texts, index=column.index, name=column.name, dtype=object)


def values_of(table: pd.DataFrame, columns: Sequence[str]) -> tuple[Values, ...]:
    """The columns that are no quantities and have some value twice, each with its values counted.

    Parameters
    ----------
    table
        A row per clip.
    columns
        Names of the columns.
    """
    columns_of_values = (_values(table[name], name) for name in columns if not is_quantity(table[name]))
    return tuple(values for values in columns_of_values if values.counts.max(initial=0) > 1)


def quantities_of(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns that are quantities, float64, NaN where the cell is empty or infinite."""
    chosen = [name for name in columns if is_quantity(table[name])]
    return table[chosen].astype(np.float64).replace([np.inf, -np.inf], np.nan)


def _values(column: pd.Series, name: str) -> Values:
    import pandas as pd

    text = texts_of(column)
    code, names = pd.factorize(text.where(text != "", None), sort=True)
    return Values(
        name,
        tuple(map(str, names)),
        code.astype(np.int64),
        np.bincount(code[code >= 0], minlength=len(names)),
    )


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
