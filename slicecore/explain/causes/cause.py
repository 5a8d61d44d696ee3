"""Probable cause of what goes wrong in a group of clips."""

from __future__ import annotations

from dataclasses import dataclass

from slicecore.explain.claim import APART, Claim
from slicecore.wording import lower


@dataclass(frozen=True)
class Cause:
    """A probable cause of what goes wrong in a group of clips.

    Attributes
    ----------
    name
        Short name, as in exports: "quiet".
    label
        What people call it: "Very quiet".
    evidence
        A sentence with the number inside the group and that of the rest.
    share_inside, share_rest
        Share of the clips of the group, and of all others, that show it by themselves.
    rank
        0 for the most probable cause of the group, then 1, 2, …
    everywhere
        Whether the rest has it as well: worth mending, but not why the group is worse than the rest.
    claim
        Whether it is the reason, by the other clips that have it; None where errors were not looked at.
    remedy
        What to do about it, as a sentence; "" where it is no reason by itself.
    measurement
        The measurement that it was found by, or that sets its clips apart best; "" where there is none.
    """

    name: str
    label: str
    evidence: str
    share_inside: float
    share_rest: float
    rank: int
    everywhere: bool = False
    claim: Claim | None = None
    remedy: str = ""
    measurement: str = ""

    @property
    def apart(self) -> bool:
        """True if it sets the group apart and is not its reason by itself."""
        return self.claim is not None and self.claim.kind == APART

    @property
    def title(self) -> str:
        """Name of a group by this cause: "Very quiet", or "Also very quiet" where that is not its reason by itself."""
        return f"Also {lower(self.label)}" if self.apart else self.label
