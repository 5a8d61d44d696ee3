"""The life of the server process, and the script that Streamlit runs for every page."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from slicecore_app.server import warm

SWITCH_INTERVAL_S = 0.0005
"""How long a page waits for the interpreter while a job computes. Python's default, 5 ms, many times over is a slow
page."""
NAVIGATION = Path(__file__).parents[1] / "pages" / "navigation.py"
"""The script of all pages."""


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    warm.start()  # not before: AgGrid's component has to find a server that runs
    yield
