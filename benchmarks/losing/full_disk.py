"""A disk that is full at every write: a file system of a megabyte, filled but for a few bytes."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np

import slicecore as sc
from losing.outcome import Trial
from losing.results import two_results
from slicecore.errors import SlicecoreError
from slicecore.pipeline.cached import cached_hierarchy
from slicecore.storage.clip_store import Store
from slicecore.storage.home import home
from slicecore.storage.outcome import Outcome
from slicecore.storage.temporary_names import MARK
from slicecore_app.server import uploads
from slicecore_app.session.view_file import ViewFile

SIZE = "8m"
LEFT = (0, 4096, 16_384, 65_536)
"""Bytes that are left when a write begins."""


def full_disk(folder: Path) -> list[Trial]:
    """Each kind of write, on a disk with few bytes left. Raises PermissionError where none can be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    results = two_results(folder / "results")
    with _mounted(disk):
        return [_trial(name, disk, write, read) for name, write, read in _writes(disk, folder, results)]


Write = Callable[[int], object]
Read = Callable[[], object]


def _writes(disk: Path, folder: Path, results: list[sc.Result]) -> Iterator[tuple[str, Write, Read]]:
    """Per kind of write: what writes a first or a second state, and what reads that back."""
    table = str(results[0].data.path)
    out = disk / "out"
    yield "results of a scan", lambda at: results[at].save(out, errors=True), lambda: _contents(out)
    report = disk / "report.html"
    yield "report", lambda at: results[at].report(report), report.read_bytes
    slices = disk / "slices.yaml"
    definitions = [result.definitions(None) for result in results]
    yield "definitions", lambda at: definitions[at].save(slices), slices.read_bytes
    views = ViewFile(table)
    long = "x" * 30_000
    yield "views", lambda at: views.save("mine", {"words": f"{at}{long}"}), views.named
    upload = b"audio,text,pred\n" + b"a.wav,a,b\n" * 10_000

    def store(at: int) -> None:
        path = uploads.looked_at(f"{at}.csv", upload + b"%d" % at)
        uploads.stored(path)

    yield "upload", store, lambda: _contents(home() / "uploads") if (home() / "uploads").exists() else {}
    outcomes = {
        number.to_bytes(16, "big"): Outcome(np.full(2000, number, np.float32)) for number in range(40)
    }

    def keep(at: int) -> None:
        with Store(home() / "cache") as opened:
            opened.keep("model", dict(list(outcomes.items())[20 * at : 20 * at + 20]))

    def kept() -> list[bytes]:
        with Store(home() / "cache") as opened:
            found = opened.outcomes("model", outcomes)
        assert all((found[key].vector == outcomes[key].vector).all() for key in found)
        return sorted(found)

    yield "vectors of clips", keep, kept
    vectors = np.random.default_rng(0).normal(size=(2, 3000, 16)).astype(np.float32)
    trees = [cached_hierarchy([each], folder / "elsewhere").trees[0].order for each in vectors]

    def tree(at: int) -> None:
        made = cached_hierarchy([vectors[at]], home() / "cache")
        assert np.array_equal(made.trees[0].order, trees[at])

    yield "cached trees (a scan goes on without)", tree, lambda: tree(0)


def _trial(name: str, disk: Path, write: Write, read: Read) -> Trial:
    """Write one state with room, the next without, look at the first, then write again with room."""
    sentences, went_on, failures = [], 0, []
    for left in LEFT:
        for path in disk.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        os.environ["SLICECORE_HOME"] = str(disk / uuid.uuid4().hex)  # no file of it is open
        uploads._looked_at._results.clear()
        write(0)
        before = read()
        is_done = False
        with _filled(disk, left):
            try:
                write(1)
                is_done = True
            except SlicecoreError as error:
                sentences.append(str(error))
            except Exception as error:  # noqa: BLE001 - what is no sentence is what the trial looks for
                failures.append(f"{type(error).__name__}: {error}")
        went_on += is_done
        if not is_done and read() != before:
            failures.append(f"with {left} bytes left the state before is another")
        write(1)
        if read() == before and not is_done:
            failures.append("with room again nothing is written")
        failures += [f"left behind: {path.name}" for path in disk.rglob(f"{MARK}-*")]
    said = sentences[0].replace(str(disk), "…") if sentences else "no error"
    seen = (
        "; ".join(failures)
        if failures
        else f"{len(sentences)} × “{said[:150]}”, {went_on} × done all the same"
    )
    return Trial(f"disk full: {name}", len(LEFT), seen, not failures)


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextlib.contextmanager
def _mounted(disk: Path) -> Iterator[None]:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(disk)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PermissionError(f"no disk of its own can be mounted: {done.stderr.strip()}")
    (disk / "tmp").mkdir()
    try:
        with patch.dict(os.environ):
            yield
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextlib.contextmanager
def _filled(disk: Path, left: int) -> Iterator[None]:
    """Fill a disk but for so many bytes."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free - left)))
    try:
        yield
    finally:
        ballast.unlink()
