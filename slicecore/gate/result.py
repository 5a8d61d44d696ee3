"""Results of a gate: its checks, the new run and new slices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slicecore.errors import DefinitionError
from slicecore.gate.run import Run
from slicecore.metrics.paired import Change
from slicecore.transfer.applying import Applied

if TYPE_CHECKING:
    import pandas as pd

WORSE, OK, BETTER, SKIPPED = "worse", "ok", "better", "skipped"
"""Outcomes of a check."""


@dataclass(frozen=True)
class Check:
    """Check of a slice, or of the whole table.

    Attributes
    ----------
    name : of the slice, or `slicecore.transfer.definition.WHOLE`.
    status : "worse", "ok", "better" or "skipped".
    sentence : about what was compared, and with what result.
    tolerance : by how much it may get worse.
    support : clips in the new data.
    means : by which they were recognised.
    precision, recall : that can be expected of these means.
    change : from the baseline; None where nothing could be compared.
    p : chance of so clear a change, in the direction in which it went, by accident; corrected for the number of checks.
    """

    name: str
    status: str
    sentence: str
    tolerance: float
    support: int
    means: str
    precision: float
    recall: float
    change: Change | None = None
    p: float = 1.0


@dataclass(frozen=True)
class NewSlice:
    """A confirmed slice of the new data of which no definition has half: its name, clips, value and drop."""

    name: str
    support: int
    value: float
    drop: float


@dataclass(frozen=True, eq=False)
class Gate:
    """Result of a gate.

    Attributes
    ----------
    checks : of the whole table, then of the slices in the order of their file.
    run : the new run, to be saved as the next baseline.
    applied : the defined slices in the new data.
    baseline : what it was compared with, in words.
    new_slices : confirmed slices that nobody has defined; None where they were not looked for.
    notes : sentences about what could not be done.
    """

    checks: tuple[Check, ...]
    run: Run
    applied: Applied
    baseline: str
    new_slices: tuple[NewSlice, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def slices(self) -> tuple[Check, ...]:
        """The checks of the slices."""
        return self.checks[1:]

    @property
    def status(self) -> str:
        """Outcome: "worse" if anything got worse; "skipped" if no slice could be compared; else "ok"."""
        if any(check.status == WORSE for check in self.checks):
            return WORSE
        compared = self.slices or self.checks
        return SKIPPED if all(check.status == SKIPPED for check in compared) else OK

    @property
    def exit_code(self) -> int:
        """0 where nothing got worse, 1 where something did, 3 where no slice could be compared. 2 is bad input."""
        return {OK: 0, WORSE: 1, SKIPPED: 3}[self.status]

    def __getitem__(self, name: str) -> Check:
        for check in self.checks:
            if check.name == name:
                return check
        raise DefinitionError(
            f"There is no check “{name}”. There are: {', '.join(c.name for c in self.checks)}."
        )

    def _repr_html_(self) -> str:
        from slicecore.gate.outputs import summary_html

        return summary_html(self)

    def to_frame(self) -> pd.DataFrame:
        """A row per check: name, status, clips, means, before, now, worse_by, its interval, p and tolerance."""
        import pandas as pd

        rows = []
        for check in self.checks:
            change, unknown = check.change, (math.nan, math.nan)
            low, high = change.interval if change else unknown
            rows.append(
                {
                    "name": check.name,
                    "status": check.status,
                    "clips": check.support,
                    "means": check.means,
                    "before": change.before if change else math.nan,
                    "now": change.after if change else math.nan,
                    "worse_by": change.worse if change else math.nan,
                    "interval_low": low,
                    "interval_high": high,
                    "p": check.p if change else math.nan,
                    "tolerance": check.tolerance,
                }
            )
        return pd.DataFrame(rows)

    def with_new_slices(self, new_slices: Sequence[NewSlice] | None, notes: Sequence[str] = ()) -> Gate:
        """The same result with confirmed slices that nobody has defined."""
        new = None if new_slices is None else tuple(new_slices)
        return replace(self, new_slices=new, notes=(*self.notes, *notes))

    def __repr__(self) -> str:
        return f"Gate({self.status}: {', '.join(f'{check.name} {check.status}' for check in self.checks)})"
