"""Detection of planted groups: those that a scan finds, false slices, and other methods on the same data.

    python benchmarks/detection.py [--part planted null stability verdicts real] [--sliceguard PYTHON]
        [--table TABLE TRUTH]

Prints the tables of docs/detection.md, as Markdown. What is in them: slice_finding/generators.py says how the data is
made, slice_finding/judging.py how slices are judged. sliceguard takes part when PYTHON is that of an environment that
has it; slice_finding/prior_art.py says how to make one. TABLE and TRUTH are a data set of your own: a table that the
app reads, and a CSV file of two columns, the audio path or id of a clip and the problem planted in it.
"""

import argparse
import time
from pathlib import Path

from slice_finding import null, planted, real, stability, verdicts
from slice_finding.contest import compile_everything
from slice_finding.generators import FAMILIES
from slice_finding.planted import Seeds

PARTS = ("planted", "null", "stability", "verdicts", "real")
# HDBSCAN takes seconds at 5k and minutes at 20k, sliceguard about as long.
SEEDS = {1000: Seeds(10, 10, 10), 5000: Seeds(10, 2, 3), 20000: Seeds(2, 0, 0)}
NULL_SETS = {1000: 200, 2000: 200, 5000: 200}
LENGTH_SIZES = (1000, 2000)
STABILITY_SETS = {1000: 10, 5000: 5}
VERDICT_SETS = {1000: 60, 5000: 20}
SAMPLE_DATA = Path(__file__).parents[1] / "sample_data"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), help="all by default")
    parser.add_argument("--sizes", type=int, nargs="+", choices=list(SEEDS), default=list(SEEDS))
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--null-sets", type=int, help="data sets of each size with nothing planted")
    parser.add_argument("--sliceguard", type=Path, metavar="PYTHON", help="of an environment that has it")
    parser.add_argument(
        "--table", type=Path, nargs=2, metavar=("TABLE", "TRUTH"), action="append", default=[]
    )
    options = parser.parse_args()
    compile_everything()
    begin = time.process_time()
    if "planted" in options.part:
        _print_planted(options)
    if "null" in options.part:
        sets = {n: options.null_sets or count for n, count in NULL_SETS.items()}
        print("## Nothing planted\n\n" + null.table(sets, options.first_seed) + "\n", flush=True)
        lengths = null.table_of_lengths({n: sets[n] for n in LENGTH_SIZES}, options.first_seed)
        print("### Long and short clips\n\n" + lengths + "\n", flush=True)
    if "stability" in options.part:
        table = stability.table(STABILITY_SETS, tuple(options.families), options.first_seed)
        print("## Stability\n\n" + table + "\n", flush=True)
    if "verdicts" in options.part:
        table = verdicts.table(VERDICT_SETS, tuple(options.families), options.first_seed)
        print("## Verdicts carried over\n\n" + table + "\n", flush=True)
        clips = real.load(SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv")
        print(verdicts.table_of_recordings(clips, options.first_seed) + "\n", flush=True)
    if "real" in options.part:
        for table, truth in [(SAMPLE_DATA / "table.csv", SAMPLE_DATA / "planted.csv"), *options.table]:
            clips = real.load(table, truth)
            title = "Sample data" if table.parent == SAMPLE_DATA else "Own data"
            print(f"## {title}\n\n{real.slice_table(clips)}\n")
            print(real.method_table(clips, options.sliceguard) + "\n", flush=True)
    print(f"CPU time of this run: {time.process_time() - begin:.0f} s, without sliceguard.")


def _print_planted(options: argparse.Namespace) -> None:
    sizes = {n: SEEDS[n] for n in options.sizes}
    results = planted.contest(sizes, options.families, options.first_seed, options.sliceguard)
    print("Cells: found of 5 / slices / false / merged / again / nested / IoU, means over the data sets.")
    for n, seeds in sizes.items():
        print(
            f"{n} clips: {seeds.all} data sets, of them HDBSCAN {seeds.hdbscan}, sliceguard {seeds.sliceguard}."
        )
    for family in options.families:
        for metric in ("WER", "0/1"):
            print(f"\n## {family.capitalize()}, {metric}\n\n{results.table(family, metric, sizes)}")
    print(f"\n## CPU seconds from vectors to slices, median\n\n{results.times(sizes)}\n", flush=True)


if __name__ == "__main__":
    main()
