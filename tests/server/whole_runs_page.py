"""A page that is asked for a part at the very moment at which its run has ended and nothing of it is sent yet."""

import threading

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

LAST = "the last words of the run"


@st.fragment
def part():
    st.text("part")


part()
if "asked" not in st.session_state:
    st.session_state.asked = True
    context, runner = get_script_run_ctx(), threading.current_thread()
    session = get_instance()._session_mgr.get_active_session_info(context.session_id).session
    fragment = next(iter(context.shared.new_fragment_ids.snapshot()))

    def ask():
        runner.join()  # the run is over, and what it says below waits behind this
        session.request_rerun(ClientState(fragment_id=fragment))

    session._event_loop.call_soon_threadsafe(ask)
    st.text(LAST)
