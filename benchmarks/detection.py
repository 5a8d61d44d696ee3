"""Benchmark of slice finders on clips with planted problems, for this project's scan and for methods of others.

    python benchmarks/detection.py data FOLDER                       write the data sets
    python benchmarks/detection.py run METHOD FOLDER SLICES          run a method that is built in
    python benchmarks/detection.py judge FOLDER SLICES/*.csv         print the tables
    python benchmarks/detection.py [scan] [--part null speakers copies lengths stability ...] [--table TABLE TRUTH]
        [--librispeech TABLE [--sliceline PYTHON ...] [--answers SLICES.csv ...]]

docs/benchmark.md says how to take part with a method of one's own, docs/detection.md has the tables and what they mean.
`scan` prints what is asked of this project's scan alone: nothing planted (clips of speakers, copies, clips of unequal
length among them), stability, verdicts carried over, real clips slice by slice. TABLE and TRUTH are a data set of
one's own: a table that the app reads, and a CSV file of two columns, the audio path or id of a clip and the problem
planted in it. Part "librispeech" wants a table of the study of slice_finding/librispeech.py, else it is left out.
"""

import argparse
import sys
import time
from pathlib import Path

from slice_finding import (
    answers,
    copies,
    data_set,
    joining,
    lengths,
    librispeech,
    librispeech_tables,
    null,
    planted,
    real,
    sharing,
    speakers,
    stability,
    verdicts,
)
from slice_finding.generators import FAMILIES
from slice_finding.metadata_rivals import RIVALS
from slice_finding.methods import METHODS, TITLES
from slice_finding.scoreboard import Scores

PARTS = (
    "null",
    "speakers",
    "copies",
    "lengths",
    "stability",
    "verdicts",
    "joining",
    "sharing",
    "real",
    "librispeech",
)
FIRST_SEED = 20000
"""Seeds from here on were used for no choice."""
NULL_SETS = {1000: 200, 2000: 200, 5000: 200}
CLIP_SETS = {"speakers": 100, "copies": 100, "lengths": 300}
LENGTH_SIZES = (1000, 2000)
STABILITY_SETS = {1000: 10, 5000: 5}
VERDICT_SETS = {1000: 60, 5000: 20}
JOINING_SETS, JOINING_SIZES = 20, {1000: 20, 5000: 6}
SHARING_SETS = 60
SPLITS, RIVAL_SPLITS = 100, 20
SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"


def main() -> None:
    """Run one of the four commands."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("--") and arguments[0] != "--help"):
        arguments = ["scan", *arguments]
    options = _parser().parse_args(arguments)
    options.command(options)


def write_data(options: argparse.Namespace) -> None:
    """Write the data sets of the suites."""

    def every_set():
        for suite in options.suites:
            if suite == "real":
                yield real.data_set("sample-data", real.load(*_sample_data()))
                for table, truth in options.table:
                    yield real.data_set(table.stem, real.load(table, truth))
            elif suite == "librispeech":
                speech = librispeech.Speech.read(options.librispeech)
                count = min(SPLITS, options.sets or SPLITS)
                yield from librispeech.data_sets(
                    speech, range(options.first_seed, options.first_seed + count)
                )
            else:
                yield from planted.SUITES[suite](options.sizes, options.sets, options.first_seed)

    print(f"{data_set.write(options.folder, every_set())} data sets in {options.folder}")


def run(options: argparse.Namespace) -> None:
    """Run a method on every data set."""
    method = METHODS[options.method]
    begin, files, warm = time.process_time(), {}, False
    for entry in data_set.entries(options.folder, options.only, options.each):
        data = entry.load()
        if not warm:  # what is compiled on first use is in nobody's seconds
            method(data)
            warm = True
        start = time.process_time()
        found = method(data)
        seconds = time.process_time() - start
        for name, slices in found.items():
            if name not in files:
                files[name] = answers.Answers(options.slices / f"{name}.csv")
            files[name].add(data.name, slices, seconds)
    print(
        f"{options.method}: {time.process_time() - begin:.0f} s of CPU, {', '.join(files)} in {options.slices}"
    )


def judge(options: argparse.Namespace) -> None:
    """Print a table per kind of data set, a table per method, or one of all in brief."""
    scores = Scores(options.folder, options.files, patterns=options.only, common=options.common)
    if options.by == "brief":
        print(scores.in_brief())
    elif options.by == "method":
        for name in scores.methods:
            print(f"### {TITLES.get(name, name)}\n\n{scores.by_kinds(name)}\n")
    else:
        for kind in scores.by_kind:
            print(f"### {kind[0].upper()}{kind[1:]}\n\n{scores.by_method(kind)}\n")


def scan(options: argparse.Namespace) -> None:
    """Print the tables of this project's scan alone."""
    begin = time.process_time()
    if "null" in options.part:
        sets = {n: options.null_sets or count for n, count in NULL_SETS.items()}
        print("## Nothing planted\n\n" + null.table(sets, options.first_seed) + "\n", flush=True)
        table = null.table_of_lengths({n: sets[n] for n in LENGTH_SIZES}, options.first_seed)
        print("### Long and short clips\n\n" + table + "\n", flush=True)
    of_clips = {"speakers": speakers.tables, "copies": copies.tables, "lengths": lengths.table}
    for part, tables in of_clips.items():
        if part in options.part:
            rows = tables(options.null_sets or CLIP_SETS[part], options.first_seed)
            print(f"## {part.capitalize()}\n\n{rows}\n", flush=True)
    if "stability" in options.part:
        table = stability.table(STABILITY_SETS, tuple(options.families), options.first_seed)
        print("## Stability\n\n" + table + "\n", flush=True)
    if "verdicts" in options.part:
        table = verdicts.table(VERDICT_SETS, tuple(options.families), options.first_seed)
        print("## Verdicts carried over\n\n" + table + "\n", flush=True)
        clips = real.load(*_sample_data())
        print(verdicts.table_of_recordings(clips, options.first_seed) + "\n", flush=True)
    if "joining" in options.part:
        print(
            "## One problem, one slice\n\n" + joining.hard_table(JOINING_SETS, options.first_seed) + "\n",
            flush=True,
        )
        print(joining.planted_table(JOINING_SIZES, options.families, options.first_seed) + "\n", flush=True)
        for table, truth in [_sample_data(), *options.table]:
            print(joining.real_table(real.load(table, truth)) + "\n", flush=True)
    if "sharing" in options.part:
        print(
            "## Clips of two problems\n\n" + sharing.table(SHARING_SETS, options.families, options.first_seed)
        )
        for table, truth in [_sample_data(), *options.table]:
            title = "sample data" if table.parent == SAMPLE_DATA else "own data"
            print(sharing.of_recordings(title, real.load(table, truth)), flush=True)
    if "real" in options.part:
        for table, truth in [_sample_data(), *options.table]:
            title = "Sample data" if table.parent == SAMPLE_DATA else "Own data"
            print(f"## {title}\n\n{real.slice_table(real.load(table, truth))}\n", flush=True)
    if "librispeech" in options.part and options.librispeech:
        speech = librispeech.Speech.read(options.librispeech)
        others = librispeech.Rivals(
            pythons={rival: python for rival in RIVALS if (python := getattr(options, rival))},
            answers={path.stem: answers.read(path) for path in options.answers},
        )
        splits = [
            librispeech.split(speech, options.first_seed + i, others if i < RIVAL_SPLITS else None)
            for i in range(SPLITS)
        ]
        print(f"## LibriSpeech\n\n{librispeech_tables.tables(speech, splits)}\n", flush=True)
    print(f"CPU time of this run: {time.process_time() - begin:.0f} s.")


