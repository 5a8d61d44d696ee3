"""Folder and tables of a server under test: the sample data, or tables of invented calls."""

import json
import os
from pathlib import Path

from page.invented_calls import write_calls
from slicecore.storage.verdicts.views import LAST, save_view
from slicecore_app.heaps import HEAPS
from slicecore_app.launch import TABLES_VARIABLE


def workplace(folder: Path, clips: int | None, tables: int = 1) -> dict[str, str]:
    """The environment of a server on the sample data, or on tables of so many invented calls with their vectors.

    What is in the folder from the last time is used again.
    """
    # The servers are started by `streamlit run`, which has threads before the page can say what `slicecore run` says.
    heaps = {"MALLOC_ARENA_MAX": str(HEAPS)}
    environment = {"SLICECORE_HOME": str(folder / "home"), "PYTHONDONTWRITEBYTECODE": "", **heaps}
    if clips is None:
        return environment
    paths = [_calls(folder, number, clips, environment) for number in range(tables)]
    return environment | {TABLES_VARIABLE: json.dumps([str(path) for path in paths])}


def _calls(folder: Path, number: int, clips: int, environment: dict[str, str]) -> Path:
    calls = folder / f"calls{number or ''}"
    if not calls.exists():
        calls.mkdir()
        table, vectors = write_calls(calls, clips, seed=number)
        os.environ.update(environment)
        save_view(table, LAST, {"embedding": str(vectors)})  # as if it had been left so
    return calls / "table.csv"
