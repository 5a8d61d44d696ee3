"""The data page without a browser: a table is opened, mapped and started, and its faults are named."""

import pandas as pd
import pytest
from opened_page import as_read, finished, review

from slicecore_app.server import sources, uploads


def test_without_any_table_the_data_page_comes(calls, monkeypatch):
    page = review(monkeypatch).run()
    assert not page.exception
    assert "Open a table" in [heading.value for heading in page.subheader]


def test_a_table_is_mapped_and_started_from_the_data_page(calls, monkeypatch):
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(calls)).run()
    assert not page.exception
    assert page.selectbox(key=f"reference {calls}").value == "sentence"
    assert page.multiselect(key=f"predictions {calls}").value == ["prediction", "prediction_large"]
    page.multiselect(key=f"predictions {calls}").set_value(["prediction_large"]).run()
    page.button(key="start").click()
    finished(page)
    assert not page.exception
    assert page.selectbox(key="prediction").options == ["prediction_large"]
    (remembered,) = sources.known().values()
    assert (remembered.path, remembered.predictions) == (str(calls), ("prediction_large",))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "There is no file"), ("", "empty"), ("a,b\n1\n", "Row 2"), ("a,a\n1,2\n", "a")],
)
def test_faults_of_a_table_are_named_on_the_data_page(calls, monkeypatch, content, sentence):
    path = calls.with_name("broken.csv")
    if content is not None:
        path.write_text(content)
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(path)).run()
    assert not page.exception
    assert [error for error in page.error if sentence in error.value]


def test_a_reference_that_no_name_tells_is_asked_for(calls, monkeypatch):
    path = calls.with_name("renamed.csv")
    pd.read_csv(calls).rename(columns={"sentence": "what was said"}).to_csv(path, index=False)
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(path)).run()
    assert not page.exception and not page.error
    assert any("Choose the column of the reference" in info.value for info in page.info)
    page.selectbox(key=f"reference {path}").set_value("what was said").run()
    assert page.button(key="start") and not page.info


def test_an_upload_leaves_another_of_the_same_name_as_it_is(calls, monkeypatch):
    for clip in ("1.wav", "2.wav"):
        page = review(monkeypatch).run()
        page.switch_page("data.py").run()
        upload = ("table.csv", f"audio,sentence,prediction\n{clip},a,b\n".encode(), "text/csv")
        page.file_uploader(key="table upload").set_value(upload).run()
        page.button(key="start").click().run()
        assert not page.exception
    first, second = [source for source in sources.known().values() if "uploads" in source.path]
    assert [len(source.read()) for source in (first, second)] == [1, 1]
    assert {source.read().table["audio"][0] for source in (first, second)} == {"1.wav", "2.wav"}


def test_an_upload_that_is_only_looked_at_is_not_stored(calls, monkeypatch, tmp_path):
    page = review(monkeypatch).run()
    page.switch_page("data.py").run()
    upload = ("table.csv", b"audio,sentence,prediction\n1.wav,a,b\n", "text/csv")
    page.file_uploader(key="table upload").set_value(upload).run()
    assert page.button(key="start")
    assert not (tmp_path / "home" / "uploads").exists()


@pytest.mark.parametrize(
    "name", ["a" * 256 + ".csv", "ü" * 300, "..", "../../up.csv", "nul\0.csv", "a\ud800.csv"]
)
def test_an_upload_of_any_name_is_opened_and_stays_in_its_folder(calls, monkeypatch, tmp_path, name):
    page = review(monkeypatch).run()
    page.switch_page("data.py").run()
    content = b"audio,sentence,prediction\n1.wav,a,b\n"
    path = uploads.stored(uploads.looked_at(name, content))
    assert path.read_bytes() == content
    assert path.parents[2] == tmp_path / "home" and uploads.is_upload(path)
    page.text_input(key="table path").set_value(str(path)).run()
    assert not page.exception and page.button(key="start")


def test_an_upload_that_was_changed_where_it_is_stored_is_not_replaced(calls):
    first = uploads.stored(uploads.looked_at("calls.csv", b"a,b\n1,2\n"))
    first.write_text("a,b\n1,3\n")
    again = uploads.stored(uploads.looked_at("calls.csv", b"a,b\n1,2\n"))
    assert (first.read_text(), again.read_text()) == ("a,b\n1,3\n", "a,b\n1,2\n")


@pytest.mark.parametrize("path", ["/x" * 2500, "~nobody/calls.csv", "a\0b", "/proc/1/root/x.csv"])
def test_a_path_that_can_not_be_is_a_sentence_wherever_it_is_typed(calls, monkeypatch, path):
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(path).run()
    assert not page.exception and page.error
    page.text_input(key="table path").set_value(str(calls)).run()
    assert not page.error
    page.text_area(key=f"prediction files {calls}").set_value(f"m={path}").run()
    assert not page.exception and page.error
    page.text_area(key=f"prediction files {calls}").set_value("").run()
    page.text_input(key=f"folder {calls}").set_value(path).run()
    assert not page.exception and (page.error or page.warning)


