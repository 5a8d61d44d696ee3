"""Assignments: who is to judge which slice."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "assignments",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slice_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"],
            ["workspaces.id"],
        ),
        sa.PrimaryKeyConstraint("workspace", "number", name=op.f("pk_assignments")),
    )
    op.create_index(
        op.f("ix_assignments_workspace_model_slice_id_number"),
        "assignments",
        ["workspace", "model", "slice_id", "number"],
        unique=False,
    )
