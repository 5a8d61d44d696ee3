"""Serves `map_page.py` with the routes of the real app. Run: `streamlit run map_app.py`."""

from pathlib import Path

import streamlit as st

from slicecore_app.server.routes import middleware, routes

app = st.App(Path(__file__).with_name("map_page.py"), routes=routes(), middleware=middleware())
