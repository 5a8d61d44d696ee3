"""Two models side by side on the page: one chosen to compare with, all by the difference, and back to one model."""

import numpy as np
import pandas as pd
import pytest
from opened_page import choose_mae, finished, open_table, review

from slicecore.storage.verdicts import name_of_comparison
from slicecore_app.review.clips import panel as clips_panel
from slicecore_app.review.head import panel as head_panel
from slicecore_app.review.player import component as player_component
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.server import sources
from slicecore_app.session.selection import Pick
from slicecore_app.session.view_file import ViewFile

HUM = list(range(22, 30))
"""Clips that the one model gets wrong; the other only the last of them."""


@pytest.fixture
def drawn(monkeypatch):
    """Arguments with which the parts of the page were drawn in the last run, by name."""
    given = {}

    def note(module, name, answer=None):
        def draw(*positional, **named):
            given[name] = (positional, named)
            return answer

        monkeypatch.setattr(module, name, draw)

    note(head_panel.component, "head")
    note(problems_panel, "problems")
    note(clips_panel, "grid")
    note(player_component, "player")
    return given


@pytest.fixture
def page(calls, monkeypatch, drawn):
    return finished(review(monkeypatch, calls))


def compare(page, with_model="prediction_large"):
    page.selectbox(key="compared").set_value(with_model).run()
    assert not page.exception
    return page


def overall(drawn):
    return drawn["head"][0][0][0]


def cards(drawn):
    return drawn["problems"][0][0]


def pick(page, drawn):
    """Look at the only problem; gives its id."""
    (card,) = cards(drawn)
    page.session_state["picked"] = Pick("slice", card.slice, np.array(HUM))
    page.run()
    assert not page.exception
    return card.slice


def verdicts():
    return open_table().verdicts()


def plain(text):
    return text.replace("\u202f", " ")


def test_the_head_names_both_models_and_goes_back_to_one(page, drawn):
    assert overall(drawn).label == "Overall WER"
    assert page.selectbox(key="compared").options == ["no other", "prediction_large"]
    compare(page)
    figure = overall(drawn)
    assert figure.label == "WER of prediction minus prediction_large"
    assert (plain(figure.value), plain(figure.note)) == ("+23.3 pts", "26.7 vs 3.3 %")
    compare(page, "")
    assert overall(drawn).label == "Overall WER"


def test_a_table_of_one_model_offers_none_to_compare_with(calls, monkeypatch, drawn):
    pd.read_csv(calls).drop(columns="prediction_large").to_csv(calls, index=False)
    page = finished(review(monkeypatch, calls))
    assert not [box for box in page.selectbox if box.key == "compared"]
    assert overall(drawn).label == "Overall WER"


def test_problems_are_where_the_model_is_worse_than_the_other(page, drawn):
    (alone,) = cards(drawn)
    compare(page)
    (card,) = cards(drawn)
    assert card.slice == alone.slice
    assert plain(card.facts) == "100 vs 13 % · 8 clips"
    assert plain(card.drop) == "+64.2 pts"
    assert card.points == pytest.approx(64.17, abs=0.01)
    # The other way round nothing is worse.
    page.selectbox(key="prediction").set_value("prediction_large").run()
    assert page.session_state["compared"] == "prediction"
    assert overall(drawn).label == "WER of prediction_large minus prediction"
    assert not cards(drawn)


def test_the_clips_have_both_predictions_and_come_by_difference(page, drawn):
    compare(page)
    pick(page, drawn)
    (table,), options = drawn["grid"]
    assert options["models"] == ("prediction", "prediction_large")
    assert table["row"].tolist()[-1] == 29  # there both are wrong
    assert table["value"].tolist() == [1.0] * 7 + [0.0]
    assert table["modelValue"].tolist() == [1.0] * 8
    assert table["otherValue"].tolist() == [0.0] * 7 + [1.0]
    assert '"equal"' in table["otherEdits"][0] and '"equal"' not in table["edits"][0]
    (clip,), _ = drawn["player"]
    assert plain(clip["value"]) == "+100 pts"
    assert clip["compared"]["models"] == ("prediction", "prediction_large")
    assert [plain(value) for value in clip["compared"]["values"]] == ["100 %", "0 %"]
    assert {kind for kind, *_ in clip["compared"]["edits"]} == {"equal"}
    compare(page, "")
    pick(page, drawn)
    assert drawn["grid"][1]["models"] is None
    assert drawn["player"][0][0]["compared"] is None


def test_a_verdict_on_the_difference_is_none_on_the_model(page, drawn):
    slice_id = pick(page, drawn)
    page.button(key="say false_positive").click().run()
    compare(page)
    assert cards(drawn)[0].verdict == ""
    pick(page, drawn)
    page.button(key="say real_issue").click().run()
    assert not page.exception
    assert verdicts().current("prediction")[slice_id].verdict == "false_positive"
    both = name_of_comparison("prediction", "prediction_large")
    assert verdicts().current(both)[slice_id].verdict == "real_issue"
    compare(page, "")
    assert cards(drawn)[0].verdict == "false_positive"


def test_a_metric_that_does_not_fit_is_a_sentence_and_the_way_back_stays(page):
    compare(page)
    choose_mae(page)
    page.selectbox(key="metric").select_index(0).run()
    assert not page.exception
    assert page.session_state["compared"] == "prediction_large"


def test_two_models_that_do_the_same_are_called_the_same(calls, monkeypatch, drawn):
    table = pd.read_csv(calls)
    table.assign(prediction_large=table["prediction"]).to_csv(calls, index=False)
    compare(finished(review(monkeypatch, calls)))
    sentence = drawn["problems"][1]["nothing"]
    assert sentence == "prediction and prediction_large have the same WER on every clip."


def test_the_summary_goes_by_the_difference(page):
    compare(page)
    page.switch_page("summary.py").run()
    assert not page.exception
    assert any("The overall WER difference is +23.3" in plain(text.value) for text in page.markdown)


def test_a_view_keeps_what_is_compared(page, calls, monkeypatch, drawn):
    compare(page)
    path = next(iter(sources.known().values())).path
    assert ViewFile(path).last()["compare"] == "prediction_large"
    again = finished(review(monkeypatch, calls))
    assert again.session_state["compared"] == "prediction_large"
    linked = review(monkeypatch, calls)
    for name, value in {"output": "prediction_large", "compare": "prediction", "drop": "5"}.items():
        linked.query_params[name] = value
    finished(linked)
    assert not linked.toast
    assert overall(drawn).label == "WER of prediction_large minus prediction"
