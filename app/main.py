"""The server: Streamlit with our own routes beside it. Started by `streamlit run app/main.py` or `slicecore run`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from app import warm
from app.server import middleware, routes


@asynccontextmanager
async def _lifespan(app: st.App) -> AsyncIterator[None]:
    warm.begin()  # not before: AgGrid's component has to find a server that runs
    yield


app = st.App(
    Path(__file__).with_name("navigation.py"), routes=routes(), middleware=middleware(), lifespan=_lifespan
)
