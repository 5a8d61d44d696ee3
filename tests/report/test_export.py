import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.explain.causes import Cause
from slicecore.explain.explainer import Explanation
from slicecore.explain.wrong_references import Reason, WrongReference
from slicecore.metrics import wer
from slicecore.report.tables import (
    clips_table,
    metadata_slices_table,
    reviewed_table,
    slices_table,
    to_csv,
    write_csv,
    wrong_references_table,
)
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan
from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceMark
from slicecore.table.dataset import from_table


@pytest.fixture
def clusters():
    """The clusters of thirty clips, ten of them far away from the others."""
    rng = np.random.default_rng(0)
    far = np.arange(30) >= 20
    return build_hierarchy(rng.normal(size=(30, 4)).astype(np.float32) + 40 * far[:, None])


@pytest.fixture
def reviewed(clusters):
    """Thirty clips, the ten far ones all wrong; two judged slices, one no longer flagged."""
    far = np.arange(30) >= 20
    table = pd.DataFrame(
        {
            "id": [f"c{i:02d}" for i in range(30)],
            "audio": [f"{i}.wav" for i in range(30)],
            "sentence": ["good morning to you"] * 30,
            "prediction": ["so long" if bad else "good morning to you" for bad in far],
            "device": ["=HYPERLINK(1)"] + ["phone"] * 29,
            "drop": np.arange(30) - 5.5,
        }
    )
    data = from_table(table, name="calls")
    costs = wer(data.reference, data.prediction)
    found = scan(clusters, costs, ids=data.ids)
    (one,) = found.slices
    ids = tuple(str(data.ids[row]) for row in one.members)
    judgements = {
        one.id: Judgement(
            one.id,
            "prediction",
            "real_issue",
            ("far", "loud"),
            'as, they "say"',
            "kb",
            "2026-01-02T03:04:05+00:00",
            ids,
        ),
        "old": Judgement(
            "old",
            "prediction",
            "false_positive",
            (),
            "",
            "",
            "2026-01-02T03:04:06+00:00",
            ("c01", "c03", "gone"),
        ),
    }
    return data, found, judgements


def test_reviewed_slices_have_a_row_per_clip_also_where_the_scan_no_longer_finds_them(reviewed):
    data, found, judgements = reviewed
    table = reviewed_table(data, found, judgements)
    one = found.slices[0]
    assert list(table.columns)[:13] == [
        *("slice_id", "verdict", "tags", "note", "reviewer", "time"),
        *("id", "audio", "reference", "prediction", "errors", "words", "value"),
    ]
    assert list(table.columns)[13:] == [
        *("slice_support", "slice_value", "overall_value", "drop", "metric"),
        *("causes", "explanation", "name", "reason"),
        *("device", "drop_in_table"),
    ]
    mine = table[table.slice_id == one.id]
    assert list(mine.id) == [f"c{i}" for i in range(20, 30)]
    assert set(mine.verdict) == {"real_issue"} and set(mine.tags) == {"far; loud"}
    assert mine.slice_support.iloc[0] == one.support == 10
    assert mine.slice_value.iloc[0] == one.value == mine.errors.sum() / mine.words.sum()
    assert mine["drop"].iloc[0] == pytest.approx(one.drop)
    assert list(mine.drop_in_table) == list(np.arange(20, 30) - 5.5)
    old = table[table.slice_id == "old"]
    assert list(old.id) == ["c01", "c03"] and set(old.slice_support) == {2}


def test_nothing_judged_gives_the_header_alone(reviewed):
    data, found, judgements = reviewed
    empty = reviewed_table(data, found, {})
    assert len(empty) == 0
    assert list(reviewed_table(data, found, judgements).columns) == list(empty.columns)


def test_every_clip_is_in_the_table_of_clips_once_with_its_slice(reviewed):
    data, found, _ = reviewed
    table = clips_table(data, found)
    assert list(table.id) == list(data.ids)
    assert list(table.slice_id) == [""] * 20 + [found.slices[0].id] * 10
    assert table.errors.dtype.kind == table.words.dtype.kind == "i"


def test_slices_carry_what_was_said_about_them(reviewed):
    _, found, judgements = reviewed
    table = slices_table(found, judgements)
    assert list(table.verdict) == ["real_issue"]
    assert list(slices_table(found).verdict) == [""]


