"""Events of the browser in Python: each is taken once, and none is lost where Streamlit ends a run halfway."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from slicecore_app.web import components


class Part:
    """A component whose script runs are called by hand."""

    def __init__(self, monkeypatch):
        self.session, self.mounted, self.taken = {}, {}, []
        self.fails = []  # what the next runs of the callback end with
        v2 = SimpleNamespace(component=lambda *args, **options: self.mounted.update)
        page = SimpleNamespace(session_state=self.session, components=SimpleNamespace(v2=v2))
        monkeypatch.setattr(components, "st", page)
        self._mount = components.component.__wrapped__("review/part/part")

    def draw(self):
        """Number of the newest event that the browser is told of."""
        self._mount(key="part", data={}, on_event_change=self._take)
        return self.mounted["data"]["heard"]

    def _take(self):
        event = self.session["part"]["event"]
        if self.fails:
            raise self.fails.pop()
        self.taken.append(event["n"])
        if event.get("picks"):
            self.session["picked"] = object()

    def send(self, **event):
        self.session["part"] = {"event": event}
        self.mounted["on_event_change"]()


@pytest.fixture
def part(monkeypatch):
    part = Part(monkeypatch)
    assert part.draw() == 0
    return part


def test_an_event_that_comes_again_is_taken_once(part):
    for _ in range(2):
        part.send(n=1)
    assert part.taken == [1]
    assert part.draw() == 1


def test_an_event_whose_run_streamlit_ends_halfway_is_taken_when_it_comes_again(part):
    part.fails.append(StopException())
    with pytest.raises(StopException):
        part.send(n=1, picks=True)
    assert part.draw() == 0  # so the browser sends it again
    part.send(n=1, picks=True)
    assert part.taken == [1]
    assert part.draw() == 1
    assert part.session["pick_number"] == 1


def test_the_latest_picks_are_known_by_their_numbers(part):
    made = []
    for number in range(1, 6):
        part.send(n=number, picks=True)
        made.append(part.session["picked"])
    assert part.session["recent_picks"] == dict(zip([3, 4, 5], made[2:], strict=True))


def test_an_event_that_fails_is_not_asked_for_again(part):
    part.fails.append(ValueError("a fault of the program"))
    with pytest.raises(ValueError, match="fault"):
        part.send(n=1)
    assert part.draw() == 1
    part.send(n=2)
    assert part.taken == [2]
