import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from slicecore.carry_over.carrying import Carried, CarriedOver, Judged
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.explain.causes import Cause
from slicecore.explain.explainer import Explanation
from slicecore.explain.wrong_references import Reason, WrongReference
from slicecore.metrics import wer
from slicecore.report import csv_files
from slicecore.report.csv_files import to_csv, write_csv
from slicecore.report.tables import (
    clips_table,
    metadata_slices_table,
    reviewed_table,
    slices_table,
    wrong_references_table,
)
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan
from slicecore.storage.verdicts import Judgement, OwnSlice, ReferenceCorrection, ReferenceMark
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
    result = scan(clusters, costs, ids=data.ids)
    (slice_,) = result.slices
    ids = tuple(str(data.ids[row]) for row in slice_.members)
    judgements = {
        slice_.id: Judgement(
            slice_.id,
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
    return data, result, judgements


def test_reviewed_slices_have_a_row_per_clip_also_where_the_scan_no_longer_finds_them(reviewed):
    data, result, judgements = reviewed
    table = reviewed_table(data, result, judgements)
    slice_ = result.slices[0]
    assert list(table.columns)[:16] == [
        *(
            "slice_id",
            "verdict",
            "tags",
            "note",
            "reviewer",
            "time",
            "carried_over",
            "from_table",
            "from_model",
        ),
        *("id", "audio", "reference", "prediction", "errors", "words", "value"),
    ]
    assert list(table.columns)[16:] == [
        *("slice_support", "slice_value", "overall_value", "drop", "metric"),
        *("causes", "claims", "explanation", "remedy", "name", "reason"),
        *("device", "drop_in_table"),
    ]
    own = table[table.slice_id == slice_.id]
    assert list(own.id) == [f"c{i}" for i in range(20, 30)]
    assert set(own.verdict) == {"real_issue"} and set(own.tags) == {"far; loud"}
    assert own.slice_support.iloc[0] == slice_.support == 10
    assert own.slice_value.iloc[0] == slice_.value == own.errors.sum() / own.words.sum()
    assert own["drop"].iloc[0] == pytest.approx(slice_.drop)
    assert list(own.drop_in_table) == list(np.arange(20, 30) - 5.5)
    old = table[table.slice_id == "old"]
    assert list(old.id) == ["c01", "c03"] and set(old.slice_support) == {2}


def test_nothing_judged_gives_the_header_alone(reviewed):
    data, result, judgements = reviewed
    empty = reviewed_table(data, result, {})
    assert len(empty) == 0
    assert list(reviewed_table(data, result, judgements).columns) == list(empty.columns)


def test_every_clip_is_in_the_table_of_clips_once_with_its_slice(reviewed):
    data, result, _ = reviewed
    table = clips_table(data, result)
    assert list(table.id) == list(data.ids)
    assert list(table.slice_id) == [""] * 20 + [result.slices[0].id] * 10
    assert table.errors.dtype.kind == table.words.dtype.kind == "i"


def test_slices_carry_their_verdicts(reviewed):
    _, result, judgements = reviewed
    table = slices_table(result, judgements)
    assert list(table.verdict) == ["real_issue"]
    assert list(slices_table(result).verdict) == [""]


def test_user_defined_slices_are_exported_like_flagged_ones_with_their_name_and_reason(reviewed, clusters):
    data, result, judgements = reviewed
    slice_ = Scanner(clusters, result.costs, data.ids).group([1, 2])
    own = OwnSlice(slice_.id, "Scottish", "your selection: accent = scottish", "kb", "", ("c01", "c02"))
    table = slices_table(result, judgements, [(own, slice_)])
    assert [list(table.slice_id), list(table.support)] == [[result.slices[0].id, slice_.id], [10, 2]]
    assert list(table.name) == ["", "Scottish"]
    assert list(table.reason) == ["", "your selection: accent = scottish"]
    assert (table.value[1], table.interval_low[1], table.interval_high[1]) == (slice_.value, *slice_.interval)
    rows = list(csv.DictReader(io.StringIO(to_csv(table).decode(), newline="")))
    assert [row["rank"] for row in rows] == ["1", ""]
    reviews = {"old": replace(judgements["old"], slice_id=slice_.id)}
    clips = reviewed_table(data, result, reviews, {slice_.id: own})
    assert set(clips.name) == {"Scottish"} and set(clips.reason) == {own.reason}


def test_some_clips_are_exported_in_their_order(reviewed):
    data, result, _ = reviewed
    table = clips_table(data, result, np.array([25, 3]))
    assert list(table.id) == ["c25", "c03"]
    assert list(table.slice_id) == [result.slices[0].id, ""]


def test_slices_carry_tier_and_p_value(reviewed, clusters):
    data, result, _ = reviewed
    slice_ = result.slices[0]
    table = slices_table(result)
    assert list(table.tier) == ["confirmed"]
    assert list(table.p_value) == [slice_.p_value]
    assert (table.interval_low[0], table.interval_high[0]) == slice_.interval
    scanner = Scanner(clusters, result.costs, data.ids)
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
            if isinstance(value, str) or value is None:
                assert cell == (value or "")
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
    data, result, judgements = reviewed
    (slice_,) = result.slices
    causes = tuple(Cause(name, name.title(), "", 1, 0, rank) for rank, name in enumerate(("hum", "quiet")))
    explanations = {
        slice_.id: Explanation(causes, (), (), None, "Hum: 30 dB against 5 in the rest.", "rest", 20)
    }
    table = slices_table(result, judgements, explanations=explanations)
    assert table.causes.tolist() == ["hum;quiet"]
    assert table.explanation.tolist() == ["Hum: 30 dB against 5 in the rest."]
    assert slices_table(result).causes.tolist() == [""]
    clips = reviewed_table(data, result, judgements, explanations=explanations)
    assert set(clips.causes[clips.slice_id == slice_.id]) == {"hum;quiet"}
    assert set(clips.causes[clips.slice_id != slice_.id]) == {""}


def test_measurements_of_clips_come_last_and_keep_clear_of_other_columns(reviewed):
    data, result, _ = reviewed
    measured = pd.DataFrame({"peak": np.arange(30.0), "words": 4.0})
    table = clips_table(data, result, [3, 1], measured)
    assert list(table.columns)[-2:] == ["peak", "words_measured"]
    assert table.peak.tolist() == [3, 1]


def test_metadata_named_like_other_columns_is_all_there(reviewed):
    data, result, judgements = reviewed
    frame = data.table.assign(tags_in_table="k", tags="t", note="n", note_in_table="m", value=7)
    data = from_table(frame, name="calls")
    table = clips_table(data, result)
    assert table.columns.is_unique
    assert set(table["note_in_table"]) == {"n"} and set(table["note_in_table_in_table"]) == {"m"}
    assert set(table["value_in_table"]) == {7}
    assert reviewed_table(data, result, judgements).columns.is_unique


def test_metadata_slices_list_their_conditions(reviewed):
    data, result, _ = reviewed
    data.table["room"] = data.table["hall"] = ["cafe"] * 20 + ["=hall"] * 10
    again = from_table(data.table, name="calls", audio="audio")
    table = metadata_slices_table(result, scan_metadata(result, again))
    assert table.slice.tolist()[0] == "room = =hall"
    assert table.same.tolist()[0].startswith("hall = =hall")
    assert table.support.tolist()[0] == 10
    assert list(metadata_slices_table(result, ()).columns) == list(table.columns)


def test_wrong_references_are_listed_with_all_predictions(reviewed):
    data, _, _ = reviewed
    wrong_references = [
        WrongReference(4, (Reason("swapped", "it is clip 5's", 0.8), Reason("language", "fr", 0.4)), 0.88)
    ]
    table = wrong_references_table(data, wrong_references)
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


def test_verdicts_on_references_stand_beside_the_signs(reviewed):
    data, _, _ = reviewed
    wrong_references = [
        WrongReference(row, (Reason("swapped", "it is clip 5's", 0.8),), 0.8) for row in (4, 9)
    ]
    marks = {clip: ReferenceMark(clip, "ann", NOON) for clip in ("c20", "c09", "no longer there")}
    table = wrong_references_table(data, wrong_references, marks)
    # Those that only a person found come last; all of them once.
    assert table["id"].tolist() == ["c04", "c09", "c20"]
    assert table["row"].tolist() == [6, 11, 22]
    assert table["signs"].tolist() == ["swapped", "swapped", ""]
    assert table["score"].isna().tolist() == [False, False, True]
    assert table["clip_verdict"].tolist() == ["", "reference_error", "reference_error"]
    assert table[["reviewer", "time"]].to_numpy().tolist() == [["", ""], ["ann", NOON], ["ann", NOON]]
    assert list(wrong_references_table(data, [], {}).columns) == list(table.columns)


def test_every_export_of_clips_says_which_references_are_wrong(reviewed):
    data, result, judgements = reviewed
    marks = {"c20": ReferenceMark("c20", "ann", NOON)}
    table = clips_table(data, result, [20, 3], marks=marks)
    assert table["clip_verdict"].tolist() == ["reference_error", ""]
    assert list(table.columns).index("clip_verdict") == list(table.columns).index("slice_id") + 1
    reviews = reviewed_table(data, result, judgements, marks=marks)
    assert reviews.loc[reviews["id"] == "c20", "clip_verdict"].eq("reference_error").all()
    assert reviews.loc[reviews["id"] != "c20", "clip_verdict"].eq("").all()
    assert "clip_verdict" not in clips_table(data, result)
    assert "clip_verdict" not in reviewed_table(data, result, judgements)


def test_corrected_references_stand_beside_those_of_the_table(reviewed):
    data, result, _ = reviewed
    corrections = {"c20": ReferenceCorrection("c20", "as it was", "so long", "ann", NOON)}
    table = clips_table(data, result, [20, 3], marks={}, corrections=corrections)
    assert table["corrected_reference"].tolist() == ["so long", ""]
    assert table["reference"].tolist() == [data.reference[20], data.reference[3]]
    assert table["errors"].tolist() == clips_table(data, result, [20, 3])["errors"].tolist()
    (row,) = wrong_references_table(data, [], {}, corrections).to_dict("records")
    assert (row["id"], row["reference"], row["clip_verdict"]) == ("c20", data.reference[20], "")
    assert (row["corrected_reference"], row["corrected_by"], row["corrected_at"]) == ("so long", "ann", NOON)


def test_a_write_that_breaks_off_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "slices.csv"
    write_csv(pd.DataFrame({"a": [1]}), path)
    before = path.read_bytes()

    class Full:
        """Cell at which the disk is full, when the first rows are written."""

        def __str__(self):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_files, "_ROWS_AT_ONCE", 2)
    with pytest.raises(OSError, match="No space left"):
        write_csv(pd.DataFrame({"a": [2, 3, 4, Full()]}), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def carried(judgement, slice_, holds, table=""):
    judged = Judged(judgement, "calls-0a", table, None, slice_.members[:-1], None)
    return CarriedOver({slice_.id: Carried(judged, slice_.members, 0.9, 9, holds)}, ())


def test_a_verdict_carried_over_is_exported_with_the_slice_that_has_it_where_it_came_from_and_how_far(
    reviewed,
):
    data, result, judgements = reviewed
    (slice_,) = result.slices
    other = replace(judgements[slice_.id], slice_id="of nine", model="base", clip_ids=("c20",))
    elsewhere = carried(other, slice_, True, "calls_v1")
    table = slices_table(result, {}, carried=elsewhere)
    names = ["slice_id", "verdict", "reviewer", "time", "carried_over", "from_table", "from_model"]
    expected = [slice_.id, other.verdict, other.reviewer, other.time, 0.9, "calls_v1", "base"]
    assert table[names].iloc[0].tolist() == expected
    table = reviewed_table(data, result, {}, carried=elsewhere)
    assert table[names].drop_duplicates().to_numpy().tolist() == [expected]
    assert list(table.id) == [f"c{i}" for i in range(20, 30)]


def test_a_judgement_that_holds_for_another_slice_by_now_is_listed_with_that_alone(reviewed):
    data, result, judgements = reviewed
    (slice_,) = result.slices
    before = replace(
        judgements[slice_.id], slice_id="of nine", clip_ids=tuple(f"c{i}" for i in range(20, 29))
    )
    table = reviewed_table(data, result, {"of nine": before}, carried=carried(before, slice_, True))
    assert set(table.slice_id) == {slice_.id} and set(table.carried_over) == {0.9}


def test_a_hint_is_no_verdict_and_a_verdict_of_the_slice_itself_goes_before_one_carried_over(reviewed):
    data, result, judgements = reviewed
    (slice_,) = result.slices
    before = replace(
        judgements[slice_.id], slice_id="of nine", clip_ids=tuple(f"c{i}" for i in range(20, 29))
    )
    table = slices_table(result, {}, carried=carried(before, slice_, False))
    assert table.verdict.tolist() == [""] and table.carried_over.isna().all()
    hint = carried(before, slice_, False)
    assert set(reviewed_table(data, result, {"of nine": before}, carried=hint).slice_id) == {"of nine"}
    own = slices_table(result, judgements, carried=carried(before, slice_, True))
    assert own.carried_over.isna().all()
