"""The pages without a browser: what Python puts on them, and that nothing on them is ever a traceback."""

import re
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from opened_page import (
    WAIT_S,
    as_read,
    choose_mae,
    finished,
    labelled,
    not_saved,
    open_table,
    review,
    unwritable,
)
from streamlit.runtime.state.session_state import SessionState

from slicecore import pipeline
from slicecore.embedding import SUGGESTED, Cancelled, Embeddings, Suggestion
from slicecore.filtering.columns import EMPTY
from slicecore.report.tables import reviewed_table
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore.storage.outcome import Label
from slicecore.storage.verdicts.place import VARIABLE
from slicecore_app.review import gathering, trouble
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.review.progress import panel
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.server import open_table as open_table_module
from slicecore_app.server.metrics_offered import MetricChoice
from slicecore_app.session import embedding_choice
from slicecore_app.session.selection import Pick


def test_the_table_of_the_command_line_comes_up_scanned(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    assert page.session_state["min_drop"] == 10
    assert page.selectbox(key="prediction").options == ["prediction", "prediction_large"]
    assert any("can't be decoded" in text.value for text in page.markdown)


def test_a_home_that_can_not_be_made_is_a_sentence(calls, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "file" / "home"))
    page = review(monkeypatch, calls).run()
    assert not page.exception
    assert "Set SLICECORE_HOME to a folder you can write to." in as_read(page.error[0].value)


@pytest.mark.parametrize("is_administrator", [True, False])
def test_a_database_that_is_away_at_first_is_waited_for(calls, monkeypatch, is_administrator):
    """Its address is said to those alone who can do something about it."""
    pytest.importorskip("pg8000")
    monkeypatch.setattr(trouble, "may_administer", lambda: is_administrator)
    with monkeypatch.context() as patch:
        patch.setenv(VARIABLE, "postgresql://kb:secret@database.example/reviews?unix_sock=/nowhere")
        page = finished(review(monkeypatch, calls))
        assert not page.exception and page.subheader[0].value == "What is stored can't be read"
        said = " ".join(text.value for text in page.text)
        assert "tries again" in said and "secret" not in said
        assert ("database.example" in said) == is_administrator
    page.run()
    assert not page.exception and "What is stored can't be read" not in [
        each.value for each in page.subheader
    ]


