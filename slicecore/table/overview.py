"""Overview of a data set, as a notebook shows it: what its columns are, and its first rows."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset

_ROWS = 5
_COLUMNS = 12
_CHARACTERS = 80


def summary(data: Dataset) -> str:
    """Name, number of clips and the columns with a role, on one line."""
    roles = data.roles
    named = {
        "audio": [roles.audio],
        "reference": [roles.reference],
        "predictions" if len(roles.predictions) > 1 else "prediction": roles.predictions,
        "id": [roles.id],
        "start": [roles.start],
        "end": [roles.end],
    }
    parts = [
        f"{role} {', '.join(f'“{name}”' for name in names if name)}"
        for role, names in named.items()
        if any(names)
    ]
    count = f"{len(data):,} clip" + ("" if len(data) == 1 else "s")
    return f"{data.name}: {', '.join([count, *parts])}"


def dataset_html(data: Dataset) -> str:
    """The summary, what was left out when the table was read, and the first rows."""
    columns = [*data.roles.all, *data.metadata]
    head = data.table[columns[:_COLUMNS]].head(_ROWS)
    head = head.apply(lambda column: column.map(_short))
    others = f" and {len(columns) - _COLUMNS} more columns" if len(columns) > _COLUMNS else ""
    lines = [summary(data), *data.notes, *([f"The first {_COLUMNS} columns{others}:"] if others else [])]
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return paragraphs + head.to_html(index=False, border=0)


def _short(cell: object) -> str:
    text = str(cell)
    return text if len(text) <= _CHARACTERS else f"{text[: _CHARACTERS - 1]}…"
