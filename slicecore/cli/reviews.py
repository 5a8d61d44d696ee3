"""`slicecore backup`, `restore` and `export-all`: all that reviewers have said, of all tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.errors import StorageError

if TYPE_CHECKING:
    from slicecore.storage.verdicts.backup import Count

_Database = Annotated[
    str | None,
    typer.Option(
        help="Address of the database, sqlite:///… or postgresql://…; SLICECORE_DATABASE, else the file in the home "
        "folder, by default."
    ),
]
_Backup = Annotated[Path, typer.Argument(help="File of the backup.")]
_Folder = Annotated[Path, typer.Argument(help="Folder of the files; made if it is not there.")]
_Replace = Annotated[bool, typer.Option("--replace", help="Replace what the database has by the backup.")]


def backup(file: _Backup, database: _Database = None) -> None:
    """Write the reviews of all tables to one file, also while people review."""
    from slicecore.storage.verdicts.backup import back_up
    from slicecore.storage.verdicts.database import existing_database

    if file.exists():
        raise StorageError(f"There is a file {file} already. Give another name.")
    known = existing_database(database or "")
    known.take_in_old_files()
    done = back_up(known, file)
    typer.echo(f"{_contents(done)} from {known.name} in {file}")


def restore(file: _Backup, database: _Database = None, replace: _Replace = False) -> None:
    """Put a backup into a database that has no reviews yet. The file is checked whole before anything is written."""
    from slicecore.storage.verdicts import backup as backups
    from slicecore.storage.verdicts.database import database as opened

    known = opened(database or "")
    done = backups.restore(file, known, replaces=replace)
    typer.echo(f"{_contents(done)} in {known.name}")


def export_all(folder: _Folder, database: _Database = None) -> None:
    """Write every word of every reviewer as CSV, with those that were replaced later: a folder per table."""
    from slicecore.report.every_word import every_word
    from slicecore.storage.atomic import write_together
    from slicecore.storage.verdicts.database import existing_database
    from slicecore.wording import counted

    try:
        is_taken = folder.exists() and any(folder.iterdir())
    except OSError as error:
        raise StorageError(
            f"{folder} can't be used as a folder ({error.strerror}). Give another one."
        ) from error
    if is_taken:
        raise StorageError(f"There are files in {folder} already. Give another folder.")
    known = existing_database(database or "")
    known.take_in_old_files()
    files = {folder / name: content for name, content in every_word(known).items()}
    try:
        write_together({path: _saving(content) for path, content in files.items()})
    except OSError as error:
        raise StorageError(f"The files can't be written: {error}.") from error
    typer.echo(f"{counted(len(files), 'file')} from {known.name} in {folder}")


def _contents(done: Count) -> str:
    from slicecore.wording import counted

    return f"{counted(done.rows, 'row')} of {counted(done.workspaces, 'table')}"


def _saving(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)