def test_slices_that_people_made_are_exported_like_found_ones_with_their_name_and_reason(reviewed, clusters):
    data, found, judgements = reviewed
    one = Scanner(clusters, found.costs, data.ids).group([1, 2])
    mine = OwnSlice(one.id, "Scottish", "your selection: accent = scottish", "kb", "", ("c01", "c02"))
    table = slices_table(found, judgements, [(mine, one)])
    assert [list(table.slice_id), list(table.support)] == [[found.slices[0].id, one.id], [10, 2]]
    assert list(table.name) == ["", "Scottish"]
    assert list(table.reason) == ["", "your selection: accent = scottish"]
    assert (table.value[1], table.interval_low[1], table.interval_high[1]) == (one.value, *one.interval)
    rows = list(csv.DictReader(io.StringIO(to_csv(table).decode(), newline="")))
    assert [row["rank"] for row in rows] == ["1", ""]
    said = {"old": replace(judgements["old"], slice_id=one.id)}
    clips = reviewed_table(data, found, said, {one.id: mine})
    assert set(clips.name) == {"Scottish"} and set(clips.reason) == {mine.reason}


def test_some_clips_are_exported_in_their_order(reviewed):
    data, found, _ = reviewed
    table = clips_table(data, found, np.array([25, 3]))
    assert list(table.id) == ["c25", "c03"]
    assert list(table.slice_id) == [found.slices[0].id, ""]


def test_slices_carry_how_sure_they_are(reviewed, clusters):
    data, found, _ = reviewed
    one = found.slices[0]
    table = slices_table(found)
    assert list(table.tier) == ["confirmed"]
    assert list(table.p_value) == [one.p_value]
    assert (table.interval_low[0], table.interval_high[0]) == one.interval
    scanner = Scanner(clusters, found.costs, data.ids)
    raw = to_csv(slices_table(scanner.scan(Options(shuffles=0))))
    (row,) = csv.DictReader(io.StringIO(raw.decode(), newline=""))
    assert row["tier"] == row["p_value"] == ""
    assert float(row["interval_low"]) == 1.0
    assert list(slices_table(scanner.scan(Options(30))).columns) == list(table.columns)


def test_csv_reads_back_cell_by_cell_and_no_cell_is_run_by_a_spreadsheet(reviewed):
    table = reviewed_table(*reviewed[:2], reviewed[2])
    raw = to_csv(table)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))
    assert raw.count(b"\r\n") == len(table) + 1
    assert rows[0] == list(table.columns)
    for written, (_, meant) in zip(rows[1:], table.iterrows(), strict=True):
        for cell, value in zip(written, meant, strict=True):
            if isinstance(value, str):
                assert cell == value
            else:
                assert float(cell) == pytest.approx(float(value), abs=1e-6)
    assert 'as, they "say"' in rows[1]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-rf", "'-rf"),
        ("\tx", "'\tx"),
        ("-5.2", "-5.2"),
        ("+491", "+491"),
        ("plain", "plain"),
    ],
)
def test_formulas_are_defused_and_numbers_left_alone(cell, written):
    raw = to_csv(pd.DataFrame({"x": [cell, -1.5]}, dtype=object))
    assert list(csv.reader(io.StringIO(raw.decode(), newline=""))) == [["x"], [written], ["-1.5"]]


def test_causes_and_explanation_go_along(reviewed):
    data, found, judgements = reviewed
    (one,) = found.slices
    causes = tuple(Cause(name, name.title(), "", 1, 0, rank) for rank, name in enumerate(("hum", "quiet")))
    why = {one.id: Explanation(causes, (), (), None, "Hum: 30 dB against 5 in the rest.", "rest", 20)}
    table = slices_table(found, judgements, explanations=why)
    assert table.causes.tolist() == ["hum;quiet"]
    assert table.explanation.tolist() == ["Hum: 30 dB against 5 in the rest."]
    assert slices_table(found).causes.tolist() == [""]
    clips = reviewed_table(data, found, judgements, explanations=why)
    assert set(clips.causes[clips.slice_id == one.id]) == {"hum;quiet"}
    assert set(clips.causes[clips.slice_id != one.id]) == {""}


