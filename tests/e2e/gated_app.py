"""The app with one more embedding, `gated`: it goes on by as many clips as a file allows."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import streamlit as st

from slicecore.embedding import engine
from slicecore.embedding.signal import SignalEmbedder
from slicecore_app.server.routes import middleware, routes
from slicecore_app.start import NAVIGATION

ROOT = Path(__file__).parents[2]
GATE = Path(os.environ["GATE"])
LOOK_EVERY_S = 0.05


class GatedEmbedder(SignalEmbedder):
    """`signal` under another name, a few clips at a time."""

    key = "gated"
    batch = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = 0

    def prepare(self, samples):
        with self._lock:
            self._begun += 1
            number = self._begun
        while number > int(GATE.read_text() or 0):
            threading.Event().wait(LOOK_EVERY_S)
        return super().prepare(samples)


_open = engine.open_embedder
engine.open_embedder = lambda model, cache: GatedEmbedder() if model == "gated" else _open(model, cache)
app = st.App(NAVIGATION, routes=routes(), middleware=middleware())
