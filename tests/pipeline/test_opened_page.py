"""The review page on a result: what it is started with, that it starts and stops, and what reviewers said there."""

import io
import os
import re
import signal
import socket
import urllib.request
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import slicecore as sc
from slicecore.errors import SlicecoreError, StorageError
from slicecore.pipeline import page_process, review
from slicecore.pipeline.page_process import Page
from slicecore.pipeline.page_table import page_arguments, page_path
from slicecore.storage.verdicts import Change, verdicts_of
from slicecore.storage.verdicts.place import default_file

CLIPS = 24
BAD = range(16, CLIPS)


@pytest.fixture
def frame():
    """A table whose last eight clips are badly recognised, by vectors of a column."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "sentence": [f"one two three {i}" for i in range(CLIPS)],
            "prediction": [f"one two three {i}" if i not in BAD else "won too" for i in range(CLIPS)],
            "large": [f"one two three {i}" for i in range(CLIPS)],
            "room": ["a", "b"] * (CLIPS // 2),
            "mixed": ["a", 1, None, 2.5] * (CLIPS // 4),
            "vectors": [[*rng.normal(size=2), 50.0 * (i in BAD)] for i in range(CLIPS)],
        }
    )


def search(table, **more):
    given_ = {"model": "column:vectors", "prediction": "prediction", "explain": False, "shuffles": 99}
    return sc.find_slices(table, **{**given_, **more})


def options_of(arguments):
    """Options of `slicecore run` as it reads them itself."""
    taken = {}
    names = {name for name in arguments if name.startswith("--")}
    for name in names:
        places = [i for i, argument in enumerate(arguments) if argument == name]
        taken[name[2:]] = [arguments[i + 1] for i in places]
    return taken


def read_again(arguments):
    """The table as the page reads it."""
    options = options_of(arguments)
    one = {
        role: options[role][0]
        for role in ("audio", "reference", "id", "start", "end", "format")
        if role in options
    }
    files = dict(entry.split("=", 1) for entry in options.get("predictions", ()))
    return sc.read(arguments[0], prediction=options["prediction"], predictions=files or None, **one)


def same(data, other):
    return (
        data.ids.tolist() == other.ids.tolist()
        and data.reference.tolist() == other.reference.tolist()
        and {name: texts.tolist() for name, texts in data.predictions.items()}
        == {name: texts.tolist() for name, texts in other.predictions.items()}
    )


def test_a_table_in_memory_becomes_a_file_that_gives_the_same_slices(frame):
    result = search(frame, prediction="prediction", compare_with="large", min_drop=0.25, group="room")
    arguments = page_arguments(result)
    options = options_of(arguments)
    data = read_again(arguments)
    assert same(result.data, data) and data.roles.predictions == ("prediction", "large")
    assert data.table["room"].tolist() == frame["room"].tolist() and "vectors" not in data.table
    assert options["compare-with"] == ["large"] and options["group"] == ["room"]
    assert (options["min-support"], options["min-drop"], options["metric"]) == (["5"], ["0.25"], ["wer"])
    (model,) = options["embedding"]
    again = sc.find_slices(data, model=model, explain=False, shuffles=0, min_drop=0.25)
    assert again.slices == result.slices
    assert page_path(search(frame, compare_with="large").data) == page_path(
        result.data
    )  # in another run the same verdicts


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=3, max_size=3))
def test_any_texts_are_the_same_on_the_page(frame, texts):
    frame = frame.assign(sentence=[*texts, *frame["sentence"][3:]])
    data = sc.read(frame)
    result = replace(search(frame.assign(sentence="a"), model="column:vectors", shuffles=0), data=data)
    again = read_again(page_arguments(result))
    assert again.reference.tolist() == data.reference.tolist()
    assert again.ids.tolist() == data.ids.tolist()


def test_columns_of_any_type_and_other_vectors_have_their_files(frame):
    odd = frame.assign(
        id=range(CLIPS),
        day=pd.period_range("2026-01-01", periods=CLIPS, freq="D"),
        impedance=[1 + 2j] * CLIPS,
        sparse=pd.arrays.SparseArray(np.arange(CLIPS)),
        loud=pd.array([True, None] * (CLIPS // 2), dtype="boolean"),
    )
    arguments = page_arguments(search(odd, shuffles=0))
    data = read_again(arguments)
    assert data.table["day"][0] == "2026-01-01" and data.table["loud"][:2].tolist() == [True, None]
    moved = odd.assign(vectors=[np.add(each, 1) for each in frame["vectors"]])
    others = page_arguments(search(moved, shuffles=0))
    assert arguments[0] == others[0] and options_of(arguments)["embedding"] != options_of(others)["embedding"]


def test_the_same_clips_are_the_same_file_and_others_are_another(frame):
    def path(table, **columns):
        start = "start" if "start" in table else None
        return page_path(sc.read(table.assign(**columns), prediction="prediction", start=start))

    numbered = frame.assign(id=range(CLIPS))
    sounds = numbered.assign(audio=[f"{i}.wav" for i in range(CLIPS)], start=0.5)
    inside = numbered.assign(audio=[{"bytes": bytes([i]), "path": None} for i in range(CLIPS)])
    for table in (numbered, sounds, inside):
        again = (path(table.copy()), path(table, newest="won"), path(table.drop(columns=["large", "room"])))
        assert {*again} == {path(table)}
    assert path(sounds, sentence="corrected") == path(sounds)
    others = (
        path(numbered),
        path(numbered, sentence="other words"),
        path(numbered, id=range(1, CLIPS + 1)),
        path(sounds),
        path(sounds, audio=[f"other/{i}.wav" for i in range(CLIPS)]),
        path(sounds, start=1.5),
        path(inside),
        path(inside, audio=inside["audio"].tolist()[::-1]),
    )
    assert len({*others}) == len(others)


def test_recordings_in_the_table_are_kept_for_the_page(frame):
    recording = io.BytesIO()
    soundfile.write(recording, np.zeros(800), 16_000, format="WAV")
    frame["audio"] = [{"bytes": recording.getvalue(), "path": f"{i}.wav"} for i in range(CLIPS)]
    result = search(frame)
    data = read_again(page_arguments(result))
    assert {path.parent for path in data.audio_paths} == {page_path(result.data).parent}
    assert all(path.read_bytes() == recording.getvalue() for path in data.audio_paths)


def test_a_file_is_opened_as_it_was_read(frame, tmp_path):
    table, other = tmp_path / "calls.tsv", tmp_path / "other.csv"
    frame.drop(columns=["large", "vectors"]).assign(id=[f"c{i}" for i in range(CLIPS)]).to_csv(
        table, sep="\t", index=False
    )
    pd.DataFrame({"id": [f"c{i}" for i in range(CLIPS)], "prediction": "won"}).to_csv(other, index=False)
    np.save(tmp_path / "vectors.npy", np.array(frame["vectors"].tolist()))
    result = search(
        table,
        predictions={"new": str(other)},
        model=str(tmp_path / "vectors.npy"),
        prediction="prediction",
        format="csv",
    )
    arguments = page_arguments(result)
    assert arguments[0] == str(table) and same(result.data, read_again(arguments))
    options = options_of(arguments)
    assert options["embedding"] == [str(tmp_path / "vectors.npy")] and options["format"] == ["csv"]
    assert not page_path(result.data).with_name("dataframe.parquet").exists()


def test_a_metric_of_the_users_own_is_a_column_of_the_page(frame):
    wrong = sc.metrics.custom(
        lambda references, predictions: np.mean(
            [a != b for a, b in zip(references, predictions, strict=True)]
        ),
        frame["sentence"].tolist(),
        frame["prediction"].tolist(),
        False,
        "share wrong",
    )
    result = search(frame, metric=wrong)
    arguments = page_arguments(result)
    assert options_of(arguments)["mean-of"] == ["share wrong"] and "--metric" not in arguments
    assert read_again(arguments).table["share wrong"].tolist() == [0.0] * 16 + [1.0] * 8
    frame.drop(columns="vectors").to_csv(page_path(result.data).with_name("calls.csv"), index=False)
    table = sc.read(page_path(result.data).with_name("calls.csv"), prediction="prediction")
    with pytest.raises(SlicecoreError, match="has no metric “share wrong”"):
        page_arguments(replace(result, data=table))


def test_a_normaliser_is_named_by_its_module(frame, monkeypatch):
    def clean(text):
        return text.lower()

    with pytest.raises(SlicecoreError, match="can't import the normaliser"):
        page_arguments(search(frame, normalisation=clean))
    result = search(frame, normalisation=plain)
    assert options_of(page_arguments(result))["normalisation"] == [f"{__name__}:plain"]


def plain(text):
    return text


def test_a_home_that_takes_no_table_is_a_sentence(frame, tmp_path, monkeypatch):
    result = search(frame)
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    (tmp_path / "notebooks").touch()
    with pytest.raises(StorageError, match="Set SLICECORE_HOME"):
        page_arguments(result)


def test_verdicts_are_a_table_also_of_slices_that_are_no_longer_flagged(frame):
    result = search(frame)
    assert result.verdicts().empty and "verdict" in result.verdicts()
    page_arguments(result)
    (slice_,) = result.slices
    verdicts = verdicts_of(page_path(result.data))
    given = (
        (slice_.members, "real_issue", "hums"),
        ([1, 2, 3], "unsure", ""),
        ([4, 5], None, "hear it again"),
    )
    for rows, verdict, note in given:
        group = result.scanner.group(rows)
        clips = [str(result.data.ids[row]) for row in rows]
        verdicts.judge(
            group.id, model="prediction", clip_ids=clips, verdict=verdict, note=note, reviewer="Anna"
        )
    table = result.verdicts()
    assert table["slice_id"].tolist() == [result.scanner.group(rows).id for rows, *_ in given]
    assert table["verdict"].tolist() == ["real_issue", "unsure", ""]
    assert table["note"].tolist() == ["hums", "", "hear it again"]
    assert table["support"].tolist() == [8, 3, 2] and list(table.columns[:2]) == ["slice_id", "verdict"]
    assert len(result.definitions()) == 1  # of the real issue
    assert "Real issue" in result._repr_html_() and "hums" in result.slices[0]._repr_html_()
    verdicts.database.close()
    default_file().write_bytes(b"no database")
    assert "Real issue" not in result._repr_html_()


def test_every_reviewer_has_a_row_and_the_newest_counts(frame):
    result = search(frame, shuffles=0)
    page_arguments(result)
    verdicts = verdicts_of(page_path(result.data))
    given = (
        ([1, 2, 3], "unsure", "Anna"),
        (result.slices[0].members, "unsure", "Bob"),
        (result.slices[0].members, "false_positive", "Anna"),
        (result.slices[0].members, "real_issue", "Cleo"),
    )
    for rows, verdict, reviewer in given:
        verdicts.amend(
            result.scanner.group(rows).id,
            Change(verdict, note=f"by {reviewer}"),
            model="prediction",
            clip_ids=[str(result.data.ids[row]) for row in rows],
            reviewer=reviewer,
        )
    table = result.verdicts()
    assert table["reviewer"].tolist() == ["Cleo", "Anna", "Bob", "Anna"]
    assert table["verdict"].tolist() == ["real_issue", "false_positive", "unsure", "unsure"]
    assert table["note"].tolist() == [f"by {name}" for name in table["reviewer"]]
    assert table["counts"].tolist() == [True, False, False, True] and table["counts"].dtype == bool
    assert table["support"].tolist() == [8, 8, 8, 3]
    assert len(result.definitions()) == 1


def test_verdicts_stay_with_the_clips(frame):
    numbered = frame.assign(id=range(CLIPS))
    result = search(numbered, shuffles=0)
    page_arguments(result)
    (slice_,) = result.slices
    clips = [str(result.data.ids[row]) for row in slice_.members]
    verdicts = verdicts_of(page_path(result.data))
    verdicts.judge(slice_.id, model="prediction", clip_ids=clips, verdict="real_issue", reviewer="Anna")
    again = search(numbered.assign(newest=frame["large"]), shuffles=0)
    assert again.verdicts()["verdict"].tolist() == ["real_issue"]
    other = search(numbered.assign(sentence="four " + frame["sentence"]), shuffles=0)
    page_arguments(other)
    assert [each.id for each in other.slices] == [slice_.id] and other.verdicts().empty


def test_the_page_starts_and_stops(frame, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(review, "_has_screen", lambda: True)
    result = search(frame)
    with result.review() as first:
        (leading,) = opened  # other accounts see with what a browser is started
        assert first.running and "token" not in leading
        assert first.url in Path(urllib.request.url2pathname(urlsplit(leading).path)).read_text()
        address = first.url.replace("localhost", "127.0.0.1")
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with visitor.open(address) as answer:
            assert "token" not in answer.url and answer.status == 200
        with pytest.raises(HTTPError, match="401"):
            urllib.request.urlopen(address.partition("?")[0])
        assert result.review(browser=False).url == first.url and len(opened) == 1
        assert first.url in first._repr_html_() and f'src="{first.url}"' in first.frame(500)._repr_html_()
        assert first.verdicts().empty
    assert not first.running and "stopped" in repr(first) and "stopped" in first._repr_html_()


def test_a_page_opens_though_the_home_of_the_account_may_not_be_entered(frame, tmp_path, monkeypatch):
    """A service of systemd with ProtectHome; a file in the place of the folder, as root may enter all folders."""
    table, account = tmp_path / "calls.csv", tmp_path / "account"
    frame.drop(columns="vectors").to_csv(table, index=False)
    account.touch()
    monkeypatch.setenv("HOME", str(account))
    monkeypatch.setenv("USERPROFILE", str(account))
    with Page([str(table)], log=tmp_path / "page.log") as page:
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with visitor.open(page.url.replace("localhost", "127.0.0.1")) as answer:
            assert answer.status == 200
    assert "Traceback" not in (tmp_path / "page.log").read_text()


def test_a_page_ends_with_the_process_that_opened_it(monkeypatch):
    given_, ended = [b"x", b""], []
    monkeypatch.setattr("os.read", lambda file, count: given_.pop(0))
    monkeypatch.setattr("os.kill", lambda process, number: ended.append((process, number, len(given_))))
    page_process.end_with_parent()
    assert ended == [(os.getpid(), signal.SIGTERM, 0)]


def test_a_page_that_does_not_start_says_why(tmp_path, monkeypatch):
    with pytest.raises(SlicecoreError, match=re.escape("There is no file nowhere.csv.")):
        Page(["nowhere.csv"], log=tmp_path / "page.log")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SlicecoreError, match=f"Port {port} is taken"):
            Page(["nowhere.csv"], port)
    monkeypatch.setattr(page_process, "entry_points", lambda group: [SimpleNamespace(name="other")])
    with pytest.raises(SlicecoreError, match="No installed package brings"):
        Page(["nowhere.csv"])