def test_missing_audio_and_empty_references_are_counted_on_the_data_page(calls, monkeypatch):
    (calls.parent / "5.wav").unlink()
    lines = calls.read_text().splitlines()
    lines[10] = lines[10].replace("good morning to you", "", 1)
    calls.write_text("\n".join(lines) + "\n")
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(calls)).run()
    warnings = " ".join(warning.value for warning in page.warning)
    assert "first in row 7: File not found" in warnings
    assert "without a reference, first in row 11" in warnings


def test_columns_that_are_not_searched_are_named_with_the_reason(calls, monkeypatch):
    header, *rows = calls.read_text().splitlines()
    lines = [f"{header},clip_id,studio", *(f"{row},{1000 + i * i},Cork" for i, row in enumerate(rows))]
    calls.write_text("\n".join(lines) + "\n")
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(calls)).run()
    captions = " ".join(as_read(caption.value) for caption in page.caption)
    assert "Not searched for slices: " in captions
    assert "studio (has one value)" in captions
    assert "accent" not in captions


def test_a_manifest_is_recognised_and_another_format_can_be_chosen(calls, monkeypatch):
    path = calls.with_name("calls.jsonl")
    frame = pd.read_csv(calls).rename(columns={"audio": "audio_filepath", "sentence": "text"})
    frame = frame.rename(columns={"prediction": "pred_text"}).assign(offset=0, duration=1.0)
    frame.to_json(path, orient="records", lines=True)
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(path)).run()
    assert page.selectbox(key=f"format {path}").value == "nemo"
    assert page.selectbox(key=f"audio {path}").value == "audio_filepath"
    page.button(key="start").click().run()
    (source,) = sources.known().values()
    assert source.format is None
    assert source.read().clips[0].end == 1
    page = review(monkeypatch).run()
    page.switch_page("data.py").run()
    page.text_input(key="table path").set_value(str(path)).run()
    page.selectbox(key=f"format {path}").set_value("csv").run()
    assert not page.exception
    assert page.error


def test_predictions_in_other_files_are_joined_on_the_data_page(calls, monkeypatch):
    frame = pd.read_csv(calls)
    frame[["audio", "prediction"]][1:].to_csv(calls.with_name("tiny.csv"), index=False)
    frame.drop(columns=["prediction", "prediction_large"]).to_csv(calls, index=False)
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(calls)).run()
    assert page.info
    page.text_area(key=f"prediction files {calls}").set_value(f"{calls.with_name('tiny.csv')}\n").run()
    assert not page.exception
    (warning,) = [as_read(warning.value) for warning in page.warning]
    assert warning.startswith(f"“tiny.csv” has no prediction for 1 of {len(frame)} clips, first ")
    page.button(key="start").click().run()
    (source,) = sources.known().values()
    assert source.read().roles.predictions == ("tiny",)
    page = review(monkeypatch).run()
    page.switch_page("data.py").run()
    page.text_input(key="table path").set_value(str(calls)).run()
    page.text_area(key=f"prediction files {calls}").set_value("m=/nowhere.trn").run()
    assert not page.exception
    assert "no file" in page.error[0].value


def test_tables_opened_before_are_opened_again_and_those_that_are_gone_are_named(calls, monkeypatch):
    other = calls.with_name("other_[1].csv")
    other.write_text(calls.read_text())
    for path in (other, calls):
        sources.remember(sources.Source(str(path)))
    page = review(monkeypatch).run()
    page.switch_page("data.py").run()
    assert not page.exception
    listed = [button for button in page.button if (button.key or "").startswith("recent ")]
    assert [button.disabled for button in listed] == [False, False]
    assert listed[1].label.startswith(r"other\_\[1\]")
    other.unlink()
    page.run()
    gone = page.button(key=listed[1].key)
    assert gone.disabled and "no longer there" in gone.label
    page.button(key=listed[0].key).click().run()
    assert page.session_state["source"] == sources.Source(str(calls)).token


def test_a_table_is_chosen_by_browsing_below_the_folder_of_the_server(calls, monkeypatch):
    monkeypatch.chdir(calls.parent.parent)
    page = review(monkeypatch).run()
    page.button(key=f"browse folder {calls.parent}").click().run()
    page.button(key=f"browse table {calls}").click().run()
    assert not page.exception
    assert page.text_input(key="table path").value == str(calls)
    assert page.selectbox(key=f"reference {calls}").value == "sentence"


def test_a_table_that_cannot_be_read_keeps_the_head_and_is_offered_for_mapping(calls, monkeypatch):
    broken = calls.with_name("broken.csv")
    broken.write_text("a,b\n1\n")
    page = review(monkeypatch, broken, calls).run()
    assert not page.exception
    assert "This table can't be read" in [heading.value for heading in page.subheader]
    assert len(page.selectbox(key="source").options) == 3
    page.switch_page("data.py").run()
    assert page.text_input(key="table path").value == str(broken)
    page.switch_page("review.py").run()
    page.selectbox(key="source").select(list(sources.known())[1]).run()
    assert not page.exception
    page.switch_page("data.py").run()
    assert page.text_input(key="table path").value == ""
