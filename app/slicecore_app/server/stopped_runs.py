"""Runs of a page that change nothing of their session once they are told to stop.

A press while a page is being made stops that run, and the next one begins in another thread before the first has
come to its end. Streamlit (1.66 and 1.67) gives each run a lock of its own for the state of the session, so that the
two change it at the same time: a widget that the old run registers while the new one walks through all widgets is an
error on the page ("dictionary changed size during iteration"), and an old run that tidies up at its end takes back
the press for which the new one has begun.
"""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.runtime.state.session_state import SessionState

CHANGES = ("register_widget", "on_script_will_rerun", "reset_state_value", "__setitem__", "__delitem__")
"""Methods that change the state of a session, and ask before whether the run is to stop."""


def keep_stopped_runs_out() -> None:
    """Let all runs of a session share one lock, and ask again whether a run is to stop when it has the lock.

    No run holds the lock while it waits for something that another run of the session could hold: widgets are
    registered, and the state is read and written, outside the locks of this app.

    It reaches into Streamlit (tests/server/test_stopped_runs.py).
    """
    build = SafeSessionState.__init__

    @functools.wraps(build)
    def __init__(self: SafeSessionState, state: SessionState, yield_callback: Callable[[], None]) -> None:
        build(self, state, yield_callback)
        of_session = vars(state.query_params)  # the state itself takes no further attribute
        object.__setattr__(self, "_lock", of_session.setdefault("_lock_of_all_runs", threading.RLock()))

    SafeSessionState.__init__ = __init__  # type: ignore[method-assign]
    for name in CHANGES:
        setattr(SafeSessionState, name, _asking_again(getattr(SafeSessionState, name)))
    SafeSessionState.on_script_finished = _unless_stopped(  # type: ignore[method-assign]
        SafeSessionState.on_script_finished
    )


def _asking_again(change: Callable[..., Any]) -> Callable[..., Any]:
    """A change of the state that is made under the lock from its question on, whether the run is to stop."""

    @functools.wraps(change)
    def asking(self: SafeSessionState, *arguments: Any, **named: Any) -> Any:
        self._yield_callback()  # a run that is to stop doesn't wait for the next to be done with its callbacks
        with self._lock:
            return change(self, *arguments, **named)

    return asking


def _unless_stopped(tidy_up: Callable[..., None]) -> Callable[..., None]:
    """Tidying up at the end of a run, left to the next where the run was told to stop after its last line."""

    @functools.wraps(tidy_up)
    def tidying(self: SafeSessionState, *arguments: Any, **named: Any) -> None:
        runner = getattr(self._yield_callback, "__self__", None)
        with self._lock:
            if runner is None or runner._requests._state != ScriptRequestType.STOP:
                tidy_up(self, *arguments, **named)

    return tidying
