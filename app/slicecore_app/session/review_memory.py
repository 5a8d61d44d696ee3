"""Memory of a browser session for its reviews: what is written, what waits, and what undo can take back."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from slicecore.storage.verdicts import Workspace
from slicecore_app.access.visitor import SOMEBODY, Visitor
from slicecore_app.session.review_records import Record, Subject
from slicecore_app.session.saving import Step, Unsaved
from slicecore_app.session.signature import Signature
from slicecore_app.session.visitor import visitor


@dataclass
class Memory:
    """The memory of a session, over all its tables."""

    account: str
    visitor: Visitor = SOMEBODY  # who has the page open now
    signature: Signature | None = None  # of the latest word
    names: dict[tuple[str, Signature], str] = field(default_factory=dict)  # under which is judged in a table
    unsaved: dict[Subject, Unsaved] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    written: dict[Subject, int] = field(default_factory=dict)  # number of the newest write of this session
    read: dict[tuple[str, str], Workspace] = field(default_factory=dict)
    saved_at: datetime | None = None
    undone: Step | None = None
    given_up: Record | None = None  # by an undo, while it waited
    said: int = 0  # number of words so far
    told: Step | None = None
    undo_is_empty: bool = False
    notice: str = ""
    unreadable: str = ""
    page_is_old: bool = False  # something changed that more than the verdict shows


def memory() -> Memory:
    """The memory of this browser session."""
    if "reviews" not in st.session_state:
        st.session_state["reviews"] = Memory(_account())
    memory = st.session_state["reviews"]
    memory.visitor = visitor()
    if memory.visitor.name:
        memory.account = memory.visitor.name
        memory.signature = Signature(memory.visitor.name, is_same=True)
    return memory


def _account() -> str:
    """Name of the account that runs the server; "" for one without a name, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
