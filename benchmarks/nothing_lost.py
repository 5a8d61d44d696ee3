"""Losses by kill -9, a full disk, a cut network, a killed database and a clock that goes back: there are to be none.

    python benchmarks/nothing_lost.py [embedding files disk network database clock] [--kills 50] [--cut 60]

The kills of a process that writes verdicts are those of the tests of the database. A full disk is a file system of its
own, which takes a user who may mount one.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests")]

from losing.clock import clock_back  # noqa: E402
from losing.cut_network import cut_network  # noqa: E402 - the harness of the browser tests comes from beside them
from losing.full_disk import full_disk  # noqa: E402
from losing.killed_database import killed_database  # noqa: E402
from losing.kills import embedding, files  # noqa: E402
from losing.outcome import Trial  # noqa: E402

KINDS = ("embedding", "files", "disk", "network", "database", "clock")


def trials(kind: str, folder: Path, options: argparse.Namespace) -> Sequence[Trial]:
    """The trials of a kind."""
    if kind == "embedding":
        return [embedding(folder, options.kills, options.seed)]
    if kind == "files":
        return [files(folder, options.kills, options.seed)]
    if kind == "disk":
        return full_disk(folder)
    if kind == "network":
        return cut_network(folder, options.cut)
    if kind == "database":
        return killed_database(folder, options.kills)
    return [clock_back(folder)]


def main() -> None:
    """Print a line per trial; the exit code is 1 where something was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="all of them by default")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--cut", type=float, default=60, help="seconds for which the network is cut")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    held = True
    for kind in options.kinds or KINDS:
        with tempfile.TemporaryDirectory() as name:
            try:
                for trial in trials(kind, Path(name), options):
                    held &= trial.held
                    print(
                        f"{'held' if trial.held else 'LOST'}  {trial.name} ({trial.times}): {trial.seen}",
                        flush=True,
                    )
            except PermissionError as error:
                print(f"----  {kind}: {error}")
    sys.exit(not held)


if __name__ == "__main__":
    main()
