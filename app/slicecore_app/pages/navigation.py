"""The script that Streamlit runs: which pages there are. The pages themselves hold no logic."""

from pathlib import Path

import streamlit as st

from slicecore_app.server import warm
from slicecore_app.server.right_of_way import right_of_way

warm.wait()

from slicecore.errors import StorageError  # noqa: E402 - what these import is on its way
from slicecore.storage.home import home  # noqa: E402 - what these import is on its way
from slicecore_app.session import launch_options, session  # noqa: E402 - what these import is on its way
from slicecore_app.web import theme  # noqa: E402 - what these import is on its way
from slicecore_app.web.components import acknowledge  # noqa: E402
from slicecore_app.wording import escaped  # noqa: E402

# Streamlit sends an SVG along with the page. Any other picture is a file of its own, which is gone between two runs.
st.set_page_config(page_title="slicecore", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
theme.apply()
try:
    home()
except StorageError as error:
    st.error(escaped(str(error)))
    st.stop()
launch_options.apply()
session.start()
acknowledge(session.seq(), dark=theme.is_dark())
pages = [
    st.Page("review.py", title="Review", default=True),
    st.Page("summary.py", title="Summary", url_path="summary"),
    st.Page("models.py", title="Models", url_path="models"),
    st.Page("data.py", title="Data", url_path="data"),
]
with right_of_way.page():
    st.navigation(pages, position="hidden").run()
warm.page_is_out()
