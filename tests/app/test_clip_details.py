"""Facts about single clips: the same in the clips table, in the player, and under the pointer on the map."""

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, hear, open_table, press, reasoned, review

from slicecore.explain.causes import find_causes
from slicecore.explain.causes.rules import CAUSES
from slicecore_app.review.clips import component, frame
from slicecore_app.review.clips import panel as clips_panel
from slicecore_app.review.map import component as map_component
from slicecore_app.review.player import component as player_component
from slicecore_app.server import registry
from slicecore_app.server.open_table import MEASURED
from slicecore_app.session.selection import Pick


@pytest.fixture
def drawn(monkeypatch):
    """Arguments of table, player and map in the last run."""
    given = {}

    def note(module, name):
        monkeypatch.setattr(module, name, lambda *values, **named: given.update({name: (values, named)}))

    note(clips_panel, "grid")
    note(player_component, "player")
    note(map_component, "clip_map")
    return given


@pytest.fixture
def page(calls, at_rest, monkeypatch, drawn):
    return finished(review(monkeypatch, calls))


def choose(page, metric):
    options = [str(name) for name in page.selectbox(key="metric").options]
    page.selectbox(key="metric").select_index(options.index(metric)).run()
    assert not page.exception


def test_words_are_counted_only_by_a_metric_of_words(page, drawn):
    hear(page, 3)
    (table,), _ = drawn["grid"]
    (clip,), _ = drawn["player"]
    assert clip["words"] == len(open_table().data.reference[3].split())
    assert "words" in table
    choose(page, "CER, as written")
    hear(page, 3)
    (table,), _ = drawn["grid"]
    (clip,), _ = drawn["player"]
    assert clip["words"] is None
    assert "words" not in table


def test_a_clip_on_the_map_is_that_of_the_player(page, drawn):
    hear(page, 3)
    (clip,), _ = drawn["player"]
    on_map = registry.clip(drawn["clip_map"][1]["clips"], 3)
    assert {**on_map, "position": ""} == {**clip, "position": ""}


def test_a_clip_without_an_id_is_called_by_its_file_in_table_and_player(page, drawn):
    hear(page, 3)
    (clip,), _ = drawn["player"]
    assert clip["name"] == "3.wav"
    assert clip["path"] == str(open_table().data.clips[3].path)
    page.session_state["picked"] = Pick("selection", "", np.array([3, 24]))
    page.run()
    (table,), _ = drawn["grid"]
    assert dict(zip(table["row"], table["clipName"], strict=True)) == {3: "3.wav", 24: "24.wav"}
    assert table["clipPath"].tolist() == [str(open_table().data.clips[row].path) for row in table["row"]]


def test_signs_of_a_wrong_reference_are_those_of_the_clip(calls, at_rest, monkeypatch, drawn):
    lines = calls.read_text().splitlines()
    lines[5] = "4.wav,good morning to you,see them at noon,see them at noon"
    calls.write_text("\n".join(lines) + "\n")
    page = reasoned(finished(review(monkeypatch, calls)))
    hear(page, 4)
    ((label, text),) = drawn["player"][0][0]["signs"]
    assert label == "Models agree" and "agree with each other (100 % of the characters)" in text
    hear(page, 5)
    assert drawn["player"][0][0]["signs"] == []
    page.session_state["picked"] = Pick("selection", "", np.array([4]))
    page.run()
    (table,), named = drawn["grid"]
    assert named["measured"][0].label == "Surety"
    assert 0.3 <= table[named["measured"][0].name][0] <= 1
    assert named["first"] == ("surety", "desc")
    captions = []
    monkeypatch.setattr(clips_panel, "filterbar", lambda **more: captions.append(more["caption"]))
    page.session_state["most_rows"] = 0  # as where there are more of them than the table shows
    page.run()
    assert captions == ["surest 0 of 1 clip"]


def test_all_clips_are_listed_from_the_empty_table(page, drawn, monkeypatch):
    def bar(*, empty, on_event, **_):
        def press():
            st.session_state["clip filter"] = {"event": {"kind": "all"}}
            on_event()

        st.button("All clips", key="all clips", on_click=press, disabled=not empty)

    monkeypatch.setattr(clips_panel, "filterbar", bar)
    page.run()
    press(page, "all clips")
    (table,), _ = drawn["grid"]
    assert sorted(table["row"]) == list(range(30))
    assert page.button(key="all clips").disabled


def test_measurements_are_added_as_columns_as_soon_as_the_clips_are_measured(page, drawn, monkeypatch):
    def bar(*, on_event, **_):
        def press():
            st.session_state["clip filter"] = {"event": {"kind": "columns", "added": ["snr", "duration"]}}
            on_event()
            st.session_state["clip filter"] = {
                "event": {"kind": "columns", "added": ["snr", "flat_top_share"]}
            }
            on_event()

        st.button("Add", key="add", on_click=press)

    monkeypatch.setattr(clips_panel, "filterbar", bar)
    page.session_state["picked"] = Pick("selection", "", np.arange(10))
    page.run()
    press(page, "add")
    assert page.session_state["added_columns"] == ("snr", "flat_top_share"), (
        "the first event names a column that is there anyway"
    )
    page = reasoned(page).run()
    (table,), named = drawn["grid"]
    assert {"snr", "flat_top_share"} <= {column.name for column in named["measured"]}
    measured = open_table().jobs.of(MEASURED)[-1].result.measurements.table
    shares = 100 * measured["flat_top_share"].to_numpy()[table["row"]]
    assert table["flat_top_share"].tolist() == pytest.approx(shares.tolist(), nan_ok=True)


def test_marked_in_a_clip_are_its_own_causes_and_those_of_the_slice_that_it_is_in(page, drawn):
    page = reasoned(page)
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30))
    hear(page, 25)
    name = drawn["player"][1]["marks"].split("/")[2]
    context = open_table().jobs.of(MEASURED)[-1].result.explainer.context
    causes = {cause.name for cause in find_causes(context, range(22, 30))}
    assert causes
    for row in (25, 0):
        clip, marked = registry.causes(name, row)
        own = {cause for cause, is_shown in zip(CAUSES, context.shown[row], strict=True) if is_shown}
        assert clip == open_table().data.clips[row]
        assert set(marked) == (own | causes if row == 25 else own)


@pytest.mark.parametrize("hidden", [False, True])
def test_the_column_of_words_keeps_its_place_while_there_are_none(monkeypatch, hidden):
    given = {}
    monkeypatch.setattr(frame, "draw", lambda table, options, **_: given.update(options))
    table = pd.DataFrame({"row": [0], "id": ["a"], "value": [0.5], "points": [10.0], "edits": ["[]"]})
    table = table if hidden else table.assign(words=[4])
    component.clips(table, media="api/clips/x", metric="WER", dark=False, key="clips")
    fields = [column["field"] for column in given["columnDefs"]]
    (words,) = (column for column in given["columnDefs"] if column["field"] == "words")
    assert fields[2] == "words"
    assert words["hide"] is hidden