def test_the_other_model_has_its_own_scan(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.selectbox(key="prediction").select("prediction_large").run()
    assert not page.exception
    assert page.session_state["prediction"] == "prediction_large"


def test_a_choice_that_streamlit_tells_of_again_changes_nothing(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.selectbox(key="compared").select("prediction_large").run()
    page.session_state["min_drop"] = 25
    page.session_state["picked"] = Pick("cluster", "", np.arange(5))
    page.run()
    # As after a run that was cut off before it came to the widgets.
    monkeypatch.setattr(SessionState, "_widget_changed", lambda *_: True)
    page.run()
    assert not page.exception
    assert page.session_state["compared"] == "prediction_large"
    assert page.session_state["min_drop"] == 25
    assert page.session_state["picked"].rows.tolist() == [0, 1, 2, 3, 4]


def test_a_metric_that_does_not_fit_is_a_sentence(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    choose_mae(page)
    page.selectbox(key="metric").select_index(0).run()
    assert not page.exception
    assert page.session_state["min_drop"] == 10


def test_a_table_that_became_unreadable_is_a_sentence(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    calls.write_text("audio,sentence,prediction\n1.wav,a\n")
    page.run()
    assert not page.exception
    assert any("Row 2" in text.value for text in page.text)


def test_a_table_that_changes_during_a_run_is_the_old_one_until_the_next(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    gather, results = gathering.gather, []

    def saved_meanwhile(*args):
        if not results:
            calls.write_text(calls.read_text().replace("so long", "good morning to you"))
        results.append(gather(*args))
        return results[-1]

    monkeypatch.setattr(gathering, "gather", saved_meanwhile)
    page.session_state["min_support"] = 7  # costs and vectors of this run are put together anew
    page.session_state["prediction"] = "prediction_large"
    page.run()
    assert results[0].costs.numerator.sum() > 0
    finished(page)
    page.run()
    assert results[-1].costs.numerator.sum() == 0
    assert not page.exception


def test_a_model_that_cannot_be_had_is_a_sentence_with_a_way_back(calls, monkeypatch):
    page = review(monkeypatch, calls)
    page.session_state["model"] = str(calls.parent / "no-such-model")
    page.run()
    job = open_table().analysis(page.session_state["model"])
    assert job.ended.wait(WAIT_S)
    page.run()
    assert not page.exception
    assert "This embedding can't be made" in [heading.value for heading in page.subheader]
    back = next(button for button in page.button if button.label.startswith("Use "))
    back.click().run()
    assert page.session_state["model"] == "signal"


def test_the_first_run_shows_progress_can_be_cancelled_and_goes_on(calls, monkeypatch):
    release = threading.Event()

    def slow(data, model, *, progress, cancel, **options):
        progress(pipeline.EMBEDDING, 12, len(data))
        started.set()
        while not release.wait(0.01):
            if cancel.is_set():
                raise Cancelled
        return pipeline.analyse(data, model, progress=progress, cancel=cancel, **options)

    started, drawn = threading.Event(), []
    monkeypatch.setattr(open_table_module, "analyse", slow)
    monkeypatch.setattr(
        panel, "embedding_steps", lambda title, text, items, **_: drawn.append((title, items))
    )
    page = review(monkeypatch, calls).run()
    assert started.wait(WAIT_S)
    page.run()
    assert not page.exception
    title, steps = drawn[-1]
    assert title == "Preparing 30 clips"
    assert [step.state for step in steps] == ["done", "done", "now", "ahead", "ahead"]
    assert steps[2].share == 12 / 30
    assert any("Cancelling keeps the 12 clips" in text.value for text in page.caption)
    labelled(page, "Cancel").click().run()
    job = open_table().analysis("signal")
    assert job.ended.wait(WAIT_S)
    page.run()
    assert "Cancelled" in [heading.value for heading in page.subheader]
    assert any("The 12 clips that are done are kept" in text.value for text in page.markdown)
    release.set()
    labelled(page, "Go on").click()
    finished(page)
    assert not page.exception
    assert page.session_state["min_drop"] == 10


def test_an_embedding_that_is_made_between_two_looks_at_it_is_no_failure(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    start, states = open_table_module.OpenTable.analysis_job, iter(["running"])

    class Seen:
        """A job that is over since the page asked for the first time."""

        state = property(lambda self: next(states, self._job.state))

        def __init__(self, job):
            self._job = job

        def __getattr__(self, name):
            return getattr(self._job, name)

    monkeypatch.setattr(
        open_table_module.OpenTable,
        "analysis_job",
        lambda self, *args, **more: Seen(start(self, *args, **more)),
    )
    page.run()
    assert next(states, None) is None
    assert "This embedding can't be made" not in [heading.value for heading in page.subheader]
    assert not page.exception


def test_a_verdict_that_cannot_be_saved_says_so_and_the_page_goes_on(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    analysed = open_table().analysis("signal").result
    rows = np.arange(22, 30)
    scan = Scanner(
        analysed.hierarchy,
        open_table().scoring.costs("prediction", MetricChoice("wer", "basic")),
        ids=analysed.data.ids,
    ).scan(Options(5, 0.1))
    slice_ = next(slice_ for slice_ in scan.slices if set(slice_.members) <= set(rows))
    page.session_state["picked"] = Pick("slice", slice_.id, slice_.members, slice_)
    page.run()
    with unwritable(open_table().verdicts().database.file):
        page.button(key="say real_issue").click().run()
        assert not page.exception
        assert "can't be" in not_saved(page)[1]
        page.run()  # as the reasons do when they are there
    assert not any("can't go on" in text.value for text in [*page.markdown, *page.subheader, *page.text])
    assert page.session_state["picked"].key == slice_.id


def hum(page):
    """Pick the slice of the hum that the calls have; gives it."""
    analysed = open_table().analysis("signal").result
    costs = open_table().scoring.costs("prediction", MetricChoice("wer", "basic"))
    (slice_,) = Scanner(analysed.hierarchy, costs, ids=analysed.data.ids).scan(Options(5, 0.1)).slices
    page.session_state["picked"] = Pick("slice", slice_.id, slice_.members, slice_)
    page.run()
    return slice_


def offer(monkeypatch, model):
    """Let the head offer a model: AppTest can't type one."""
    monkeypatch.setattr(embedding_choice, "SUGGESTED", (*SUGGESTED, Suggestion(model, "Other")))


def choose(page, model):
    """Choose an embedding in the head, and wait until it is there or has failed."""
    page.selectbox(key="embedding").set_value(model).run()
    job = open_table().analysis(model)
    assert job.ended.wait(WAIT_S)
    page.run()
    # On a slow machine it is not there at once.
    for button in [button for button in page.button if button.label == "Show it"]:
        button.click().run()
    assert not page.exception
    return job


def test_an_embedding_that_cannot_be_had_leaves_the_page_with_the_one_it_has(calls, monkeypatch):
    missing = str(calls.parent / "no such model")
    offer(monkeypatch, missing)
    page = finished(review(monkeypatch, calls))
    slice_ = hum(page)
    job = choose(page, missing)
    assert job.state == "failed"
    assert job.error in [text.value for text in page.text]
    assert page.session_state["model"] == page.selectbox(key="embedding").value == "signal"
    assert page.session_state["picked"].key == slice_.id
    labelled(page, "Dismiss").click().run()
    assert job.error not in [text.value for text in page.text]


def test_a_verdict_outlives_an_embedding_that_does_not_find_its_slice(calls, monkeypatch):
    other = str(calls.parent / "other.npy")
    offer(monkeypatch, other)
    page = finished(review(monkeypatch, calls))
    slice_ = hum(page)
    page.button(key="say real_issue").click().run()
    page.session_state["playing"] = 25
    page.run()
    # Vectors that put each clip of the hum elsewhere: no cluster is the slice, and hardly any is bad.
    vectors = np.random.default_rng(0).normal(size=(30, 4))
    np.save(other, vectors)
    choose(page, other)
    assert page.session_state["model"] == page.selectbox(key="embedding").value == other
    assert page.session_state["picked"].rows.tolist() == slice_.members.tolist()
    assert page.session_state["playing"] == 25
    analysed = open_table().analysis(other).result
    costs = open_table().scoring.costs("prediction", MetricChoice("wer", "basic"))
    result = Scanner(analysed.hierarchy, costs, ids=analysed.data.ids).scan(Options(5, 0.1))
    assert slice_.id not in [flagged.id for flagged in result.slices]
    exported = reviewed_table(analysed.data, result, open_table().verdicts().current("prediction"))
    assert exported["slice_id"].tolist() == [slice_.id] * slice_.support
    assert set(exported["verdict"]) == {"real_issue"}
    choose(page, "signal")
    assert not any("is ready" in text.value for text in page.text)  # what was shown is no news
    assert page.session_state["picked"].rows.tolist() == slice_.members.tolist()
    assert page.button(key="say real_issue").disabled is False


def test_a_verdict_of_another_tab_is_reported_not_overwritten(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    slice_ = hum(page)
    verdicts = open_table().verdicts()
    ids = [str(row) for row in slice_.members]
    verdicts.judge(slice_.id, model="prediction", clip_ids=ids, verdict="unsure", reviewer="ann")
    page.button(key="say real_issue").click().run()
    assert not page.exception
    assert verdicts.current("prediction")[slice_.id].verdict == "unsure"
    count, text = not_saved(page)
    assert count == 1
    assert re.search(r"ann judged .* at \d\d:\d\d: \? Unsure. Yours is not saved.", text)
    page.button(key="say real_issue").click().run()
    assert verdicts.current("prediction")[slice_.id].verdict == "real_issue"
    page.button(key="say unsure").click().run()  # its own verdict is no other's
    assert verdicts.current("prediction")[slice_.id].verdict == "unsure"
    assert not_saved(page) == (0, "")


def test_a_verdict_is_about_what_the_browser_showed(calls, monkeypatch):
    """A verdict of somebody else is read by the server a moment before it is seen: a key pressed then keeps it."""
    page = finished(review(monkeypatch, calls))
    slice_ = hum(page)
    verdicts = open_table().verdicts()
    before = verdicts.newest()
    ids = [str(row) for row in slice_.members]
    verdicts.judge(slice_.id, model="prediction", clip_ids=ids, verdict="unsure", reviewer="ann")
    page.run()
    page.session_state["shown_until"] = before
    page.button(key="say real_issue").click().run()
    assert verdicts.current("prediction")[slice_.id].verdict == "unsure"
    assert "ann judged" in not_saved(page)[1]
    page.session_state["shown_until"] = verdicts.newest()
    page.button(key="say real_issue").click().run()
    assert verdicts.current("prediction")[slice_.id].verdict == "real_issue"


def test_where_no_clip_can_be_decoded_the_way_leads_to_the_data_page(calls, monkeypatch):
    for i in range(30):
        (calls.parent / f"{i}.wav").unlink()
    page = finished(review(monkeypatch, calls))
    page.session_state["unreadable_seen"] = (
        set()
    )  # it is told once, here in whichever run the clips were done
    page.run()
    assert not page.exception
    assert any("None of the 30 clips can be decoded" in text.value for text in page.markdown)
    assert not any(button.label.startswith("Go on") for button in page.button)


def test_labels_that_a_model_predicts_on_the_way_are_a_column(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    choice = page.session_state["metric"]
    assert "predicted_accent" not in open_table().columns("prediction", choice, None)
    labels = {row: (Label("scottish", 0.9), Label("welsh", 0.1)) for row in range(20)}
    run = Embeddings(np.ones((30, 2)), np.ones(30, bool), {}, "some/accent-model", "Accents", labels=labels)
    job = open_table().jobs.start(
        f"analyse {run.model}",
        lambda _: SimpleNamespace(embeddings=run),
        Cancelled,
        group=open_table_module.ANALYSES,
        name=run.model,
    )
    assert job.ended.wait(WAIT_S)
    column = open_table().columns("prediction", choice, None)["predicted_accent"]
    assert column.values.tolist() == ["scottish"] * 20 + [EMPTY] * 10
    probability = open_table().columns("prediction", choice, None)["predicted_accent_probability"]
    assert probability.is_number and probability.values[0] == 0.9
    page.run()
    assert not page.exception


@pytest.mark.parametrize("against", ["whole", "rest"])
def test_list_and_summary_have_the_same_drop_and_say_against_what(calls, monkeypatch, against):
    drawn = {}
    monkeypatch.setattr(problems_panel, "problems", lambda cards, **more: drawn.update(cards=cards, **more))
    monkeypatch.setattr(slice_panel, "slice_summary", lambda content, **_: drawn.update(summary=content))
    page = finished(review(monkeypatch, calls))
    page.session_state["against"] = against
    page.run()
    (card,) = drawn["cards"]
    rows = np.flatnonzero(
        open_table().scoring.costs("prediction", page.session_state["metric"]).per_clip() > 0
    )
    page.session_state["picked"] = Pick("selection", "", rows, reason="all bad clips")
    page.run()
    assert not page.exception
    figure = next(figure for figure in drawn["summary"].numbers if figure.label == "Drop")
    assert drawn["summary"].slice == card.slice and figure.value == card.drop
    assert figure.hint == drawn["wording"]["drop"]
    assert f"worse than the {against}" in figure.hint
