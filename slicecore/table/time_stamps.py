"""Columns of dates and times: when each clip was, at which hour of the day and on which weekday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ISO = (
    r"\d{4}-\d{2}-\d{2}"  # a date
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?"  # a time of the day
    r" ?(?:Z|[+-]\d{2}(?::?\d{2})?)?"  # its offset from UTC
)
_OFFSET = r"(?<=\d) ?(?:Z|[+-]\d{2}(?::?\d{2})?)$"
_FEWEST = 0.95  # share of the cells with something in them that must be dates
_LOOKED_AT = 100  # cells by which a column of other texts is told at once


@dataclass(frozen=True, eq=False)
class TimeStamps:
    """Cells of a column as times.

    Attributes
    ----------
    seconds : (n,) since 1970 in UTC, NaN where there is no date. Without an offset the clock on the wall is taken.
    hour : (n,) of the day by the clock on the wall, 0 to 23, NaN where there is no date; None where all are midnight.
    weekday : (n,) 0 for Monday, by the same clock, NaN where there is no date.
    """

    seconds: NDArray[np.float64]
    hour: NDArray[np.float64] | None
    weekday: NDArray[np.float64]


def time_stamps_of(cells: pd.Series) -> TimeStamps | None:
    """The times of a column; None where it has something else.

    Times are ISO 8601 ("2024-03-09", "2024-03-09T22:15:00+01:00") or of a type of pandas for times.

    Parameters
    ----------
    cells
        (n,) a column of a table.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(cells):
        local = cells if cells.dt.tz is None else cells.dt.tz_localize(None)
        instants = local if cells.dt.tz is None else cells.dt.tz_convert("UTC").dt.tz_localize(None)
        return _time_stamps(instants.reset_index(drop=True), local.reset_index(drop=True))
    if not (pd.api.types.is_object_dtype(cells) or pd.api.types.is_string_dtype(cells)):
        return None
    try:
        codes, texts = pd.factorize(cells.astype(object).where(cells.notna(), None))
    except TypeError:  # lists, dictionaries, vectors
        return None
    different = pd.Series(texts, dtype=object)
    if not len(different) or not _are_dates(different[:_LOOKED_AT]) or not _are_dates(different):
        return None
    different = different.astype(str).str.strip()
    matches = different.str.fullmatch(_ISO)
    known = different.where(matches)
    instants = _parsed(known)
    has_time = known.str.len() > len("2024-03-09")
    local = _parsed(known.where(~has_time.fillna(False), known.str.replace(_OFFSET, "", regex=True)))
    at = pd.Index(codes)
    return _time_stamps(instants.reindex(at).reset_index(drop=True), local.reindex(at).reset_index(drop=True))


def day(seconds: float) -> str:
    """The day of a time in seconds since 1970, "2024-03-09"."""
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def times_in_sample(cells: pd.Series) -> TimeStamps | None:
    """The times of the first cells of a column, which tell quickly what it probably has; None for something else.

    Parameters
    ----------
    cells
        (n,) a column of a table.
    """
    return time_stamps_of(cells.dropna().iloc[:_LOOKED_AT])


def _are_dates(texts: pd.Series) -> bool:
    given = texts[texts.map(lambda text: isinstance(text, str) and text.strip() != "")]
    if len(given) < _FEWEST * len(texts) - 1 or not len(given):
        return False
    return bool(given.str.strip().str.fullmatch(_ISO).mean() >= _FEWEST)


def _parsed(texts: pd.Series) -> pd.Series:
    import pandas as pd

    times = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    return times.dt.tz_localize(None)


def _time_stamps(instants: pd.Series, local: pd.Series) -> TimeStamps | None:
    if not local.notna().any():
        return None
    missing = instants.isna().to_numpy()
    seconds = instants.to_numpy().astype("datetime64[us]").astype(np.int64) / 1e6
    has_times = bool((local.dropna() != local.dropna().dt.normalize()).any())
    return TimeStamps(
        np.where(missing, np.nan, seconds),
        local.dt.hour.to_numpy(dtype=np.float64) if has_times else None,
        local.dt.day_of_week.to_numpy(dtype=np.float64),
    )
