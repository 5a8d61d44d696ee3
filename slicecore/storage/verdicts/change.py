"""A change of a judgement, which leaves what it does not name as it is."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from slicecore.errors import VerdictError
from slicecore.storage.verdicts.records import VERDICTS, Judgement, Origin

LONGEST_LINE = 1_000
"""Characters of a text that is added to notes."""
LONGEST_NOTE = 10_000
"""Characters of a note; one from before there was a limit may be longer, and become shorter."""


class LineLengthError(VerdictError):
    """A text that is to be added to notes is longer than such texts may be; `about` is the sentence that says so."""

    def __init__(self, length: int) -> None:
        self.about = f"What is added to notes has at most {LONGEST_LINE:,} characters; this has {length:,}."
        super().__init__(f"{self.about} Nothing was written.")


class Unchanged(enum.Enum):
    """The part of a judgement that a change leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True)
class Change:
    """A change of a judgement: a new verdict, tags or note; UNCHANGED leaves them as they are.

    `lines` are added to the note, see `with_line`.
    """

    verdict: str | Unchanged | None = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    note: str | Unchanged = UNCHANGED
    lines: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise VerdictError where the verdict is none of `VERDICTS`, LineLengthError where a line is too long."""
        if isinstance(self.verdict, str) and self.verdict not in VERDICTS:
            raise VerdictError(f"Verdict {self.verdict!r} is none of {', '.join(VERDICTS)}.")
        longest = max((len(line.strip()) for line in self.lines), default=0)
        if longest > LONGEST_LINE:
            raise LineLengthError(longest)

    def apply(self, before: Judgement) -> Judgement:
        """The judgement with this change."""
        verdict = before.verdict if isinstance(self.verdict, Unchanged) else self.verdict
        tags = before.tags if isinstance(self.tags, Unchanged) else self.tags
        clean = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        note = before.note if isinstance(self.note, Unchanged) else self.note
        return replace(before, verdict=verdict, tags=clean, note=_with_lines(note, self.lines))

    def then(self, later: Change) -> Change:
        """The change that both are together, this one first."""
        verdict = self.verdict if isinstance(later.verdict, Unchanged) else later.verdict
        tags = self.tags if isinstance(later.tags, Unchanged) else later.tags
        note, lines = later.note, later.lines
        if isinstance(note, Unchanged):
            note, lines = self.note, (*self.lines, *later.lines)
        return Change(verdict, tags, note, lines)


def with_line(note: str, text: str) -> str:
    """A note with a text below it, on a line of its own; as it is where it has such lines already."""
    text = text.strip()
    if not text or f"\n{text}\n" in f"\n{note}\n":
        return note
    return _above(note) + text


def room_below(note: str) -> int:
    """Characters that a text may have which is put below a note."""
    return max(0, min(LONGEST_LINE, LONGEST_NOTE - len(_above(note))))


def _above(note: str) -> str:
    """The part of a note that stands above a text which is added, with the end of its line."""
    if not note.strip():
        return ""
    return note if note.endswith("\n") else f"{note}\n"


def _with_lines(note: str, lines: Sequence[str]) -> str:
    for line in lines:
        note = with_line(note, line)
    return note


@dataclass(frozen=True)
class WantedChange:
    """A change of the judgement of one slice, as a reviewer asks for it.

    Attributes
    ----------
    change : Change
    clip_ids : sequence of str
        Ids of the clips of the slice.
    unless_newer_than : int or None
        Number of the newest judgement that the reviewer has seen; None: it is written in any case. Of one that leaves
        the reviewer no verdict, tag or note it is the newest of their own.
    own : tuple of str or None
        Name and reason, where the slice becomes one of the reviewer's own by this; one that is there keeps its name.
    origin : Origin or None
        The judgement that was carried over to the slice, where this confirms or changes it.
    event : str
        Unique name of what asks for this, "source:number"; it is written once, however often it is asked for, and a
        judgement of the same source counts as seen. "": no name.
    room : int
        Characters that the note may have; more than LONGEST_NOTE where this carries over or puts back a longer one.
    is_again : bool
        True for one that waited, and comes once more from a page after that on which it was asked for. It counts as
        written where its source has since judged the slice for the same reviewer: that took up what waited.
    """

    change: Change
    clip_ids: Sequence[str]
    unless_newer_than: int | None = None
    own: tuple[str, str] | None = None
    origin: Origin | None = None
    event: str = ""
    room: int = LONGEST_NOTE
    is_again: bool = False
