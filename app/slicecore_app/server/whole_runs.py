"""Runs of a page whose last messages reach the browser, also where a part of the page is asked for at that moment.

Streamlit (1.66 and 1.67) puts a new runner in the place of one that has ended, and throws away what the old one has
sent and the server's loop has not come to yet. A request for a part of the page (a key, the timer of a fragment) that
comes in just then costs the end of the run before: a click draws nothing, or a list is "coming" for ever. Streamlit's
issue 9921 tells of it; it was mended there for parts that the run no longer has.
"""

from __future__ import annotations

import functools
from collections import deque
from typing import TYPE_CHECKING

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

if TYPE_CHECKING:
    from streamlit.proto.ClientState_pb2 import ClientState

AGAIN_S = 0.002
"""Seconds between two looks whether the messages of a run that has ended are through."""


def keep_last_messages() -> None:
    """Let requests for a part of the page wait until the messages of a run that has ended are through.

    Requests that come after one that waits do so too: the order of a reader's moves stays.

    It reaches into Streamlit (tests/server/test_whole_runs.py).
    """
    request = AppSession.request_rerun
    waiting = "_requests_that_wait"

    def go_on(session: AppSession) -> None:
        requests: deque[ClientState | None] = vars(session)[waiting]
        while requests and not _must_wait(session, requests[0]):
            request(session, requests.popleft())
        if requests:
            session._event_loop.call_later(AGAIN_S, go_on, session)

    @functools.wraps(request)
    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        requests = vars(self).setdefault(waiting, deque())
        if requests:
            requests.append(client_state)
        elif _must_wait(self, client_state):
            requests.append(client_state)
            self._event_loop.call_soon(go_on, self)
        else:
            request(self, client_state)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def _must_wait(session: AppSession, client_state: ClientState | None) -> bool:
    """True for a part of the page while a run that has ended is still the session's own: its last event ends that."""
    runner = session._scriptrunner
    is_part = client_state is not None and bool(client_state.fragment_id)
    return is_part and runner is not None and runner._requests._state == ScriptRequestType.STOP
