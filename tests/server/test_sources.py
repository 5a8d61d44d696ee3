import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from slicecore_app.launch import TABLES_VARIABLE, VIEW_VARIABLE, run
from slicecore_app.server import sources
from slicecore_app.server.registry import Registry
from slicecore_app.server.sources import Source, known, recent, remember
from slicecore_app.session import launch_options


@pytest.fixture(autouse=True)
def no_tables(tmp_path, monkeypatch):
    """No table is known but those of the test."""
    monkeypatch.delenv(TABLES_VARIABLE, raising=False)
    monkeypatch.setattr(sources, "SAMPLE", tmp_path / "none.csv")


def table(folder, name="calls.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("sentence,prediction\na,b\n")
    return path


def test_nothing_is_known_at_first():
    assert known() == {}


def test_a_remembered_table_is_found_again_with_its_columns(tmp_path):
    source = remember(Source(str(table(tmp_path / "x")), None, "sentence", ("prediction",)))
    assert known() == {source.token: source}
    assert list(source.read().prediction) == ["b"]


def test_the_latest_comes_first_and_once(tmp_path):
    first, second = str(table(tmp_path / "x")), str(table(tmp_path / "y"))
    for path in (first, second, first):
        remember(Source(path))
    assert [source.path for source in known().values()] == [first, second]


def test_tables_of_the_command_line_come_before_remembered_ones_and_keep_their_columns(tmp_path, monkeypatch):
    old, new = str(table(tmp_path / "x")), str(table(tmp_path / "y"))
    remember(Source(old))
    mapped = remember(Source(new, reference="sentence"))
    remember(Source(old))
    monkeypatch.setenv(TABLES_VARIABLE, json.dumps([new]))
    assert next(iter(known().values())) == mapped


def test_a_table_that_is_gone_is_no_longer_offered(tmp_path):
    path = table(tmp_path / "x")
    remember(Source(str(path)))
    path.unlink()
    assert known() == {}


def test_tables_of_the_command_line_are_listed_among_those_opened_before(tmp_path, monkeypatch):
    typed, mapped, written = (table(tmp_path / folder) for folder in ("typed", "mapped", "home/notebooks"))
    remember(Source(str(mapped), reference="sentence"))
    started = [{"path": str(typed), "reference": "sentence"}, str(mapped), str(written)]
    monkeypatch.setenv(TABLES_VARIABLE, json.dumps(started))
    registry = Registry()
    for source in known().values():
        registry.open(source)
    assert [source.path for source in recent()] == [str(mapped), str(typed)]
    assert [source.reference for source in recent()] == ["sentence", "sentence"]
    monkeypatch.setenv(TABLES_VARIABLE, json.dumps([str(typed)]))
    first, *others = known().values()
    assert first.reference is None, "columns that a command names are those of that call"
    assert [source.path for source in others] == [str(mapped)], (
        "the menu of tables has those of the data page"
    )
    remember(recent()[1])
    assert next(iter(known().values())).reference == "sentence"


@pytest.mark.parametrize(
    "content", ["[{", '["calls.csv"]', "[null]", "null", '[{"path": "a", "unknown": 1}]']
)
def test_a_damaged_list_begins_anew(tmp_path, content):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "tables.json").write_text(content)
    assert known() == {}
    source = remember(Source(str(table(tmp_path / "x"))))
    assert list(known()) == [source.token]


@pytest.mark.parametrize(
    ("path", "name"), [("/d/calls/table.csv", "calls"), ("/d/calls/monday.csv", "monday")]
)
def test_a_table_is_called_by_what_tells_it_apart(path, name):
    assert Source(path).name == name


def test_the_command_line_says_which_part_of_a_file_each_clip_is(tmp_path, monkeypatch):
    path = tmp_path / "parts.csv"
    path.write_text("audio,sentence,prediction,from,to\nlong.wav,a,a,0,1.5\nlong.wav,b,b,1.5,\n")
    monkeypatch.setenv("SLICECORE_VIEW", "")
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: None)
    monkeypatch.setenv(TABLES_VARIABLE, "")
    run([path], start="from", end="to")
    (source,) = known().values()
    assert [(clip.start, clip.end) for clip in source.read().clips] == [(0.0, 1.5), (1.5, None)]


