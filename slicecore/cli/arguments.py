"""Arguments that several commands share, each with its help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicecore.errors import DefinitionError, TableError


def table_path(given: str) -> Path:
    """Path of a table as it was given; an empty one would be the working folder. Raises TableError."""
    if not given.strip():
        raise TableError("The path of the table is empty. Give that of a file or a folder.")
    return Path(given)


def definitions_path(given: str) -> Path:
    """Path of definitions as it was given; an empty one would be the working folder. Raises DefinitionError."""
    if not given.strip():
        raise DefinitionError(
            "The path of the definitions is empty. Give that of a YAML file with definitions."
        )
    return Path(given)


Table = Annotated[
    Path,
    typer.Argument(
        help="Table with a row per clip: a file or folder of any format in docs/formats.md.",
        parser=table_path,
    ),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="Format of the table, such as csv or nemo; recognised by default."),
]
Folder = Annotated[
    str | None,
    typer.Option(help="Folder or URL where relative audio paths start; the table's own by default."),
]
Audio = Annotated[str | None, typer.Option(help="Column of the audio files; guessed by default.")]
Reference = Annotated[
    str | None, typer.Option(help="Column of the reference transcripts; guessed by default.")
]
Prediction = Annotated[
    list[str] | None,
    typer.Option(metavar="<str>", help="Column of the model's predictions; guessed by default."),
]
"""Read as a list: of a single value, the first of two would be dropped without a word."""
Id = Annotated[str | None, typer.Option("--id", help="Column of the clip ids; guessed by default.")]
Start = Annotated[
    str | None, typer.Option(help="Column of the time at which a clip starts in its audio file, in seconds.")
]
End = Annotated[
    str | None, typer.Option(help="Column of the time at which a clip ends in its audio file, in seconds.")
]
Group = Annotated[
    str | None,
    typer.Option(
        help="Column of the groups that clips come in, such as speakers or sessions; “file names” for speakers that "
        "the names of the files tell, none for no groups. Guessed by default."
    ),
]
Normalisation = Annotated[
    str,
    typer.Option(
        help="Text normalisation: none, basic, english, leaderboard; or a function of your own, as module:function or "
        "file.py:function."
    ),
]
Definitions = Annotated[
    Path, typer.Argument(help="YAML file with definitions of slices.", parser=definitions_path)
]
Means = Annotated[
    list[str] | None,
    typer.Option(
        help="Means by which clips are recognised: ids, rule or region; by default the first that can be used. Given "
        "again, the clips of all."
    ),
]
Predictions = Annotated[
    list[str] | None,
    typer.Option(
        "--predictions",
        help="File of a model's predictions, joined to the table by ids or audio files: NAME=FILE, or FILE alone. Can "
        "be given again.",
    ),
]


def normalisation_of(given: str) -> str:
    """Name of the normalisation that `--normalisation` gives; a function is imported. Raises MetricError."""
    from slicecore.text.normalisation import name_of
    from slicecore.text.own_normaliser import load_normaliser

    return load_normaliser(given) if ":" in given else name_of(given)


def prediction_files(entries: list[str] | None) -> dict[str, str]:
    """Files by the name of their model, as `--predictions` gives them. Raises TableError."""
    from slicecore.table.predictions import named_files

    return named_files(entries or [])
