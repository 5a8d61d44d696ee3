"""`slicecore scan`: the slices of a table, written to a folder without a screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicecore.cli.engine import GivenEngine, with_engine
from slicecore.cli.files import require_other
from slicecore.cli.search import Search, with_search
from slicecore.errors import DefinitionError, SlicecoreError
from slicecore.relabel.tasks import LOCAL_FILES, label_studio_tasks, require_json
from slicecore.slices.options import CONFIRMED
from slicecore.storage.verdicts import place
from slicecore.storage.verdicts.records import REAL_ISSUE, VERDICTS
from slicecore.wording import UNKNOWN, clips, counted, how_many, percent, printable, significant

if TYPE_CHECKING:
    from slicecore.metrics import Costs
    from slicecore.metrics.class_errors import ClassErrors
    from slicecore.metrics.listed_words import WordRecall
    from slicecore.pipeline import Result
    from slicecore.table.dataset import Dataset

_ALL = "all"
_PRINTED_WORDS = 20
_WRONG_REFERENCES = "wrong_references"
_SLICES = "slices"

_Measurements = Annotated[
    bool, typer.Option("--measurements", help="Write the measurements of every clip to clips.csv too.")
]
_Verdicts = Annotated[
    bool,
    typer.Option(
        "--verdicts",
        help="Fill in the verdicts of the review page, and those carried over from other clips, models and tables.",
    ),
]
_Errors = Annotated[bool, typer.Option("--errors", help="Write errors.csv too, a row per wrong word.")]
_Definitions = Annotated[
    Path | None,
    typer.Option(
        help="Write definitions of slices to this YAML file, for slicecore apply and slicecore gate.",
        metavar="FILE",
    ),
]
_Define = Annotated[
    list[str] | None,
    typer.Option(
        help="Slices to define: those with a verdict (real_issue, false_positive, reference_error or unsure), or all "
        "that the scan found. real_issue by default. Can be given again."
    ),
]
_Words = Annotated[
    Path | None,
    typer.Option(
        help="Text file with words that matter, one or several in a row on each line: their recall and precision are "
        "printed, and written to words.csv.",
        metavar="FILE",
    ),
]
_WordClasses = Annotated[
    bool,
    typer.Option(
        "--word-classes",
        help="Print the error rates of numbers, names and rare words; word_classes.csv also has those of every slice.",
    ),
]
_Tasks = Annotated[
    Path | None,
    typer.Option(
        help="Write tasks for Label Studio to this JSON file, and the configuration of their project beside it.",
        metavar="FILE",
    ),
]
_TasksOf = Annotated[
    list[str] | None,
    typer.Option(
        help="Clips of the tasks: wrong_references, the probably wrong ones, which is the default; slices, those of "
        "all slices; or the id of a slice. Can be given again."
    ),
]
_TasksUrl = Annotated[
    str, typer.Option(help="Address of the table's folder for Label Studio, before the paths of recordings.")
]
_Out = Annotated[
    Path, typer.Option(help="Folder of the results: slices.csv, clips.csv, run.json and others.")
]


@with_search
@with_engine
def scan(
    engine: GivenEngine,
    search: Search,
    measurements: _Measurements = False,
    verdicts: _Verdicts = False,
    errors: _Errors = False,
    words: _Words = None,
    word_classes: _WordClasses = False,
    definitions: _Definitions = None,
    define: _Define = None,
    tasks: _Tasks = None,
    tasks_of: _TasksOf = None,
    tasks_url: _TasksUrl = LOCAL_FILES,
    out: _Out = Path("slicecore-out"),
) -> None:
    """Find the clusters of clips on which the model is clearly worse than on the whole."""
    from slicecore.metrics.listed_words import read_words
    from slicecore.pipeline import require_writable

    require_writable(out)  # before the long work, not after it
    defined = _defined(define)
    if tasks is not None:
        require_json(tasks)
    listed = read_words(words) if words else []
    result = search(measure=measurements, engine=engine)
    result.save(
        out,
        measurements=measurements,
        verdicts=verdicts,
        errors=errors,
        words=listed,
        word_classes=word_classes,
    )
    summarise(result, out)
    if listed:
        for line in _word_lines(result.word_recall(listed)):
            typer.echo(line, err=True)
    if word_classes:
        for line in _class_lines(result.word_classes()):
            typer.echo(line, err=True)
    if definitions is not None:
        _save_definitions(result, defined, definitions)
    if tasks is not None:
        _save_tasks(result, tasks_of or [_WRONG_REFERENCES], tasks, tasks_url)


def _defined(define: list[str] | None) -> tuple[str, ...] | None:
    """Verdicts of the slices to define; None for all slices. Raises DefinitionError."""
    chosen = tuple(define or (REAL_ISSUE,))
    for verdict in chosen:
        if verdict not in (*VERDICTS, _ALL):
            raise DefinitionError(
                f"“{verdict}” is no verdict. Use one of: {', '.join(VERDICTS)}; or {_ALL} for all slices of the scan."
            )
    return None if _ALL in chosen else chosen


def _save_definitions(result: Result, verdicts: tuple[str, ...] | None, path: Path) -> None:
    defined = result.definitions(verdicts)
    if not len(defined):
        if verdicts is None:
            raise DefinitionError(
                f"The scan found no slice, so {path} was not written. Lower --min-drop or --min-support."
            )
        raise DefinitionError(
            f"There is no slice with the verdict {' or '.join(verdicts)} in {place.chosen_name()}, so {path} was not "
            f"written. Judge slices on the page (slicecore run), name the database of those who did "
            f"({place.VARIABLE}), or define all that the scan found: --define {_ALL}."
        )
    defined.save(path)
    typer.echo(f"{counted(len(defined), 'slice')} defined in {path}.", err=True)


def _word_lines(words: Sequence[WordRecall]) -> Iterator[str]:
    """The worst of the words that matter, with their counts."""
    for word in words[:_PRINTED_WORDS]:
        recall = _share_of(word.recognised, word.in_references, word.recall_interval)
        precision = _share_of(word.recognised, word.in_predictions, word.precision_interval)
        yield f"“{printable(word.word)}”: recall {recall}, precision {precision}"
    if len(words) > _PRINTED_WORDS:
        yield f"{len(words) - _PRINTED_WORDS:,} more words in words.csv."


def _class_lines(classes: Sequence[ClassErrors]) -> Iterator[str]:
    """The classes of words with their error rates."""
    for each in classes:
        if each.unknown:
            yield f"{each.label}: unknown, {each.unknown}"
        elif each.words:
            rate = _share_of(each.errors, each.words, each.interval)
            of_all = f", {percent(each.share)} of all errors" if each.errors else ""
            yield f"{each.label}: {rate} wrong{of_all}"


def _share_of(count: int, of: int, interval: tuple[float, float]) -> str:
    if not of:
        return UNKNOWN
    low, high = map(percent, interval)
    return f"{percent(count / of)} ({count:,} of {of:,}; {low} to {high})"


def _save_tasks(result: Result, groups: list[str], path: Path, url: str) -> None:
    rows = list(dict.fromkeys(row for group in groups for row in _rows_of(result, group)))
    if not rows:
        typer.echo(f"There are no clips of {' or '.join(groups)}, so {path} was not written.", err=True)
        return
    if result.data.path is not None:
        require_other(result.data.path, path)
    made = label_studio_tasks(result.data, rows, url=url)
    config = made.save(path)
    left_out = f"; {clips(len(made.silent))} without a recording left out" if made.silent else ""
    typer.echo(
        f"{counted(len(made.tasks), 'task')} for Label Studio in {path}, configuration in {config}{left_out}.",
        err=True,
    )


def _rows_of(result: Result, group: str) -> list[int]:
    """Rows of the clips of a slice or of a list. Raises SlicecoreError."""
    if group == _WRONG_REFERENCES:
        if result.wrong_references is None:
            raise SlicecoreError("Wrong references are looked for with --explain only.")
        return [wrong.row for wrong in result.wrong_references]
    members = {slice_.id: slice_.members.tolist() for slice_ in result.all_slices}
    if group == _SLICES:
        return list(dict.fromkeys(row for rows in members.values() for row in rows))
    if group not in members:
        raise SlicecoreError(
            f"There is no slice “{group}”. Give {_WRONG_REFERENCES}, {_SLICES} or an id of slices.csv (--tasks-of)."
        )
    return members[group]


def summarise(result: Result, out: Path) -> None:
    """Print on stderr how many clips have no embedding, which are copies, whose they are, and what was found."""
    from slicecore.metrics.transcripts import empty_references
    from slicecore.pipeline import reasons_without_vector
    from slicecore.slices.copies import copies_text
    from slicecore.slices.empty_scan import nearest_miss, no_clusters, why_empty
    from slicecore.slices.sharing import shared_text

    count, scan = len(result.data), result.scan
    missing = len(reasons_without_vector(result.embeddings))
    if missing:
        verb = "has" if missing == 1 else "have"
        where = " in at least one of the models" if len(result.embeddings) > 1 else ""
        typer.echo(
            f"{missing} of {count} clips {verb} no embedding{where}; run.json lists the reasons.", err=True
        )
    without = "" if scan.has_clusters else no_clusters(result.data)
    missed = nearest_miss(scan) if not scan.slices and why_empty(scan) in ("thresholds", "chance") else ""
    known = (copies_text(result.scanner.copies), _groups(result), shared_text(scan))
    for sentence in (empty_references(scan.costs.model_costs), without, *known, missed):
        if sentence:
            typer.echo(sentence.replace("\u202f", " "), err=True)  # a terminal is searched with plain spaces
    if result.threshold is not None:
        typer.echo(_detected(result.data, result.threshold), err=True)
    extra = "extra " if result.compared_with else ""
    of_errors = (
        f" with {percent(scan.explained)} of the {extra}errors" if scan.has_clusters else " over metadata"
    )
    slices = result.all_slices
    confirmed = sum(slice_.tier == CONFIRMED for slice_ in slices)
    tested = f", {how_many(confirmed, len(slices), 'confirmed')}" if scan.options.shuffles else ""
    found = f"{counted(len(slices), 'slice')}{of_errors}{tested}, written" if slices else "no slices. Written"
    typer.echo(
        f"{scan.costs.name} {_worded(scan.overall, scan.costs)} over {clips(count)}; {found} to {out}.",
        err=True,
    )


def _detected(data: Dataset, threshold: float) -> str:
    """False accepts and false rejects at a threshold."""
    from slicecore.metrics import DetectionTable

    scores = DetectionTable(data.reference, data.prediction)
    rates = scores.rates(threshold)
    by_default = " (equal error rate)" if threshold == scores.equal_error_threshold else ""
    accepts = _share_of(rates.false_accepts, rates.nontargets, rates.false_accept_interval)
    rejects = _share_of(rates.false_rejects, rates.targets, rates.false_reject_interval)
    return (
        f"Threshold {significant(threshold)}{by_default}: false accepts {accepts}, false rejects {rejects}."
    )


def _groups(result: Result) -> str:
    """Groups that the clips come in, and the number of slices that are of one group; "" without groups."""
    groups = result.scanner.groups
    if groups is None:
        return ""
    of_one = sum(slice_.groups is not None and slice_.groups.is_one for slice_ in result.all_slices)
    verb = "slice is" if of_one == 1 else "slices are"
    ones = f"; {of_one} {verb} of one {groups.noun}" if of_one else ""
    return f"The clips are of {len(groups.names):,} {groups.noun}s ({result.group}){ones}."


def _worded(value: float, costs: Costs) -> str:
    """A value in words: "28.6 %" for a rate, "+2.3 pts (14.2 % vs. 11.9 %)" for a difference."""
    if math.isnan(value):
        return "has no value"
    both = " vs. ".join(model.value_text(model.value()) for _, model in costs.compared)
    text = f"{costs.value_text(value)} ({both})" if both else costs.value_text(value)
    return text.replace("\u202f", " ")  # a terminal is searched with plain spaces
