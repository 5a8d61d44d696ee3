import gc
import logging
import os
import sys
import threading
import warnings
from collections import Counter

import numpy as np
import pytest
import soundfile
from hypothesis import settings

from slicecore.embedding import signal
from slicecore.table.dataset import read
from slicecore_app.access import configuration

settings.register_profile("patient", deadline=None)  # a slow machine is no failure
settings.load_profile("patient")

# What a test leaves is looked for more seldom: all that is imported is looked through each time.
gc.set_threshold(5_000, 20, 20)

RATE = 16000


@pytest.fixture
def make_data(tmp_path):
    """A data set of short clips of noise: `make_data(count)`; the files are `clip_0.wav`, …."""

    def make(count, seconds=0.3, name="clips.csv", rows=()):
        random = np.random.default_rng(0)
        lines = ["audio,text,pred"]
        for number in range(count):
            path = tmp_path / f"clip_{number}.wav"
            if not path.exists():
                soundfile.write(path, random.normal(0, 0.02 * (number + 1), int(seconds * RATE)), RATE)
            lines.append(f"{path.name},text {number},heard")
        table = tmp_path / name
        table.write_text("\n".join([*lines, *rows]))
        return read(table)

    return make


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Nothing is written into the user's own folder."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def usual_access(monkeypatch):
    """Nothing is left of the access that another test has configured."""
    monkeypatch.delenv(configuration.TOKEN_VARIABLE, raising=False)
    configuration.use(None)


@pytest.fixture(autouse=True)
def own_environment():
    """Nothing is left of what `slicecore run` hands to its server: `monkeypatch.delenv` takes nothing back."""
    before = set(os.environ)
    yield
    for name in set(os.environ) - before:
        if name.startswith("SLICECORE_"):
            del os.environ[name]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def described(monkeypatch):
    """Counts the clips that the embedding `signal` really described, under "clips"."""
    counts = Counter()
    describe = signal.describe

    def counting(recording):
        counts["clips"] += 1
        return describe(recording)

    monkeypatch.setattr(signal, "describe", counting)
    return counts


@pytest.fixture
def restored_logs(monkeypatch):
    """Handlers and hooks are afterwards as they were; so are those of Streamlit."""
    from streamlit import logger as streamlit_logger

    for place, name in (
        (warnings, "showwarning"),
        (sys, "excepthook"),
        (threading, "excepthook"),
        (streamlit_logger, "setup_formatter"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(logger, logger.level, list(logger.handlers), logger.propagate) for logger in loggers]
    yield
    for logger, level, handlers, propagates in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.propagate = propagates
