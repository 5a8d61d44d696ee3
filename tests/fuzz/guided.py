"""A process that runs one target under atheris: name, folder of findings, then options of libFuzzer."""

import logging
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "app"), str(ROOT / "tests"), str(ROOT / "tests" / "app")]
sys.path.remove(str(Path(__file__).parent))  # modules of this folder are those of the package `fuzz`

with atheris.instrument_imports(include=["slicecore", "slicecore_app", "soundfile", "yaml"]):
    from fuzz.engine import Findings, watched
    from fuzz.invariant import bound_memory
    from fuzz.targets import TARGETS

name, folder, *options = sys.argv[1:]
logging.getLogger("slicecore").setLevel(logging.ERROR)  # warnings about every damaged file
bound_memory()
atheris.Setup([sys.argv[0], *options], watched(TARGETS[name].run, Findings(Path(folder))))
atheris.Fuzz()
