"""Tables without references and predictions, whose clips have numbers instead: MOS, loss, duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slicecore.errors import TableError
from slicecore.table.dataset import Dataset, read
from slicecore.table.left_out import columns_left_out
from slicecore.table.roles import is_numeric


def numbers_of_clips(path: str, chosen: Sequence[str], arguments: Mapping[str, Any]) -> Dataset | None:
    """The table with its columns of numbers in the place of predictions; None where it is no table of that kind.

    Parameters
    ----------
    path
        Of the table.
    chosen
        Columns that somebody chose as predictions; all that may be looked at where there are none.
    arguments
        Of `slicecore.read`, but for references and predictions.
    """
    try:
        data = read(path, labelled=False, prediction=chosen or None, **arguments)
    except TableError:
        return None
    if data.roles.reference is not None or (data.roles.predictions and not chosen):
        return None  # one of the two was recognised: the other is missing
    left_out = columns_left_out(data.table, data.metadata)
    columns = chosen or [name for name in data.metadata if name not in left_out]
    numbers = [name for name in columns if is_numeric(data.table[name])]
    if not numbers or (chosen and len(numbers) < len(chosen)):
        return None
    return read(path, labelled=False, prediction=numbers, **arguments)
