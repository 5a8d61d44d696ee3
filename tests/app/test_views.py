"""Views: kept over a restart and under a name, and carried by the address; nothing in an address is trusted."""

import json
import threading

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from opened_page import WAIT_S, finished, labelled, open_table, review, unwritable

from slicecore.embedding import SUGGESTED, Suggestion
from slicecore.errors import StorageError
from slicecore.slices.condition import Condition
from slicecore.slices.options import Options
from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import database
from slicecore.storage.verdicts.place import default_file
from slicecore.tallies import tally
from slicecore_app.server import open_table as open_table_module
from slicecore_app.server import sources
from slicecore_app.server.metrics_offered import MetricChoice
from slicecore_app.session import embedding_choice, settings, views
from slicecore_app.session.view_file import ViewFile
from slicecore_app.start import prepare_first_table


@pytest.fixture
def start(calls, monkeypatch):
    """A new session on the table, with an address."""

    def started(**parameters):
        page = review(monkeypatch, calls)
        for name, value in parameters.items():
            page.query_params[name] = value
        finished(page)
        assert not page.exception
        return page

    return started


def view_file():
    return ViewFile(next(iter(sources.known().values())).path)


def chosen(page):
    return {name: page.session_state[name] for name in settings.BY_NAME}


def test_a_restart_opens_the_view_as_it_was_left(start):
    page = start()
    page.session_state["min_drop"] = 35
    page.session_state["min_support"] = 8
    page.selectbox(key="prediction").select("prediction_large")
    page.session_state["sort"] = "drop"
    page.session_state["filter"] = "morning"
    page.session_state["conditions"] = (
        Condition("WER", "between", (10.0, 50.0)),
        Condition("errors", "is one of", (1.0, 4.0)),
    )
    page.session_state["panels"] = "map"
    page.session_state["part_of_map"] = "0.25,0.75,3.5"
    page.session_state["order_of_clips"] = "duration desc"
    page.session_state["hidden_columns"] = '["duration","snr"]'
    page.run()
    before = chosen(page)
    assert (before["min_drop"], before["min_support"], before["prediction"]) == (35, 8, "prediction_large")
    assert chosen(start()) == before


def test_the_scan_of_the_view_as_it_was_left_is_ready_before_the_first_page(start):
    start()
    left = {"drop": "35", "support": "8", "relative": "1", "most": "50", "tier": "no tier", "groups": "none"}
    view_file().leave(view_file().last() | left)
    prepare_first_table()
    scans = tally("scans")
    page = start()
    assert (page.session_state["min_drop"], page.session_state["relative"]) == (35, True)
    assert tally("scans") == scans > 0


def test_an_address_opens_its_view_rather_than_the_one_that_was_left(start):
    page = start()
    page.session_state["min_drop"] = 35
    page.run()
    page = start(
        **{"drop": "20", "support": "6", "output": "prediction_large", "metric": "cer.none", "sort": "drop"},
        **{"find": "good", "where": json.dumps([["CER", "≥", 5]]), "against": "rest"},
    )
    assert page.session_state["min_drop"] == 20
    assert page.session_state["min_support"] == 6
    assert page.selectbox(key="prediction").value == "prediction_large"
    assert page.selectbox(key="metric").value.metric == "cer"
    assert page.session_state["sort"] == "drop"
    assert page.session_state["against"] == "rest"
    assert page.session_state["filter"] == "good"
    assert page.session_state["conditions"] == (Condition("CER", "≥", 5.0),)
    # A value that an address does not name is as it would be without any view.
    assert start(support="6").session_state["min_drop"] == 10
    assert not page.toast


BAD = {
    "drop": ["101", "-1", "nan", "inf", "x", "1e9"],
    "support": ["3.5", "99999", "-5", "x"],
    "embedding": ["/etc/passwd", "evil/model", ""],
    "output": ["sentence", "__class__", ""],
    "compare": ["prediction", "sentence", ""],
    "metric": ["wer", "wer.french", "os.system"],
    "sort": ["members", "__init__"],
    "against": ["x"],
    "most": ["-1", "0", "7.5"],
    "find": ["a" * 501, "a\nb"],
    "where": [
        "x",
        "{}",
        '[["gone","=","x"]]',
        '[["WER","≥","x"]]',
        '[["WER","<>",1]]',
        "[1]",
        '[["WER","≥",null]]',
        "[" * 1900,
    ],
    "slice": ["../../x", "0" * 13, "g" * 12],
    "panels": ["both", "x"],
    "level": ["../1", "0-1-x", "0" * 13],
    "map": ["x", "0.5,0.5", "nan,0.5,1", "0.5,inf,1", "9,0.5,1", "0.5,0.5,401", "0.5,0.5,-1", "1,2,3,4"],
    "order": ["duration", "duration up", "gone desc", "__class__ asc", " desc"],
    "add": ["x", "loudness,loudness", "loudness,gone", "words"],
    "hide": ["x", "{}", "[1]", '["gone"]', "[" * 1900],
}


