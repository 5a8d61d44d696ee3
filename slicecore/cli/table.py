"""Table on the command line: the options by which its columns are chosen, and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.cli.arguments import (
    Audio,
    End,
    Folder,
    Format,
    Id,
    Prediction,
    Predictions,
    Reference,
    Start,
    Table,
    prediction_files,
)
from slicecore.cli.shared_options import shared

if TYPE_CHECKING:
    from slicecore.table.dataset import Dataset


@dataclass(frozen=True)
class GivenTable:
    """A table and its columns as they were given; it is not read yet."""

    path: Path
    audio: str | None
    reference: str | None
    prediction: list[str] | None
    id_column: str | None
    start: str | None
    end: str | None
    format: str | None
    folder: str | None
    predictions: list[str] | None

    def read(self, labelled: bool = True, mean_of: str | None = None) -> Dataset:
        """Read the table, `labelled` and `mean_of` as in `slicecore.read`. Raises TableError."""
        from slicecore.table.dataset import read

        return read(
            self.path,
            audio=self.audio,
            reference=self.reference,
            prediction=self.prediction,
            id=self.id_column,
            start=self.start,
            end=self.end,
            format=self.format,
            folder=self.folder,
            predictions=prediction_files(self.predictions),
            mean_of=mean_of,
            labelled=labelled,
        )


def table_options(
    table: Table,
    audio: Audio = None,
    reference: Reference = None,
    prediction: Prediction = None,
    id_column: Id = None,
    start: Start = None,
    end: End = None,
    table_format: Format = None,
    folder: Folder = None,
    predictions: Predictions = None,
) -> GivenTable:
    """The table with these options."""
    return GivenTable(
        table, audio, reference, prediction, id_column, start, end, table_format, folder, predictions
    )


with_table = shared(table_options)
"""Decorator of a command that reads a table: its first argument is the `GivenTable`."""
