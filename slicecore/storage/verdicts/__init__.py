"""Verdicts, marks and corrections of references, and slices that reviewers made, in a database by workspace.

It is written at every click and nothing in it is ever overwritten. Whatever depends on what is already there is read,
checked and written in one transaction, so that no word of another reviewer is replaced unseen.

The libraries of databases are imported when the first one is opened: most commands open none.
"""

from typing import TYPE_CHECKING

from slicecore.storage.verdicts.change import (
    LONGEST_LINE,
    LONGEST_NOTE,
    UNCHANGED,
    Change,
    LineLengthError,
    Unchanged,
    WantedChange,
    room_below,
    with_line,
)
from slicecore.storage.verdicts.newer_words import (
    AssignmentConflictError,
    ChangedSliceError,
    ConflictError,
    CorrectionConflictError,
    MarkConflictError,
    NewerWordError,
    Word,
    verb_of,
)
from slicecore.storage.verdicts.opening import is_judged, require_database, verdicts_of
from slicecore.storage.verdicts.records import (
    FOUND_REASON,
    OWN_REASON,
    REAL_ISSUE,
    VERDICTS,
    Amendment,
    Assigned,
    Assignment,
    Corrected,
    Judgement,
    Newest,
    NoteLengthError,
    Origin,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
    Workspace,
    is_comparison,
    name_of_comparison,
)

if TYPE_CHECKING:
    from slicecore.storage.verdicts.store import Verdicts as Verdicts

__all__ = [
    "FOUND_REASON",
    "LONGEST_LINE",
    "LONGEST_NOTE",
    "OWN_REASON",
    "REAL_ISSUE",
    "UNCHANGED",
    "VERDICTS",
    "Amendment",
    "Assigned",
    "Assignment",
    "AssignmentConflictError",
    "Change",
    "ChangedSliceError",
    "ConflictError",
    "Corrected",
    "CorrectionConflictError",
    "Judgement",
    "LineLengthError",
    "MarkConflictError",
    "NewerWordError",
    "Newest",
    "NoteLengthError",
    "Origin",
    "OwnSlice",
    "ReferenceCorrection",
    "ReferenceMark",
    "Refusal",
    "Unchanged",
    "WantedChange",
    "Word",
    "Workspace",
    "is_comparison",
    "is_judged",
    "name_of_comparison",
    "require_database",
    "room_below",
    "verb_of",
    "verdicts_of",
    "with_line",
]
