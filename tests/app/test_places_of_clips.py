"""Places of the clips on the map, while the work that gives them ends."""

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from slicecore_app.review.map.places import places_of
from slicecore_app.session.map_layout import HNNE


class EndsMeanwhile:
    """A job that has ended when its state is looked at for the second time."""

    error = ""
    result = np.zeros((2, 2), np.float32)

    def __init__(self):
        self._states = iter(["running"])

    @property
    def state(self):
        return next(self._states, "done")


@pytest.fixture
def two_clips(monkeypatch):
    """Two clips as the map asks for them, whose layout is being made."""
    monkeypatch.setattr(st, "session_state", {"map_layout": HNNE})
    job = EndsMeanwhile()
    return SimpleNamespace(
        table=SimpleNamespace(places_job=lambda *_, **__: job),
        model="signal",
        analysis=None,
        data=range(2),
        costs=SimpleNamespace(model_costs=SimpleNamespace(unit="words")),
    )


def test_a_layout_that_ends_while_the_page_is_made_is_waited_for(two_clips):
    places = places_of(two_clips)
    assert places.job is not None  # the page is made again when it sees that it has ended
    assert "can't" not in places.meaning
    assert not places_of(two_clips).meaning
