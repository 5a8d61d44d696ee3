"""`slicecore gate`: whether defined slices got worse, as an exit code and as files for build systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli.arguments import Definitions, Group, Means, normalisation_of
from slicecore.cli.files import require_other, write_file
from slicecore.cli.progress import ProgressBars
from slicecore.cli.table import GivenTable, with_table
from slicecore.errors import DefinitionError

if TYPE_CHECKING:
    from slicecore.gate import Gate
    from slicecore.table.dataset import Dataset
    from slicecore.transfer.definition import Definitions as Defined

_TO_TERMINAL = "-"

_Baseline = Annotated[
    Path | None,
    typer.Option(
        help="Run to compare with: a file of --save, or the folder of a scan. By default the values in the definitions."
    ),
]
_Save = Annotated[Path | None, typer.Option(help="Save this run here, as a baseline and for the history.")]
_Name = Annotated[str, typer.Option(help="Name of the version that is checked, such as a commit.")]
_Junit = Annotated[Path | None, typer.Option(help="Write the checks as JUnit XML to this file.")]
_Markdown = Annotated[
    Path | None, typer.Option(help="Write a summary in Markdown to this file; - prints it.")
]
_Json = Annotated[Path | None, typer.Option("--json", help="Write the result as JSON to this file.")]
_New = Annotated[bool, typer.Option("--new/--no-new", help="Look for new confirmed slices.")]
_Normalisation = Annotated[
    str | None,
    typer.Option(
        help="Function by which the definitions normalise texts, where it is one of your own: module:function or "
        "file.py:function."
    ),
]
_AllowSkipped = Annotated[
    bool, typer.Option("--allow-skipped", help="End with 0, not 3, where no slice could be compared.")
]


@with_table
def gate(
    table: GivenTable,
    definitions: Definitions,
    baseline: _Baseline = None,
    save: _Save = None,
    name: _Name = "",
    junit: _Junit = None,
    markdown: _Markdown = None,
    json: _Json = None,
    by: Means = None,
    new: _New = True,
    allow_skipped: _AllowSkipped = False,
    group: Group = None,
    normalisation: _Normalisation = None,
) -> None:
    """Check that no defined slice got worse. Ends with 0, or 1: worse, 2: bad input, 3: nothing could be compared."""
    from slicecore import gate as gates
    from slicecore.gate import outputs
    from slicecore.gate.checking import with_known_prediction
    from slicecore.text.own_normaliser import label_of
    from slicecore.transfer.file import load_definitions

    for given in (table.path, definitions):
        require_other(given, save, junit, json, None if str(markdown) == _TO_TERMINAL else markdown)
    # A function is known from now on by the name that the definitions have.
    wanted = None if normalisation is None else label_of(normalisation_of(normalisation))
    defined = load_definitions(definitions)
    known = label_of(defined.normalisation)
    if wanted not in (None, known):
        raise DefinitionError(
            f"{definitions} was made with the normalisation “{known}”, not “{wanted}”, and a gate compares with that "
            "only. Leave --normalisation away, or make the definitions anew."
        )
    run = None if baseline is None else gates.read_run(baseline)
    data = table.read(mean_of=defined.metric if defined.is_mean else None)
    if table.prediction is None:
        data = with_known_prediction(data, defined, run)
    with ProgressBars() as bars:
        result = gates.check(defined, data, run, name=name, by=by, group=group, progress=bars)
        if new:
            result = _with_new_slices(result, defined, data, group, bars)
    if save is not None:
        result.run.save(save)
    for path, content in ((junit, outputs.junit), (json, outputs.to_json), (markdown, outputs.markdown)):
        if path is not None:
            _write(path, content(result))
    typer.echo(outputs.text(result), err=str(markdown) == _TO_TERMINAL)
    code = result.exit_code
    raise typer.Exit(0 if code == 3 and allow_skipped else code)


def _with_new_slices(
    result: Gate, definitions: Defined, data: Dataset, group: str | None, progress: ProgressBars
) -> Gate:
    """The result with confirmed slices that nobody has defined."""
    from slicecore.gate import new_slices
    from slicecore.pipeline.confirmed import confirmed_slices

    models = [space.model for space in definitions.spaces.values() if not space.is_given]
    named, problem = confirmed_slices(
        data,
        definitions.metric,
        definitions.normalisation,
        threshold=result.run.threshold,
        is_mean=definitions.is_mean,
        higher_is_better=definitions.higher_is_better,
        models=models,
        group=group,
        progress=progress,
    )
    note = [f"New slices were looked for in metadata only. {problem}"] if problem else []
    return result.with_new_slices(new_slices(named, result.applied, result.run.costs()), note)


def _write(path: Path, content: str) -> None:
    if str(path) == _TO_TERMINAL:
        typer.echo(content, nl=False)
        return
    write_file(path, content.encode("utf-8"))
