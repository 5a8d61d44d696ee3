"""Columns of a table that say nothing about groups of clips: constants, names of clips, empty ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slicecore.table.metadata import snake_case

if TYPE_CHECKING:
    import pandas as pd

_OF_IDS = re.compile(
    r"(?:^|[^a-z])(?:ids?|uuid|guid|hash|md5|sha\d*|checksum|digest|key|index|idx|row|serial|number|nr|no)$"
)
_DIFFERENT = 0.95  # share of the cells that differ where a column names clips


def columns_left_out(table: pd.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """Columns that are not searched for slices, and why: "is empty", "has one value", "names clips".

    A mark that some clips have and others have not, such as "yes" in some cells alone, is searched. A column of text
    names clips where nearly every cell has a value of its own. Numbers do where, moreover, they are whole and the name
    of the column ends as names of ids do ("clip_id", "rowIndex", "md5"): the years or seconds of recordings may all
    differ, too. A random number without such a name can't be told from a measurement; what it groups has its price and
    its test.

    Parameters
    ----------
    table
        A row per clip.
    columns
        Names of the columns to look at.
    """
    reasons = {name: _reason(table[name], str(name)) for name in columns}
    return {name: reason for name, reason in reasons.items() if reason}


def _reason(cells: pd.Series, name: str) -> str:
    import pandas as pd

    known = cells.dropna()
    is_number = pd.api.types.is_numeric_dtype(cells)
    if not is_number and not pd.api.types.is_datetime64_any_dtype(cells):
        known = known.astype(str).str.strip()
        known = known[known != ""]
    if not len(known):
        return "is empty"
    different = known.nunique()
    if different == 1 and len(known) == len(cells):
        return "has one value"
    if different < _DIFFERENT * len(known) or pd.api.types.is_datetime64_any_dtype(cells):
        return ""
    if is_number:
        is_id = (known % 1 == 0).all() and _OF_IDS.search(snake_case(name))
        return "names clips" if is_id else ""
    from slicecore.table.time_stamps import time_stamps_of

    return "" if time_stamps_of(known) else "names clips"
