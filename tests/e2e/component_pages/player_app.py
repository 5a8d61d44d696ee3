"""Serves `player_page.py` with the routes of the real application."""

from pathlib import Path

import streamlit as st

from slicecore_app.server.routes import middleware, routes

app = st.App(Path(__file__).with_name("player_page.py"), routes=routes(), middleware=middleware())
