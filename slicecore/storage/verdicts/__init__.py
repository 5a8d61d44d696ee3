"""Verdicts, marks and corrections of references, and slices that reviewers made: an SQLite file per workspace.

It is written at every click and nothing in it is ever overwritten. Whatever depends on what is already there is read,
checked and written in one transaction, so that no word of another reviewer is replaced unseen.
"""

from slicecore.storage.verdicts.change import UNCHANGED, Change, Unchanged
from slicecore.storage.verdicts.records import (
    FOUND_REASON,
    OWN_REASON,
    REAL_ISSUE,
    VERDICTS,
    Amendment,
    ConflictError,
    Corrected,
    CorrectionConflictError,
    Judgement,
    Origin,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
    Workspace,
    is_comparison,
    name_of_comparison,
)
from slicecore.storage.verdicts.store import Verdicts

__all__ = [
    "FOUND_REASON",
    "OWN_REASON",
    "REAL_ISSUE",
    "UNCHANGED",
    "VERDICTS",
    "Amendment",
    "Change",
    "ConflictError",
    "Corrected",
    "CorrectionConflictError",
    "Judgement",
    "Origin",
    "OwnSlice",
    "ReferenceCorrection",
    "ReferenceMark",
    "Refusal",
    "Unchanged",
    "Verdicts",
    "Workspace",
    "is_comparison",
    "name_of_comparison",
]
