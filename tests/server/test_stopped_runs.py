"""A run that was told to stop changes nothing of its session any more."""

import threading
from types import MethodType, SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

from slicecore_app.server import stopped_runs
from slicecore_app.server.stopped_runs import keep_stopped_runs_out

OVERTAKES_S = 0.3
"""Seconds in which a run that nothing holds back would have made its change."""


@pytest.fixture
def shared(monkeypatch):
    """The state of a session whose runs share a lock."""
    for name in ("__init__", "on_script_finished", *stopped_runs.CHANGES):
        monkeypatch.setattr(SafeSessionState, name, getattr(SafeSessionState, name))
    keep_stopped_runs_out()
    return SessionState()


def widget(name, meanwhile=lambda: None):
    """A switch; `meanwhile` happens while a new run reads for the first time that it is on."""
    left = [meanwhile]

    def read(value):
        if value and left:
            left.pop()()
        return bool(value)

    return WidgetMetadata(
        id=f"$$ID-{name}-{name}", deserializer=read, serializer=bool, value_type="bool_value"
    )


def button():
    return WidgetMetadata(id="$$ID-save-save", deserializer=bool, serializer=bool, value_type="trigger_value")


def pressed(*names, kind="bool_value"):
    """States as the browser sends them: these widgets are switched on, or pressed."""
    states = WidgetStates()
    for name in names:
        state = states.widgets.add()
        state.id = f"$$ID-{name}-{name}"
        setattr(state, kind, True)
    return states


def test_a_widget_of_the_old_run_does_not_come_while_the_new_run_looks_through_all(shared):
    old, new = (SafeSessionState(shared, lambda: None) for _ in range(2))
    late = threading.Thread(target=lambda: old.register_widget(widget("late"), "late"))

    def register():
        late.start()
        late.join(OVERTAKES_S)

    for each in (widget("a", register), widget("b")):
        new.register_widget(each, each.id.rpartition("-")[2])
    new.on_script_will_rerun(pressed("a", "b"))  # without the lock: dictionary changed size during iteration
    late.join()
    assert new["a"]
    assert new["b"]
    assert "late" in new


def test_what_an_old_run_sets_after_it_was_told_to_stop_is_not_set(shared):
    is_told = threading.Event()

    def to_stop():
        if is_told.is_set():
            raise StopException

    old, new = SafeSessionState(shared, to_stop), SafeSessionState(shared, lambda: None)
    stopped = []

    def go_on():
        with pytest.raises(StopException):
            old["chosen"] = "the old slice"
        stopped.append(True)

    late = threading.Thread(target=go_on)

    def choose():
        late.start()
        late.join(OVERTAKES_S)  # it has asked whether to stop, and waits for the lock
        is_told.set()
        new["chosen"] = "the new slice"

    new.register_widget(widget("press", choose), "press")
    new.on_script_will_rerun(pressed("press"))
    late.join()
    assert stopped == [True]
    assert new["chosen"] == "the new slice"


def test_an_old_run_that_ends_leaves_the_press_for_which_the_new_one_has_begun(shared):
    runner = SimpleNamespace(_requests=ScriptRequests())
    old = SafeSessionState(shared, MethodType(lambda _: None, runner))
    new = SafeSessionState(shared, lambda: None)
    old.register_widget(button(), "save")
    runner._requests.request_stop()
    new.on_script_will_rerun(pressed("save", kind="trigger_value"))
    old.on_script_finished(frozenset())
    assert new["save"]
    new.on_script_finished(frozenset())
    assert not new["save"]


def test_runs_of_different_sessions_do_not_wait_for_each_other(shared):
    mine, other = SafeSessionState(shared, lambda: None), SafeSessionState(SessionState(), lambda: None)
    done = threading.Event()

    def meanwhile():
        def set_other():
            other["chosen"] = 1
            done.set()

        threading.Thread(target=set_other).start()
        assert done.wait(10)

    mine.register_widget(widget("press", meanwhile), "press")
    mine.on_script_will_rerun(pressed("press"))
    assert done.is_set()
    assert other["chosen"] == 1
