"""Take the pictures of docs/: every state of the screen, three widths, light and dark.

`make screenshots` takes all, `python docs/screenshots empty lasso` those of some states, and `--shown` only those that
docs/screens.md and the README show, in a fifth of the time.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "e2e"), str(ROOT / "docs" / "cases")]

import harness  # noqa: E402 - the harness of the browser tests, beside them
from pictures import Pictures  # noqa: E402
from scenes import SCENES  # noqa: E402
from states import NAMES  # noqa: E402

SHOWN = "--shown"


def main(arguments: list[str]) -> None:
    """Write `<state>-<width>-<theme>.webp` below docs/screens, and the pictures that the README shows."""
    only_shown = SHOWN in arguments
    arguments = [argument for argument in arguments if argument != SHOWN]
    if unknown := set(arguments) - set(NAMES):
        sys.exit(f"No such state: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    with tempfile.TemporaryDirectory() as folder, harness.launch() as browser:
        wanted = frozenset(arguments or NAMES)
        pictures = Pictures(ROOT / "docs", browser, Path(folder), wanted, only_shown)
        for scene, states in SCENES.items():
            if any(state.name in pictures.wanted for state in states):
                print(scene.__name__, flush=True)  # noqa: T201 - a command says where it is
                pictures.attempt(scene.__name__, partial(scene, pictures))
    if pictures.missed:
        sys.exit(f"Not taken: {', '.join(pictures.missed)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