def _sample_data() -> tuple[Path, Path]:
    return SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("data", help="write the data sets as a data folder")
    command.set_defaults(command=write_data)
    command.add_argument("folder", type=Path)
    suites = [*planted.SUITES, "real", "librispeech"]
    command.add_argument("--suites", nargs="+", choices=suites, default=list(planted.SUITES))
    command.add_argument("--sizes", type=int, nargs="+", choices=planted.SIZES, default=list(planted.SIZES))
    command.add_argument("--sets", type=int, help="at most so many data sets of each kind")
    command.add_argument("--librispeech", type=Path, metavar="TABLE", help="of the suite of this name")
    _add_seed_and_table(command)

    command = commands.add_parser("run", help="run a method that is built in")
    command.set_defaults(command=run)
    command.add_argument("method", choices=list(METHODS))
    command.add_argument("folder", type=Path)
    command.add_argument("slices", type=Path, help="folder for the files of slices")
    _add_patterns(command)
    command.add_argument("--each", type=int, help="at most so many data sets of each kind")

    command = commands.add_parser("judge", help="print the tables")
    command.set_defaults(command=judge)
    command.add_argument("folder", type=Path)
    command.add_argument("files", type=Path, nargs="+", help="files of slices, a method each")
    command.add_argument(
        "--by",
        choices=("kind", "method", "brief"),
        default="kind",
        help="a table per kind or method, or one of all",
    )
    _add_patterns(command)
    command.add_argument("--common", action="store_true", help="only sets on which all methods were run")

    command = commands.add_parser("scan", help="questions about this project's scan alone")
    command.set_defaults(command=scan)
    command.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), help="all by default")
    command.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    command.add_argument("--null-sets", type=int, help="data sets of each size with nothing planted")
    command.add_argument("--librispeech", type=Path, metavar="TABLE", help="of the part of this name")
    command.add_argument(
        "--answers", type=Path, nargs="+", default=[], help="slices of others on the data of its suite"
    )
    for rival in RIVALS:
        command.add_argument(f"--{rival}", type=Path, metavar="PYTHON", help="of an environment that has it")
    _add_seed_and_table(command)
    return parser


def _add_patterns(command: argparse.ArgumentParser) -> None:
    command.add_argument("--only", nargs="+", default=["*"], metavar="SET", help="patterns of set names")


def _add_seed_and_table(command: argparse.ArgumentParser) -> None:
    command.add_argument("--first-seed", type=int, default=FIRST_SEED)
    command.add_argument(
        "--table", type=Path, nargs=2, metavar=("TABLE", "TRUTH"), action="append", default=[]
    )


if __name__ == "__main__":
    main()
