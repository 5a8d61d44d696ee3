"""The program `slicecore`: its commands, and how it ends on an error."""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import os
import sys
import warnings
from importlib.metadata import entry_points
from typing import Annotated, TextIO

import typer

import slicecore
from slicecore import logs
from slicecore.cli import (
    apply,
    cache,
    doctor,
    embed,
    gate,
    history,
    more,
    probe,
    recipe,
    relabel,
    report,
    reviews,
    scan,
    track,
)
from slicecore.errors import SlicecoreError, TableWarning
from slicecore.work_threads import SWITCH_INTERVAL_S

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a full disk, quota or file, which any output may meet."""

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"slicecore {slicecore.__version__}")
        raise typer.Exit


_Version = Annotated[
    bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version and exit.")
]


@cli.callback()
def _program(version: _Version = False) -> None:
    """Find and review the problem slices of an audio model."""


cli.command()(scan.scan)
cli.command()(report.report)
cli.command()(track.track)
cli.command()(apply.apply)
cli.command()(more.more)
cli.command()(gate.gate)
cli.command()(history.history)
cli.command()(recipe.recipe)
cli.command()(probe.probe)
cli.command()(relabel.relabel)
cli.command()(embed.embed)
cli.command()(cache.cache)
cli.command()(reviews.backup)
cli.command()(reviews.restore)
cli.command()(reviews.export_all)
cli.command()(doctor.doctor)


def main() -> None:
    """Run the command line. Bad input ends with a sentence on stderr and exit code 2."""
    _add_commands_of_other_packages()
    warnings.showwarning = _told
    # Into a file or pipe, Windows writes in an encoding without “→” or the names of most people.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    # As it ends, Python looks for garbage among all objects several times; after a scan that takes half a second.
    atexit.register(gc.freeze)
    try:
        logs.set_up()
        cli()
    except SlicecoreError as error:
        typer.echo(f"slicecore: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        where = f"“{error.filename}”" if error.filename else "The output"
        with contextlib.suppress(OSError):
            typer.echo(f"slicecore: {where} can't be written ({error.strerror}).", err=True)
        # What Python still holds for it would be an error again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)


def _told(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Write a warning on stderr: those about tables as a sentence, others as Python does."""
    if issubclass(category, TableWarning):
        typer.echo(f"slicecore: {message}", err=True)
    else:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


def _add_commands_of_other_packages() -> None:
    """Add the commands that installed packages declare under `slicecore.commands`, such as the app's `run`.

    They are not loaded where a command of this package is called by its name.
    """
    own = {
        command.name or command.callback.__name__ for command in cli.registered_commands if command.callback
    }
    if len(sys.argv) > 1 and sys.argv[1].replace("-", "_") in own:
        return
    for entry in entry_points(group="slicecore.commands"):
        cli.command(entry.name)(entry.load())