@pytest.mark.parametrize("turn", range(max(map(len, BAD.values()))))
def test_what_does_not_fit_in_an_address_is_left_out_and_named_in_one_line(start, turn):
    address = {name: values[turn] for name, values in BAD.items() if turn < len(values)}
    page = start(**address)
    (toast,) = page.toast
    assert all(name in toast.value for name in address)
    assert page.session_state["min_drop"] == 10
    assert page.session_state["min_support"] == 5
    assert page.session_state["model"] == "signal"
    assert page.session_state["conditions"] == ()
    assert page.session_state["filter"] == ""
    assert page.session_state["added_columns"] == ()
    assert page.session_state["compared"] == ""
    assert {page.session_state[part.name] for part in settings.LAYOUT} == {""}


def test_what_does_not_fit_in_a_saved_view_is_named_once(start, calls):
    ViewFile(calls).save("Old one", {"drop": "35", "order": "gone desc"})
    page = start()
    next(button for button in page.button if button.label == "Old one").click().run()
    assert page.session_state["min_drop"] == 35
    (toast,) = page.toast
    assert "order no longer fits this table" in toast.value
    page.run()  # as when the map has its places
    assert page.session_state["min_drop"] == 35
    assert not page.toast, "the browser shows it as long as it lasts"


def test_an_address_names_the_slice_that_is_picked(start):
    page = start()
    analysis = open_table().analysis("signal").result
    slice_ = (
        open_table()
        .scanner("signal", "prediction", MetricChoice("wer", "basic"), analysis)
        .scan(Options(5, 0.1))
        .slices[0]
    )
    assert start(slice=slice_.id).session_state["picked"].key == slice_.id
    page = start(slice="0" * 12)
    assert page.session_state["picked"] is None
    assert "not among" in page.toast[0].value


def test_a_drop_between_the_steps_of_the_slider_is_restored_as_it_was(start):
    """A way out may lower it so far."""
    page = start()
    page.session_state["relative"] = True
    page.session_state["min_drop"] = 3
    page.run()
    assert start().session_state["min_drop"] == 3
    assert start(relative="1", drop="3").session_state["min_drop"] == 3


def test_a_drop_of_a_metric_in_its_own_unit_is_restored_to_the_last_digit(calls, start):
    table = pd.read_csv(calls)
    table.assign(sentence="3", prediction=[3.1] * 22 + [4.7] * 8, prediction_large=3).to_csv(
        calls, index=False
    )
    page = start(metric="mae.basic")
    just_below = float(np.nextafter(0.9, 0))
    page.session_state["min_drop"] = just_below
    page.run()
    assert not page.exception
    assert start().session_state["min_drop"] == just_below


def test_a_reload_of_the_summary_goes_by_the_view_that_was_left(calls, monkeypatch, start):
    page = start()
    page.session_state["min_drop"] = 35
    page.run()
    again = review(monkeypatch, calls)
    again.switch_page("summary.py").run()
    assert not again.exception
    assert again.session_state["min_drop"] == 35


def test_an_open_cluster_that_is_gone_is_reported(start):
    page = start()
    job = open_table().analysis("signal")
    cluster = f"0-{len(job.result.hierarchy.trees[0].parent) - 1}"  # the root
    page = start(level=cluster)
    assert page.session_state["open_cluster"] == cluster
    assert not page.toast
    page = start(level="0-99999", order="nothing asc")
    assert page.session_state["open_cluster"] == ""
    (toast,) = page.toast
    assert "order" in toast.value
    assert "is not among those" in toast.value