def test_the_command_line_says_where_audio_paths_start_and_what_is_compared(tmp_path, monkeypatch):
    path = tmp_path / "calls.csv"
    path.write_text("audio,sentence,prediction,prediction_large\na.wav,a,a,a\n")
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: None)
    monkeypatch.setenv(TABLES_VARIABLE, "")
    monkeypatch.setenv(VIEW_VARIABLE, "")
    run([path], folder="s3://calls/audio", compare_with="prediction_large")
    (source,) = known().values()
    assert source.read().audio_paths == ["s3://calls/audio/a.wav"]
    assert launch_options.view(source.read()) == {"compare": "prediction_large"}


def test_tables_opened_at_the_same_time_are_all_remembered(tmp_path):
    paths = [str(table(tmp_path / f"t{i}")) for i in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: remember(Source(path)), paths))
    assert sorted(source.path for source in known().values()) == sorted(paths)


def test_the_command_line_joins_predictions_and_a_change_of_their_file_is_another_state(
    tmp_path, monkeypatch
):
    folder = tmp_path / "kaldi"
    folder.mkdir()
    (folder / "wav.scp").write_text("u1 a.wav\n")
    (folder / "text").write_text("u1 hello\n")
    hypotheses = tmp_path / "hyp.trn"
    hypotheses.write_text("yellow (u1)\n")
    monkeypatch.setenv("SLICECORE_VIEW", "")
    monkeypatch.setattr("streamlit.web.cli.main", lambda *_, **__: None)
    monkeypatch.setenv(TABLES_VARIABLE, "")
    run([folder], predictions=[f"large={hypotheses}"])
    (source,) = known().values()
    assert list(source.read().predictions["large"]) == ["yellow"]
    before, newest = source.stamp, latest(source)
    os.utime(hypotheses, ns=(newest + 10**9, newest + 10**9))
    assert source.stamp != before
    assert remember(source) == source == known()[source.token]
    os.utime(folder / "text", ns=(newest + 10**10, newest + 10**10))
    assert latest(source) == newest + 10**10


def latest(source):
    return max(changed for _, changed in source.stamp)


def test_a_file_replaced_by_an_older_one_is_another_state(tmp_path):
    calls, hypotheses = table(tmp_path / "x"), table(tmp_path / "x", "hyp.csv")
    source = Source(str(calls), prediction_files=(("large", str(hypotheses)),))
    states = {source.stamp}
    for seconds, path in enumerate(
        (hypotheses, calls, hypotheses), 1
    ):  # each of them older than the one before
        os.utime(path, (1e9 - seconds, 1e9 - seconds))
        states.add(source.stamp)
    assert len(states) == 4


def test_a_file_in_a_folder_replaced_by_an_older_one_is_another_state(tmp_path):
    for name in ("b.csv", "a.csv"):
        path = table(tmp_path / "x", name)
    source = Source(str(tmp_path / "x"))
    before = source.stamp
    folder = path.parent
    assert [file for file, _ in before] == [str(folder), str(folder / "a.csv"), str(folder / "b.csv")]
    os.utime(path, (1e9, 1e9))
    assert source.stamp != before


def test_a_table_without_its_file_of_predictions_has_no_stamp_and_is_not_offered(tmp_path):
    calls, hypotheses = table(tmp_path / "x"), table(tmp_path / "x", "hyp.csv")
    source = remember(Source(str(calls), prediction_files=(("large", str(hypotheses)),)))
    assert known() == {source.token: source}
    hypotheses.unlink()
    assert source.stamp == ()
    assert known() == {}


def test_a_number_per_clip_and_a_threshold_are_passed_on(tmp_path, monkeypatch):
    path = tmp_path / "clips.csv"
    path.write_text("audio,mos\na.wav,3\nb.wav,4.5\n")
    for variable in (TABLES_VARIABLE, VIEW_VARIABLE):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr("slicecore_app.launch._start_streamlit", lambda server: None)
    run([path], mean_of="mos", higher_is_better=True)
    (source,) = sources.started_with()
    assert source.read().roles.predictions == ("mos",) and source.read().roles.reference is None
    assert launch_options.view(source.read())["metric"] == "mean.basic"
    run([path], metric="detection", threshold=0.5)
    assert launch_options.view(source.read()) == {"metric": "detection.basic", "threshold": "0.5"}
