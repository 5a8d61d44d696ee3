"""Issues: slices as dicts with sliceguard's keys, chosen and ordered as its arguments ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.errors import SlicecoreError
from slicecore.sliceguard.features import explanation
from slicecore.slices.options import Options
from slicecore.thresholds import reaches

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.slices.result import Scan, Slice
    from slicecore.slices.scanner import Scanner

_DEFAULT_SLICES = 20
_DEFAULT_SUPPORT = 5
_CRITERIA: dict[str, Callable[[dict[str, Any]], float]] = {
    "drop": lambda issue: issue["drop"],
    "support": lambda issue: issue["support"],
    "drop*support": lambda issue: issue["drop"] * issue["support"],
}


@dataclass(frozen=True)
class Selection:
    """The arguments of `find_issues` that say which slices are wanted, and in which order.

    Raises
    ------
    SlicecoreError
        There is no such criterion.
    """

    min_support: int | None = None
    min_drop: float | None = None
    n_slices: int | None = None
    criterion: str | None = None
    remove_outliers: bool = False

    def __post_init__(self) -> None:
        if self.criterion is not None and self.criterion not in _CRITERIA:
            raise SlicecoreError(f"criterion is one of {', '.join(_CRITERIA)}, not “{self.criterion}”.")

    @property
    def options(self) -> Options:
        """Thresholds of the scan."""
        return Options(min_support=self.min_support or _DEFAULT_SUPPORT, min_drop=self.min_drop or 0.0)

    @property
    def most(self) -> int | None:
        """Number of issues to keep; None for all."""
        if self.min_support is None and self.min_drop is None and self.criterion is None:
            return _DEFAULT_SLICES if self.n_slices is None else self.n_slices
        return self.n_slices

    @property
    def order(self) -> str | None:
        """Criterion by which issues are ordered; None leaves the order of the scan."""
        return self.criterion or ("drop" if self.most is not None else None)

    def issues(
        self,
        scan: Scan,
        scanner: Scanner,
        data: pd.DataFrame,
        types: Mapping[str, str],
        vectors: Mapping[str, np.ndarray],
    ) -> list[dict[str, Any]]:
        """The slices of a scan as issues.

        Parameters
        ----------
        scan, scanner
            The slices, and the clusters around them.
        data
            The user's table, a row per clip.
        types, vectors
            Type and (n, d) vectors of every feature.
        """
        slices = [
            slice_
            for slice_ in scan.slices
            if not self.remove_outliers or _holds_without_outliers(slice_, scan)
        ]
        issues = [_issue(slice_, scanner, data, types, vectors) for slice_ in slices if slice_.drop > 0]
        if self.order is not None:
            issues.sort(key=_CRITERIA[self.order], reverse=True)
        return [issue | {"id": number} for number, issue in enumerate(issues[: self.most])]


def _issue(
    slice_: Slice,
    scanner: Scanner,
    data: pd.DataFrame,
    types: Mapping[str, str],
    vectors: Mapping[str, np.ndarray],
) -> dict[str, Any]:
    return {
        "id": 0,
        "level": len(scanner.ancestors(slice_)),
        "indices": data.index.to_numpy()[slice_.members],
        "rows": slice_.members,
        "metric": slice_.value,
        "drop": slice_.drop,
        "support": slice_.support,
        "explanation": explanation(slice_.members, data, types, vectors),
        "slice_id": slice_.id,
        "p_value": slice_.p_value,
        "tier": slice_.tier,
    }


def _holds_without_outliers(slice_: Slice, scan: Scan) -> bool:
    drops = scan.costs.drop(scan.costs.per_clip()[slice_.members], scan.overall)
    drops = drops[np.isfinite(drops)]
    if not len(drops):
        return False
    distances = np.abs(drops - np.median(drops))
    near = drops[distances <= 2 * np.median(distances)]
    return len(near) >= scan.min_support and reaches(float(near.mean()), scan.min_drop)
