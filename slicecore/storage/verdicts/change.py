"""A change of a judgement, which leaves what it does not name as it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from slicecore.errors import VerdictError
from slicecore.storage.verdicts.records import VERDICTS, Judgement


class Unchanged(enum.Enum):
    """The part of a judgement that a change leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True)
class Change:
    """A change of a judgement: a new verdict, tags or note; UNCHANGED leaves them as they are.

    With `toggles`, a verdict that the slice already has is taken back.
    """

    verdict: str | Unchanged | None = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    note: str | Unchanged = UNCHANGED
    toggles: bool = False

    def check(self) -> None:
        """Raise VerdictError where the verdict is none of `VERDICTS`."""
        if isinstance(self.verdict, str) and self.verdict not in VERDICTS:
            raise VerdictError(f"Verdict {self.verdict!r} is none of {', '.join(VERDICTS)}.")

    def apply(self, before: Judgement) -> Judgement:
        """The judgement with this change."""
        verdict = before.verdict if isinstance(self.verdict, Unchanged) else self.verdict
        if self.toggles and verdict == before.verdict:
            verdict = None
        tags = before.tags if isinstance(self.tags, Unchanged) else self.tags
        clean = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        note = before.note if isinstance(self.note, Unchanged) else self.note
        return replace(before, verdict=verdict, tags=clean, note=note)

    def then(self, later: Change) -> Change:
        """The change that both are together, this one first."""
        verdict, toggles = later.verdict, later.toggles
        if isinstance(verdict, Unchanged):
            verdict, toggles = self.verdict, self.toggles
        elif toggles and not isinstance(self.verdict, Unchanged):
            verdict, toggles = None if verdict == self.verdict else verdict, False
        tags = self.tags if isinstance(later.tags, Unchanged) else later.tags
        note = self.note if isinstance(later.note, Unchanged) else later.note
        return Change(verdict, tags, note, toggles)
