"""Ids of clips: those of a column, or hashes of the rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import TableError
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd


def own_ids(column: pd.Series, numbers: Sequence[int]) -> np.ndarray:
    """Ids of a column of ids, (n,) str. Raises TableError where one is empty or not unique.

    Parameters
    ----------
    column
        Cells as text.
    numbers
        Number of each row, for messages.
    """
    values = column.tolist()
    if len(set(values)) < len(values) or not all(map(str.strip, values)):
        _refuse(values, numbers, str(column.name))
    return np.array(values, dtype=str)


def _refuse(ids: Sequence[str], numbers: Sequence[int], column: str) -> None:
    """Raise TableError about the first id that is empty or was there before."""
    seen: dict[str, int] = {}
    for number, value in zip(numbers, ids, strict=True):
        if not value.strip():
            raise TableError(f"Row {number}: the id in column “{column}” is empty. Every row needs one.")
        if value in seen:
            raise TableError(
                f"Id “{value}” in column “{column}” is in row {seen[value]} and again in row {number}. "
                "Ids have to differ."
            )
        seen[value] = number


def derived_ids(table: pd.DataFrame, roles: Roles) -> np.ndarray:
    """Ids for a table without an id column: 12 hex digits of a hash of the row.

    The hash is over audio path (as written), segment and reference where these tell the rows apart, so that ids survive
    a new prediction or metadata column; over the whole row where they do not. Equal rows get "-2", "-3", ….

    Returns
    -------
    (n,) str
    """
    identity = [c for c in (roles.audio, roles.start, roles.end, roles.reference) if c is not None]
    keys = _hashes(table, identity) if roles.audio else [""] * len(table)
    if len(set(keys)) == len(keys):
        return np.array(keys, dtype=str)
    shared = {key for key, count in Counter(keys).items() if count > 1}
    if shared:
        whole = _hashes(table, sorted(table.columns))
        keys = [whole[row] if key in shared else key for row, key in enumerate(keys)]
    seen: Counter[str] = Counter()
    ids = []
    for key in keys:
        seen[key] += 1
        ids.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return np.array(ids, dtype=str)


def _hashes(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.large_string()
    colon, nothing = pa.scalar(":", kind), pa.scalar("", kind)
    parts = []
    for column in columns:
        cells = pa.array([str(cell) for cell in table[column].tolist()], kind)
        # Each cell is preceded by its length, so that no two rows run together to the same text.
        parts += [pc.utf8_length(cells).cast(kind), colon, cells]
    rows = pc.binary_join_element_wise(*parts, nothing)
    return [
        hashlib.blake2b(row, digest_size=6).hexdigest() for row in rows.cast(pa.large_binary()).to_pylist()
    ]
