"""The app with one more embedding, `gated`: it goes on, batch by batch, as far as a file allows."""

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
        self._begun = 0

    def compute(self, prepared):
        self._begun += len(prepared)
        while self._begun > int(GATE.read_text() or 0):
            threading.Event().wait(LOOK_EVERY_S)
        return super().compute(prepared)


_open = engine.open_embedder
engine.open_embedder = lambda model, cache: GatedEmbedder() if model == "gated" else _open(model, cache)
app = st.App(NAVIGATION, routes=routes(), middleware=middleware())
