"""The menu of exports: every file has the rows and columns that it promises, and the latest verdicts."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
import written_calls
from opened_page import (
    WAIT_S,
    clip_id,
    finished,
    hear,
    labelled,
    open_table,
    press,
    reasoned,
    review,
    verdicts,
)

from slicecore.transfer.file import from_yaml
from slicecore_app.review.verdict import panel as verdict_panel
from slicecore_app.server.open_table import LIKE, REPORTS
from slicecore_app.session.selection import Pick

DOC = Path(__file__).parents[2] / "docs" / "export.md"
OWN_COLUMN = "device"


def stated():
    """Columns of every file as the documentation has them, by file; a word in plain text stands for several."""
    columns, before = {}, []
    for line in DOC.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(\w+\.csv)` \|[^|]*\| (.*) \|", line)
        if not match:
            continue
        if match[2] != "the same":
            text = match[2].replace("your table's", f"`{OWN_COLUMN}`")
            before = re.findall(
                r"`(\w+)`", text.replace("a column per model", "`prediction` `prediction_large`")
            )
        columns[match[1]] = before
    return columns


@pytest.fixture(scope="module")
def with_every_file(tmp_path_factory):
    """Thirty clips with something for every file, searched."""
    folder = tmp_path_factory.mktemp("exported")
    written_calls.write(folder / "calls")
    calls = folder / "calls" / "calls.csv"
    lines = calls.read_text().splitlines()
    lines[5 + 1] = "5.wav,good morning to you,see them at noon,see them at noon"
    lines[6 + 1] = "6.wav,good morning to you,,good morning to you"
    lines[7 + 1] = f"7.wav,good morning to you,{'and so ' * 9}on,good morning to you"
    devices = [OWN_COLUMN, *("far" if row >= 22 else "near" for row in range(30))]
    calls.write_text("".join(f"{line},{device}\n" for line, device in zip(lines, devices, strict=True)))
    written_calls.search(folder)
    return folder


@pytest.fixture
def page(copied, with_every_file, at_rest, monkeypatch):
    """A page on them, a slice picked."""
    page = finished(review(monkeypatch, copied(with_every_file)))
    reasoned(page)
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30), reason="device = far")
    return page.run()


def offered(page, monkeypatch):
    """Files that the menu offers: file -> (title, whether it can be had, a function that gives its rows)."""
    files = {}

    def button(title, data, file_name, *_, key="", disabled=False, **__):
        def rows():
            return list(csv.DictReader(io.StringIO(data().decode("utf-8"))))

        if key.startswith("export "):
            files[file_name] = (title, not disabled, rows)

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", button)
        assert not page.run().exception
    return files


def test_verdicts_of_several_reviewers_are_a_file_with_a_row_each(page, monkeypatch):
    press(page, "say real_issue")
    assert "verdicts.csv" not in offered(page, monkeypatch)
    page.session_state["signature"] = {"reviewer": "Anna", "browser": "b1"}
    press(page, "say unsure")
    files = offered(page, monkeypatch)
    (_, there, rows), (_, agrees, pairs) = files["verdicts.csv"], files["agreement.csv"]
    assert there and [(row["verdict"], row["agreed"]) for row in rows()] == [
        ("real_issue", "false"),
        ("unsure", "false"),
    ]
    assert {row["reviewer"] for row in rows()} > {"Anna"}
    (pair,) = pairs()
    assert agrees and "Anna" in pair["reviewers"] and (pair["slices"], pair["same"]) == ("1", "0")
    page.switch_page("summary.py").run()
    assert any("2 reviewers agree on 0 of 1 slice" in text.value for text in page.text)


def test_every_file_has_the_columns_that_are_stated(page, monkeypatch):
    press(page, "say real_issue")
    files = offered(page, monkeypatch)
    assert set(files) == set(stated())
    for file, columns in stated().items():
        _, can_be_had, rows = files[file]
        assert can_be_had, file
        assert list(rows()[0]) == columns, file


def test_clips_are_exported_as_a_manifest_and_as_parquet(page, monkeypatch):
    press(page, "say real_issue")
    page.session_state["export format"] = "NeMo manifest"
    contents = {}

    def button(title, data, file_name, *_, key="", disabled=False, **__):
        if key.startswith("export ") and not disabled:
            contents[file_name] = data

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", button)
        page.run()
        lines = [json.loads(line) for line in contents["reviewed_slices.jsonl"]().decode().splitlines()]
        assert len(lines) == 8 and "slices.jsonl" not in contents and "selection.jsonl" in contents
        assert {line["verdict"] for line in lines} == {"real_issue"}
        assert all(Path(line["audio_filepath"]).exists() and line["duration"] > 0 for line in lines)
        page.session_state["export format"] = "Parquet"
        page.run()
    assert not page.exception
    slices = pd.read_parquet(io.BytesIO(contents["slices.parquet"]()))
    assert "real_issue" in slices["verdict"].tolist()


def test_slices_over_metadata_are_exported_as_the_list_shows_them(page, monkeypatch):
    title, _, rows = offered(page, monkeypatch)["metadata_slices.csv"]
    exported = rows()
    assert title == f"Metadata and audio properties: {len(exported)}"
    assert any("device = far" in f"{row['slice']} {row['same']}" for row in exported)


def test_clips_of_the_table_and_of_the_selection_are_those_on_the_page(page, monkeypatch):
    files = offered(page, monkeypatch)
    assert {row["id"] for row in files["selection.csv"][2]()} == {clip_id(row) for row in range(22, 30)}
    assert files["clips_in_table.csv"][0] == "This table: 8 clips"
    page.session_state["filter"] = "noon"
    page.session_state["everywhere"] = True
    files = offered(page, monkeypatch)
    assert files["clips_in_table.csv"][0] == "This table, as filtered: 1 clip"
    assert [row["id"] for row in files["clips_in_table.csv"][2]()] == [clip_id(5)]
    assert len(files["clips.csv"][2]()) == 30


def test_other_lists_are_exported_with_their_clips(page, monkeypatch):
    files = offered(page, monkeypatch)
    for file, label, row in (
        ("empty_predictions.csv", "Empty predictions", 6),
        ("repeated_output.csv", "Repeated output", 7),
        ("predictions_over_twice_as_long.csv", "Predictions over twice as long", 7),
    ):
        title, _, rows = files[file]
        assert title == f"{label}: 1 clip"
        assert [exported["id"] for exported in rows()] == [clip_id(row)]


def test_wrong_references_are_exported_with_signs_and_verdicts(page, monkeypatch):
    before = offered(page, monkeypatch)["wrong_references.csv"]
    assert before[0] == "Wrong references, probable or marked: 1 clip"
    for row in (24, 5):
        hear(page, row)
        press(page, "mark")
    title, _, rows = offered(page, monkeypatch)["wrong_references.csv"]
    assert title == "Wrong references, probable or marked: 2 clips"
    listed, marked = rows()
    assert (listed["id"], listed["row"], marked["id"], marked["row"]) == (clip_id(5), "7", clip_id(24), "26")
    assert listed["signs"] and not marked["signs"]
    assert listed["clip_verdict"] == marked["clip_verdict"] == "reference_error"
    assert marked["reviewer"] == page.session_state["reviews"].account
    assert marked["prediction_large"] == "good morning to you"
    # The table of clips says so too.
    clips = offered(page, monkeypatch)["clips.csv"][2]()
    assert [clip["id"] for clip in clips if clip["clip_verdict"]] == [clip_id(5), clip_id(24)]


def test_a_file_has_verdicts_given_after_its_button_was_drawn(page, monkeypatch):
    press(page, "keep")
    files = offered(page, monkeypatch)
    assert files["reviewed_slices.csv"][2]() == []
    press(page, "say real_issue")
    (judged,) = verdicts().current("prediction")
    verdicts().mark_reference(clip_id(24), True, "ann")
    assert {row["verdict"] for row in files["reviewed_slices.csv"][2]()} == {"real_issue"}
    assert [row["slice_id"] for row in files["slices.csv"][2]() if row["verdict"]] == [judged]
    assert [row["id"] for row in files["selection.csv"][2]() if row["clip_verdict"]] == [clip_id(24)]


def test_definitions_are_those_of_slices_called_real_issues_by_now(page, monkeypatch):
    made = {}
    press(page, "keep")
    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", lambda *_, data=None, key="", **__: made.update({key: data}))
        assert not page.run().exception
    assert from_yaml(made["definitions"]().decode()).slices == ()
    press(page, "say real_issue")
    (definition,) = from_yaml(made["definitions"]().decode())
    assert list(definition.clips) == [clip_id(row) for row in range(22, 30)]
    assert (str(definition.rule), definition.verdict) == ("device = far", "real_issue")


@pytest.mark.parametrize(("verdict", "disabled"), [("false_positive", True), ("real_issue", False)])
def test_definitions_can_be_had_once_there_is_a_real_issue(page, monkeypatch, verdict, disabled):
    made = {}
    press(page, f"say {verdict}")
    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", lambda *_, key="", **given: made.update({key: given}))
        assert not page.run().exception
    assert made["definitions"]["disabled"] is disabled


def test_the_recipe_is_that_of_the_selection(page, monkeypatch):
    made = {}
    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", lambda *_, key="", **given: made.update({key: given}))
        assert not page.run().exception
        offered, data = not made["recipe"]["disabled"], made["recipe"]["data"]
        page.session_state["picked"] = None
        page.run()
    assert offered and made["recipe"]["disabled"]
    assert made["probe"]["disabled"]  # no filter brings back what was cut off
    with zipfile.ZipFile(io.BytesIO(data())) as files:
        text = files.read("audiomentations.yaml").decode()
    assert "Clip\n" in text and "“Device = far”, 8 clips of calls" in text.replace("\n# ", " ")


def test_what_has_no_rows_cannot_be_taken_along(calls, monkeypatch):
    files = offered(finished(review(monkeypatch, calls)), monkeypatch)
    assert not any(files[name][1] for name in ("selection.csv", "clips_in_table.csv", "wrong_references.csv"))
    assert "empty_predictions.csv" not in files
    assert all(files[name][1] for name in ("reviewed_slices.csv", "slices.csv", "clips.csv"))


def test_the_report_is_made_beside_the_page_with_the_verdicts_of_now(page, monkeypatch):
    made = []
    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", lambda *_, key="", **given: made.append((key, given)))
        press(page, "say real_issue")
        press(page, "make report")
        (job,) = open_table().jobs.of(REPORTS)
        assert job.ended.wait(60) and job.error == ""
        page.run()
        given = dict(made)["download report"]
        assert given["file_name"] == "calls_report.html" and given["mime"] == "text/html"
        text = given["data"].decode("utf-8")
        assert "Real issue" in text and "Probably wrong references" in text
        press(page, "make report")  # anew
        assert open_table().jobs.of(REPORTS) != [job]


def test_a_spoilt_run_beside_the_table_is_told_where_the_report_is_made(page):
    runs = open_table().data.path.parent / "runs"
    runs.mkdir()
    (runs / "1.json").write_text('{"slicecore_run": 1}')
    press(page, "make report")
    (job,) = open_table().jobs.of(REPORTS)
    assert job.ended.wait(60)
    page.run()
    assert any("Save it anew with slicecore gate --save" in text.value for text in page.text)


def test_tasks_for_label_studio_are_those_of_wrong_references_and_of_the_selection(page, monkeypatch):
    files = {}

    def button(title, data, file_name, *_, key="", disabled=False, **__):
        if key.startswith("label studio "):
            files[file_name] = (title, disabled, data().decode("utf-8"))

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", button)
        assert not page.run().exception
    assert [(title, disabled) for title, disabled, _ in files.values()] == [
        ("Tasks: wrong references, 1 clip", False),
        ("Tasks: this selection, 8 clips", False),
        ("Configuration of the project", False),
    ]
    clips = [task["data"]["clip_id"] for task in json.loads(files["selection.json"][2])]
    assert clips == [clip_id(row) for row in range(22, 30)]
    assert "<TextArea" in files["label_studio.xml"][2]


def test_more_like_a_slice_is_found_in_a_folder_heard_and_saved(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    labelled(page, "Go on with 29 clips").click().run()
    assert page.button(key="more like").disabled
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30))
    press(page.run(), "more like")
    assert page.button(key="find more").disabled

    def find(pool):
        page.text_input(key="more_like_pool").input(str(pool)).run()
        press(page, "find more")
        job = open_table().jobs.of(LIKE)[-1]
        assert job.ended.wait(WAIT_S)
        page.run()
        return job

    find(calls.parent / "nowhere")
    assert any("There is no file" in text.value for text in page.text)
    heard, saved = [], {}
    monkeypatch.setattr(st, "dataframe", lambda *_, **__: {"selection": {"rows": [1]}})
    monkeypatch.setattr(st, "audio", lambda samples, **_: heard.append(len(samples)))
    monkeypatch.setattr(st, "download_button", lambda *args, key="", **_: saved.update({key: args}))
    job = find(calls.parent)
    assert job.state == "done", job.error
    ranking = job.result
    assert len(ranking.table) == 21 and heard  # one of 30 can not be decoded, 8 are the slice
    assert "slice,rank,id,audio,row" in saved["download more"][1].decode()


def test_a_search_begins_also_where_the_run_of_its_click_is_cut_off(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    labelled(page, "Go on with 29 clips").click().run()
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30))
    press(page.run(), "more like")
    page.text_input(key="more_like_pool").input(str(calls.parent / "nowhere")).run()
    drawn = verdict_panel.component.verdict
    cuts = [st.rerun]

    def cut_off(*given, **named):
        if cuts:
            cuts.pop()()
        drawn(*given, **named)

    monkeypatch.setattr(verdict_panel.component, "verdict", cut_off)
    press(page, "find more")
    (job,) = open_table().jobs.of(LIKE)
    assert job.ended.wait(WAIT_S) and "There is no file" in job.error