def test_measurements_of_clips_come_last_and_keep_clear_of_other_columns(reviewed):
    data, found, _ = reviewed
    measured = pd.DataFrame({"peak": np.arange(30.0), "words": 4.0})
    table = clips_table(data, found, [3, 1], measured)
    assert list(table.columns)[-2:] == ["peak", "words_measured"]
    assert table.peak.tolist() == [3, 1]


def test_metadata_named_like_other_columns_is_all_there(reviewed):
    data, found, judgements = reviewed
    frame = data.table.assign(tags_in_table="k", tags="t", note="n", note_in_table="m", value=7)
    data = from_table(frame, name="calls")
    table = clips_table(data, found)
    assert table.columns.is_unique
    assert set(table["note_in_table"]) == {"n"} and set(table["note_in_table_in_table"]) == {"m"}
    assert set(table["value_in_table"]) == {7}
    assert reviewed_table(data, found, judgements).columns.is_unique


def test_slices_over_metadata_say_what_they_have_in_common(reviewed):
    data, found, _ = reviewed
    data.table["room"] = data.table["hall"] = ["cafe"] * 20 + ["=hall"] * 10
    again = from_table(data.table, name="calls", audio="audio")
    table = metadata_slices_table(found, scan_metadata(found, again))
    assert table.slice.tolist()[0] == "room = =hall"
    assert table.same.tolist()[0].startswith("hall = =hall")
    assert table.support.tolist()[0] == 10
    assert list(metadata_slices_table(found, ()).columns) == list(table.columns)


def test_wrong_references_are_listed_with_all_predictions(reviewed):
    data, _, _ = reviewed
    listed = [
        WrongReference(4, (Reason("swapped", "it is clip 5's", 0.8), Reason("language", "fr", 0.4)), 0.88)
    ]
    table = wrong_references_table(data, listed)
    assert table.to_dict("records") == [
        {
            "id": "c04",
            "row": 6,
            "audio": "4.wav",
            "reference": "good morning to you",
            "prediction": "good morning to you",
            "score": 0.88,
            "signs": "swapped;language",
            "explanation": "It is clip 5's; fr.",
        }
    ]
    assert list(wrong_references_table(data, []).columns) == list(table.columns)


NOON = "2026-01-02T12:00:00+00:00"


def test_what_a_person_said_of_references_stands_beside_the_signs(reviewed):
    data, _, _ = reviewed
    listed = [WrongReference(row, (Reason("swapped", "it is clip 5's", 0.8),), 0.8) for row in (4, 9)]
    marks = {clip: ReferenceMark(clip, "ann", NOON) for clip in ("c20", "c09", "no longer there")}
    table = wrong_references_table(data, listed, marks)
    # Those that only a person found come last; all of them once.
    assert table["id"].tolist() == ["c04", "c09", "c20"]
    assert table["row"].tolist() == [6, 11, 22]
    assert table["signs"].tolist() == ["swapped", "swapped", ""]
    assert table["score"].isna().tolist() == [False, False, True]
    assert table["clip_verdict"].tolist() == ["", "reference_error", "reference_error"]
    assert table[["reviewer", "time"]].to_numpy().tolist() == [["", ""], ["ann", NOON], ["ann", NOON]]
    assert list(wrong_references_table(data, [], {}).columns) == list(table.columns)


def test_every_export_of_clips_says_which_references_are_wrong(reviewed):
    data, found, judgements = reviewed
    marks = {"c20": ReferenceMark("c20", "ann", NOON)}
    table = clips_table(data, found, [20, 3], marks=marks)
    assert table["clip_verdict"].tolist() == ["reference_error", ""]
    assert list(table.columns).index("clip_verdict") == list(table.columns).index("slice_id") + 1
    said = reviewed_table(data, found, judgements, marks=marks)
    assert said.loc[said["id"] == "c20", "clip_verdict"].eq("reference_error").all()
    assert said.loc[said["id"] != "c20", "clip_verdict"].eq("").all()
    assert "clip_verdict" not in clips_table(data, found)
    assert "clip_verdict" not in reviewed_table(data, found, judgements)


def test_a_write_that_breaks_off_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "slices.csv"
    write_csv(pd.DataFrame({"a": [1]}), path)
    before, write = path.read_bytes(), Path.write_bytes

    def full(file, content):
        write(file, content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_csv(pd.DataFrame({"a": [2]}), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
