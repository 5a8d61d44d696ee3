"""The server: Streamlit with our own routes beside it. Started by `streamlit run app/main.py` or `slicecore run`."""

from pathlib import Path

import streamlit as st

from app.server import middleware, routes

app = st.App(Path(__file__).with_name("navigation.py"), routes=routes(), middleware=middleware())
