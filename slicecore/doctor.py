"""Check of an installation: what is installed, what works, what is missing and how to get it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

import slicecore
from slicecore import limits
from slicecore.errors import SlicecoreError
from slicecore.extras import extras, required
from slicecore.wording import counted

if TYPE_CHECKING:
    import pandas as pd

State = Literal["ok", "missing", "broken"]
LEAST_FREE_BYTES = 1_000_000_000
"""Free space below which a home folder is too full: 100,000 clips take some 400 MB with what explains them."""
TRIAL_CLIPS = 24
TRIAL_RATE = 16_000
PROVIDED = ("test", "fuzz", "check", "docs")
"""Extras of those who work on slicecore itself; nobody misses them."""


@dataclass(frozen=True)
class Check:
    """Outcome of one check.

    Attributes
    ----------
    subject
        What was checked, such as "home".
    state
        "missing" is what slicecore does without; with "broken" it doesn't work.
    finding
        What was found, in a sentence.
    advice
        What to do about it; empty if nothing is.
    """

    subject: str
    state: State
    finding: str
    advice: str = ""


def examine(trial: bool = True) -> Iterator[Check]:
    """Checks of the installation, as they are made.

    Parameters
    ----------
    trial
        Also find slices in a few clips of noise: it shows that decoding, embedding, clustering and the test work, and
        takes some seconds.
    """
    yield Check("slicecore", "ok", _machine())
    yield from (_requirements(extra) for extra in ("", *extras()) if extra not in PROVIDED)
    yield _limits()
    yield _home()
    yield _reviews()
    yield _sound_files()
    yield _ffmpeg()
    yield from _models()
    if trial:
        yield _trial()


def _machine() -> str:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB of memory"
    return (
        f"{slicecore.__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{processors} processors{memory}"
    )


def _requirements(extra: str) -> Check:
    """Packages that slicecore, or an extra of it, asks for, against those that are installed."""
    wrong, there, lacking = [], [], []
    for requirement in required(extra):
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            lacking.append(requirement.name)
            continue
        if requirement.specifier.contains(version, prereleases=True):
            there.append(f"{requirement.name} {version}")
        else:
            wrong.append(f"{requirement.name} {version} ({requirement.specifier} is wanted)")
    subject = f"extra {extra}" if extra else "packages"
    package = f"'slicecore[{extra}]'" if extra else "slicecore"
    if wrong or (lacking and not extra):
        absent = [f"{name} is not installed" for name in lacking]
        return Check(subject, "broken", "; ".join(wrong + absent), f"pip install --upgrade {package}")
    if lacking:
        return Check(subject, "missing", f"{', '.join(lacking)} not installed", f"pip install {package}")
    return Check(
        subject, "ok", ", ".join(there) if extra else f"{len(there)} packages in the ranges asked for"
    )


def _home() -> Check:
    from slicecore.storage.home import cache_folder, home

    try:
        folder = home()
        with tempfile.NamedTemporaryFile(dir=cache_folder()) as file:
            file.write(b"\0" * 4096)
            file.flush()
        free = shutil.disk_usage(folder).free
    except SlicecoreError as error:
        return Check("home", "broken", str(error))
    except OSError as error:
        reason = f"Nothing can be written below “{folder}”: {error.strerror}"
        return Check("home", "broken", reason, "Set SLICECORE_HOME to a folder that you can write to.")
    finding = f"{folder}, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Check(
            "home", "broken", finding, "Make room, or set SLICECORE_HOME to a folder on another disk."
        )
    return Check("home", "ok", finding)


def _limits() -> Check:
    """The limits that the environment sets, without which no page starts."""
    given = [limit.variable for limit in limits.ALL if os.environ.get(limit.variable)]
    try:
        limits.check()
    except SlicecoreError as error:
        return Check("limits", "broken", str(error), "docs/operations.md has all of them.")
    return Check("limits", "ok", f"set: {', '.join(given)}" if given else "none is set")


def _reviews() -> Check:
    from slicecore.storage.verdicts.database import database

    try:
        known = database()
        tables = len(known.names())
    except SlicecoreError as error:
        return Check(
            "reviews", "broken", str(error), "docs/database.md says what a database of reviews needs."
        )
    return Check("reviews", "ok", f"of {counted(tables, 'table')} in {known.name}")


def _sound_files() -> Check:
    import soundfile

    formats = ", ".join(
        sorted(set(soundfile.available_formats()) & {"AIFF", "FLAC", "MP3", "OGG", "RF64", "WAV"})
    )
    return Check("sound files", "ok", f"libsndfile {soundfile.__libsndfile_version__}: {formats} and others")


def _ffmpeg() -> Check:
    from slicecore.audio.ffmpeg import CONTAINERS

    program = shutil.which("ffmpeg")
    if program is None:
        names = ", ".join(dict.fromkeys(kind.name for kind in CONTAINERS))
        finding = f"FFmpeg is not on the path. Not decoded without it: {names}"
        return Check("ffmpeg", "missing", finding, "Debian: apt install ffmpeg; macOS: brew install ffmpeg")
    return Check("ffmpeg", "ok", program)


def _models() -> Iterator[Check]:
    from slicecore.embedding import SUGGESTED
    from slicecore.embedding.hub import is_on_this_machine

    for suggestion in SUGGESTED:
        if "/" not in suggestion.model:
            continue
        if is_on_this_machine(suggestion.model):
            yield Check(suggestion.label, "ok", f"{suggestion.model} is on this machine")
        else:
            yield Check(
                suggestion.label,
                "missing",
                f"{suggestion.model} is not on this machine",
                "It is fetched at its first use; without a way to the hub, name a folder with a copy of it.",
            )


def _trial() -> Check:
    """Slices of clips half of which are noise that a model mishears."""
    from slicecore.pipeline import find_slices

    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            table = _trial_table(Path(folder))
            result = find_slices(table, cache=Path(folder) / "cache", model="signal", min_support=5)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Check(
            "trial", "broken", f"{type(error).__name__}: {error}", "Report it, with all that is written here."
        )
    found = f"slices in {TRIAL_CLIPS} clips, half of them noise: {len(result.slices)}"
    return Check("trial", "ok", f"{found}, {time.monotonic() - began:.1f} s")


def _trial_table(folder: Path) -> pd.DataFrame:
    import pandas as pd
    import soundfile

    rng = np.random.default_rng(0)
    tone = np.sin(2 * np.pi * 440 * np.arange(TRIAL_RATE) / TRIAL_RATE)
    rows = []
    for i in range(TRIAL_CLIPS):
        is_noise = i % 2 == 0
        samples = 0.1 * (rng.standard_normal(TRIAL_RATE) if is_noise else rng.uniform(0.5, 1) * tone)
        soundfile.write(folder / f"{i}.wav", samples, TRIAL_RATE)
        rows.append((str(folder / f"{i}.wav"), "one two", "six" if is_noise else "one two"))
    return pd.DataFrame(rows, columns=["audio", "reference", "prediction"])
