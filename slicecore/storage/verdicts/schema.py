"""Tables of the database of reviews, which holds the words of all workspaces.

Rows are numbered within their workspace, in the order in which they are written: none is ever changed or removed, and
the newest has the highest number whatever the clock says. A change of this file is a migration in `migrations/`.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

HEAD = "0002"
"""The migration that makes the tables as they are here."""

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


def _workspace() -> Column[int]:
    """Column of the workspace that a row is of."""
    key = ForeignKey("workspaces.id", name=None)
    return Column("workspace", Integer, key, primary_key=True)


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True, autoincrement=False)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


workspaces = Table("workspaces", metadata, Column("id", Integer, primary_key=True), *_texts("name"))
Index("ix_workspaces_name", workspaces.c.name, unique=True)

slices = Table(
    "slices", metadata, _workspace(), Column("slice_id", Text, primary_key=True), *_texts("clip_ids")
)

judgements = Table(
    "judgements",
    metadata,
    _workspace(),
    _number(),
    *_texts("slice_id", "model"),
    Column("verdict", Text),
    *_texts("tags", "note", "reviewer", "time"),
    Column("event", Text),
    Column("origin", Text),
    Column(
        "own", Integer
    ),  # 1 where it is of its reviewer alone; None where it stands for everybody's before it
)
Index(None, judgements.c.workspace, judgements.c.model, judgements.c.slice_id, judgements.c.number)
Index(None, judgements.c.workspace, judgements.c.event, unique=True)

own_slices = Table(
    "own_slices",
    metadata,
    _workspace(),
    _number(),
    *_texts("slice_id", "name", "reason"),
    Column("removed", Integer, nullable=False),
    *_texts("reviewer", "time"),
)

reference_marks = Table(
    "reference_marks",
    metadata,
    _workspace(),
    _number(),
    *_texts("clip_id"),
    Column("wrong", Integer, nullable=False),
    *_texts("reviewer", "time"),
)
Index(None, reference_marks.c.workspace, reference_marks.c.clip_id, reference_marks.c.number)

refusals = Table(
    "refusals",
    metadata,
    _workspace(),
    _number(),
    *_texts("slice_id", "model", "from_workspace", "from_model", "from_slice"),
    Column("refused", Integer, nullable=False),
    *_texts("reviewer", "time"),
)

corrections = Table(
    "corrections",
    metadata,
    _workspace(),
    _number(),
    *_texts("clip_id", "original"),
    Column("text", Text),
    *_texts("reviewer", "time"),
)
Index(None, corrections.c.workspace, corrections.c.clip_id, corrections.c.number)

assignments = Table(
    "assignments",
    metadata,
    _workspace(),
    _number(),
    *_texts("slice_id", "model", "assignee", "reviewer", "time"),
)
Index(None, assignments.c.workspace, assignments.c.model, assignments.c.slice_id, assignments.c.number)

reviewers = Table(
    "reviewers", metadata, _workspace(), _number(), *_texts("name", "browser", "time", "instead_of")
)
same_reviewers = Table("same_reviewers", metadata, _workspace(), _number(), *_texts("other", "name", "time"))
set_aside = Table("set_aside", metadata, _workspace(), _number())

views = Table("views", metadata, _workspace(), Column("name", Text, primary_key=True), *_texts("parts"))

OF_A_WORKSPACE = tuple(table for table in metadata.sorted_tables if table is not workspaces)
"""The tables whose rows are of a workspace."""
