"""Every word of every reviewer as CSV: all rows of the database of reviews, a folder per workspace."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from slicecore.report.csv_text import harmless

if TYPE_CHECKING:
    from slicecore.storage.verdicts.database import Database


def every_word(database: Database) -> dict[str, bytes]:
    """Content of the files by their paths, "<workspace>/<table>.csv". Tables without rows are left out.

    Raises
    ------
    StorageError
        When the database can't be read.
    """
    import sqlalchemy as sa

    from slicecore.storage.verdicts import schema

    files: dict[str, bytes] = {}
    known = schema.workspaces
    with database.open() as connection:
        for workspace, name in connection.execute(sa.select(known.c.id, known.c.name).order_by(known.c.name)):
            for table in schema.OF_A_WORKSPACE:
                columns = [column for column in table.columns if column.name != "workspace"]
                query = sa.select(*columns).where(table.c.workspace == workspace).order_by(*table.primary_key)
                rows = connection.execute(query).all()
                if rows:
                    files[f"{name}/{table.name}.csv"] = _csv([column.name for column in columns], rows)
    return files


def _csv(columns: list[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