def test_a_view_is_saved_under_a_name_opened_and_removed(start):
    page = start()
    page.session_state["min_drop"] = 35
    page.run()
    page.text_input(key="view name").set_value(" Worst calls ")
    labelled(page, "Save this view").click().run()
    assert list(view_file().named()) == ["Worst calls"]
    page.session_state["min_drop"] = 10
    page.run()
    page = start()
    page.button(key="open view Worst calls").click().run()
    assert not page.exception
    assert page.session_state["min_drop"] == 35
    page.button(key="remove view Worst calls").click().run()
    assert view_file().named() == {}
    assert page.session_state["min_drop"] == 35


@pytest.fixture
def other(calls, monkeypatch):
    """An embedding that may be chosen and was never made: vectors in a file; and what lets it be made."""
    vectors = calls.parent / "other.npy"
    np.save(vectors, np.random.default_rng(0).normal(size=(30, 4)))
    gate, analyse = threading.Event(), open_table_module.analyse

    def gated(data, model, **how):
        assert model == "signal" or gate.wait(WAIT_S)
        return analyse(data, model, **how)

    monkeypatch.setattr(open_table_module, "analyse", gated)
    monkeypatch.setattr(embedding_choice, "CHOSEN_S", 0.05)
    monkeypatch.setattr(views, "SUGGESTED", (*SUGGESTED, Suggestion(str(vectors), "Other")))
    yield str(vectors), gate
    gate.set()


def ready(other):
    job = open_table().analysis(other)
    assert job.ended.wait(WAIT_S)
    assert job.state == "done"


def strip(page):
    return " ".join(text.value for text in page.text)


def test_a_view_whose_embedding_is_not_there_opens_when_it_is(start, other):
    model, gate = other
    page = start()
    view_file().save("Elsewhere", {"embedding": model, "drop": "35", "panels": "map"})
    page.run()
    page.button(key="open view Elsewhere").click().run()
    assert "The view “Elsewhere” waits for" in strip(page)
    assert page.session_state["model"] == page.selectbox(key="embedding").value == "signal"
    assert page.session_state["min_drop"] == 10
    assert view_file().last()["embedding"] == "signal"
    gate.set()
    ready(model)
    page.run()
    assert "to open the view “Elsewhere”" in strip(page)
    assert page.session_state["model"] == "signal"  # until the reader wants it
    labelled(page, "Show it").click().run()
    assert not page.exception
    assert page.session_state["model"] == page.selectbox(key="embedding").value == model
    assert page.session_state["min_drop"] == 35
    assert page.session_state["panels"] == "map"
    assert "Elsewhere" not in strip(page)


def test_a_link_whose_embedding_is_not_there_waits_beside_the_page_as_it_was_left(start, other):
    model, gate = other
    page = start()
    page.session_state["min_drop"] = 20
    page.run()
    link = {"embedding": model, "drop": "35", "sort": "drop"}
    page = start(**link)
    assert "The linked view waits for" in strip(page)
    assert page.session_state["model"] == "signal"
    assert page.session_state["min_drop"] == 20
    # A reload waits again.
    page = start(**link)
    assert "The linked view waits for" in strip(page)
    gate.set()
    ready(model)
    page.run()
    labelled(page, "Show it").click().run()
    assert page.session_state["model"] == model
    assert page.session_state["min_drop"] == 35
    assert page.session_state["sort"] == "drop"
    assert not page.exception


def test_another_view_takes_the_place_of_one_that_waits(start, other):
    model, gate = other
    page = start()
    view_file().save("Elsewhere", {"embedding": model, "drop": "35"})
    view_file().save("Here", {"embedding": "signal", "drop": "15"})
    page.run()
    page.button(key="open view Elsewhere").click().run()
    page.button(key="open view Here").click().run()
    assert page.session_state["min_drop"] == 15
    assert "Elsewhere" not in strip(page)
    gate.set()
    ready(model)
    page.run()
    labelled(page, "Show it").click().run()
    assert page.session_state["model"] == model
    assert page.session_state["min_drop"] == 15


def test_a_damaged_view_begins_anew(start):
    page = start()
    page.session_state["min_drop"] = 35
    page.run()
    for content in (
        "{",
        "[]",
        "3",
        '{"drop": "400", "support": "x"}',
    ):
        with database().writing_all() as connection:
            connection.execute(sa.update(schema.views).values(parts=content))
        assert start().session_state["min_drop"] == 10


def test_views_that_cannot_be_written_are_an_error(start):
    page = start()
    with unwritable(default_file()):
        with pytest.raises(StorageError, match="can't be read or saved"):
            view_file().save("a", {})
        page.session_state["min_drop"] = 35
        page.run()
        assert not page.exception
