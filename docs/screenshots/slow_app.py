"""The app with an embedding that takes its time, so that there is something to see of a first run."""

from __future__ import annotations

import threading

import streamlit as st

from slicecore.embedding import engine
from slicecore.embedding.signal import SignalEmbedder
from slicecore_app.server.routes import middleware, routes
from slicecore_app.start import NAVIGATION

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
engine.open_embedder = lambda model, cache: SlowEmbedder() if model == "signal" else _open(model, cache)
app = st.App(
    NAVIGATION,
    routes=routes(),
    middleware=middleware(),
)
