"""The fuzzer as a command: `python tests/fuzz TARGET --minutes 10 --seed 1`; all targets one after the other: `all`.

Findings, the corpus and a log of each target go to `.fuzz/`. An input of a finding belongs, as small as it can be made,
into `tests/fuzz/corpus/<target>/`, which the tests replay.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEMORY_DISK = Path("/dev/shm")
sys.path[:0] = [str(ROOT), str(ROOT / "app"), str(ROOT / "tests"), str(ROOT / "tests" / "app")]
sys.path.remove(str(Path(__file__).parent))


def main() -> None:
    """Run targets and print what was run and found."""
    if MEMORY_DISK.is_dir():  # what is stored is forced onto the disk, which takes most of the time elsewhere
        tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY_DISK)
    os.environ["SLICECORE_HOME"] = tempfile.mkdtemp(prefix="fuzz-home-")
    logging.getLogger("slicecore").setLevel(logging.ERROR)  # warnings about every damaged file
    from fuzz import corpus, engine
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="python tests/fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--minutes", type=float, default=10, help="of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blind", action="store_true", help="by chance, also where atheris is installed")
    parser.add_argument(
        "--keep", action="store_true", help="some of the inputs by which coverage grew, for the tests"
    )
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz")
    asked = parser.parse_args()
    asked.folder.mkdir(exist_ok=True)
    guided = importlib.util.find_spec("atheris") is not None and not asked.blind
    found = 0
    for name in TARGETS if asked.target == "all" else [asked.target]:
        inputs = [*TARGETS[name].seeds(), *corpus.inputs(name)]
        run = engine.run_guided if guided else engine.run_blind
        executions, minutes = run(name, asked.minutes, asked.seed, asked.folder, inputs)
        kinds = {file.stem for file in (asked.folder / "findings" / name).glob("*.txt")}
        found += len(kinds)
        how = "guided" if guided else "by chance"
        print(
            f"{name}: {executions} executions, {minutes:.1f} min, {how}, seed {asked.seed}, {len(kinds)} findings",
            flush=True,
        )
        if asked.keep:
            print(f"{corpus.keep(name, asked.folder / 'corpus' / name)} inputs of {name} are kept")
    sys.exit(bool(found))


main()
