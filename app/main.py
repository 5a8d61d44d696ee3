"""The launcher: `streamlit run app/main.py` starts the server, and so does `slicecore run`."""

import streamlit as st

from slicecore_app.heaps import share_heap
from slicecore_app.server.half_requests import drop_half_requests
from slicecore_app.server.routes import middleware, routes
from slicecore_app.server.stopped_runs import keep_stopped_runs_out
from slicecore_app.server.whole_runs import keep_last_messages
from slicecore_app.start import NAVIGATION, keep_module_path, lifespan, without_discovery, without_lookup

share_heap()
keep_module_path()
without_discovery()
without_lookup()
drop_half_requests()
keep_last_messages()
keep_stopped_runs_out()
app = st.App(NAVIGATION, routes=routes(), middleware=middleware(), lifespan=lifespan)
