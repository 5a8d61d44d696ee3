"""Odd values of options of every command: a sentence and exit code 2, or it works; never a traceback.

The commands and their options are read from the command line itself, so that a new option is probed as well. What a
scan would do is not done: the probes are about what is asked.
"""

from __future__ import annotations

import pytest
import typer

from slicecore.cli.commands import cli
from slicecore.errors import SlicecoreError
from slicecore_app.access.configuration import use
from slicecore_app.launch import FRAMED_BY_VARIABLE, TABLES_VARIABLE, VIEW_VARIABLE

VALUES = ("nan", "-1", "9" * 30, "", "a\0b", "x" * 3000)
COMMANDS = typer.main.get_command(cli).commands
OPTIONS = [
    (name, option)
    for name, command in sorted(COMMANDS.items())
    if name != "track"  # has those of scan, after seconds of imports of MLflow
    for option in command.params
    if option.param_type_name == "option" and not option.is_flag and option.name != "help"
]
WRONG_USE = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""Error of the command line's own checks, wherever typer has it from."""


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda value: getattr(value, "name", value))
def test_a_value_without_sense_is_a_sentence(monkeypatch, tmp_path, name, option):
    """The table that is named is not there, so that whatever has sense ends with a sentence about that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("slicecore_app.launch._start_streamlit", lambda *_, **__: None)
    for variable in (TABLES_VARIABLE, VIEW_VARIABLE, FRAMED_BY_VARIABLE):  # are afterwards as they were
        monkeypatch.setenv(variable, "")
    command = COMMANDS[name]
    wanted = [each for each in command.params if each.param_type_name == "argument" and each.required]
    for value in VALUES:
        arguments = [*("nowhere.csv" for _ in wanted), f"{option.opts[0]}={value}"]
        try:
            command.main(arguments, standalone_mode=False)
        except (SlicecoreError, WRONG_USE) as error:
            assert str(getattr(error, "message", error)).strip()
        except (typer.Exit, typer.Abort):
            pass
    use(None)


def test_the_options_are_those_of_the_commands():
    assert {"scan", "gate", "embed", "probe"} <= {name for name, _ in OPTIONS}
    assert len(OPTIONS) > 100
