"""The app with an embedding that takes its time, so that there is something to see of a first run."""

from __future__ import annotations

import threading
from pathlib import Path

import streamlit as st

from app.server import middleware, routes
from slicecore.embedding import engine
from slicecore.embedding.signal import SignalEmbedder

SECONDS_PER_CLIP = 0.12


class SlowEmbedder(SignalEmbedder):
    """`signal`, one clip at a time with a rest before each."""

    batch = 4

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def prepare(self, samples):
        """Rest, then do the work."""
        with self._turn:
            threading.Event().wait(SECONDS_PER_CLIP)
        return super().prepare(samples)


_open = engine.open_embedder
engine.open_embedder = lambda model: SlowEmbedder() if model == "signal" else _open(model)
app = st.App(Path(__file__).parents[2] / "app" / "navigation.py", routes=routes(), middleware=middleware())
