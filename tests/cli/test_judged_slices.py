"""Verdicts and definitions on the command line."""

import pandas as pd
import pytest
from command import run

import slicecore as sc
from slicecore.errors import SlicecoreError
from slicecore.storage.verdicts import Change, place, verdicts_of


def test_verdicts_of_the_page_are_filled_in_where_they_are_asked_for(table, tmp_path, monkeypatch):
    options = (table, "--min-support", 5, "--min-drop", 0.2, "--no-explain", "--out", tmp_path / "out")
    clips = [f"c{i}" for i in range(30, 39)]
    verdicts = verdicts_of(table)
    verdicts.judge("of nine", model="another", clip_ids=clips, verdict="real_issue", reviewer="Anna")
    names = ["verdict", "reviewer", "carried_over", "from_table", "from_model"]

    def judged(*more):
        assert run(monkeypatch, "scan", *options, *more) == 0
        slices = pd.read_csv(tmp_path / "out" / "slices.csv", keep_default_na=False)
        return slices[["slice_id", *names]].values.tolist()[0]

    slice_id, *without = judged()
    assert without == ["", "", "", "", ""]
    assert judged("--verdicts")[1:] == ["real_issue", "Anna", 0.9, "", "another"]
    verdicts.judge(slice_id, model="prediction", clip_ids=clips, verdict="unsure", reviewer="kb")
    assert judged("--verdicts")[1:] == ["unsure", "kb", "", "", ""]
    file = tmp_path / "out" / "verdicts.csv"
    assert not file.exists()
    change = Change("real_issue")
    verdicts.amend(slice_id, change, model="prediction", clip_ids=clips, reviewer="Anna")
    assert judged("--verdicts")[1:] == ["real_issue", "Anna", "", "", ""]
    assert pd.read_csv(file)[["reviewer", "verdict"]].values.tolist() == [
        ["kb", "unsure"],
        ["Anna", "real_issue"],
    ]
    assert pd.read_csv(tmp_path / "out" / "agreement.csv")["same"].tolist() == [0]
    judged()
    assert not file.exists()


def test_a_judged_slice_is_defined_and_recognised_in_another_table(table, tmp_path, monkeypatch, capsys):
    out, definitions = tmp_path / "out", tmp_path / "slices.yaml"
    scan = ("scan", table, "--min-drop", 0.2, "--no-explain", "--out", out, "--definitions", definitions)
    assert run(monkeypatch, *scan) == 2
    assert "no slice with the verdict real_issue" in capsys.readouterr().err
    assert run(monkeypatch, *scan, "--define", "good") == 2
    assert "“good” is no verdict. Use one of: real_issue" in capsys.readouterr().err
    verdicts = verdicts_of(table)
    clips = [f"c{i}" for i in range(30, 40)]
    slice_id = pd.read_csv(out / "slices.csv").slice_id[0]
    verdicts.judge(
        slice_id, model="prediction", clip_ids=clips, verdict="real_issue", reviewer="Anna", note="50 Hz"
    )
    assert run(monkeypatch, *scan) == 0
    (definition,) = sc.load_definitions(definitions)
    assert (definition.id, definition.note, list(definition.clips)) == (slice_id, "50 Hz", clips)
    other = tmp_path / "other.csv"
    pd.read_csv(table).iloc[20:].assign(id=lambda frame: "n" + frame.id).to_csv(other, index=False)
    capsys.readouterr()
    members = tmp_path / "members.csv"
    assert run(monkeypatch, "apply", definitions, other, "--out", members) == 0
    assert "10 clips by ids (precision 100 %, recall 100 %)" in capsys.readouterr().out
    assert run(monkeypatch, "apply", definitions, other, "--by", "region", "--out", members) == 0
    assert set(pd.read_csv(members).id) == {f"nc{i}" for i in range(30, 40)}
    before = other.read_bytes()
    more = ("more", definitions, tmp_path, "-n", 12, "--format", "sounds")
    assert run(monkeypatch, *more, "-o", members) == 0
    found = pd.read_csv(members)
    assert "12 clips" in capsys.readouterr().out and found["rank"].tolist() == list(range(1, 13))
    assert run(monkeypatch, *more, "-o", definitions) == 2
    for read in (other, definitions):
        assert run(monkeypatch, "apply", definitions, other, "--out", read) == 2
        assert "stays as it is" in capsys.readouterr().err
    assert other.read_bytes() == before
    for command in (("more", "", tmp_path), ("apply", " ", other), ("track", other, "--definitions", "")):
        assert run(monkeypatch, *command) == 2
        assert "The path of the definitions is empty" in capsys.readouterr().err


def test_verdicts_of_a_table_that_is_no_file_are_refused(table):
    data = sc.read(table)
    found = sc.find_slices(
        data.table.assign(audio=[str(table.parent / name) for name in data.table["audio"]]), explain=False
    )
    with pytest.raises(SlicecoreError, match="tables that are files"):
        found.save(table.parent / "out", verdicts=True)


def test_who_has_no_reviews_is_told_where_they_were_looked_for(table, tmp_path, monkeypatch, capsys):
    """Those of a team are in another database than that of the account which asks; its password is not shown."""
    home = str(tmp_path / "home" / "reviews" / "reviews.sqlite")
    options = ("--no-explain", "--out", tmp_path / "out", "--definitions", tmp_path / "slices.yaml")
    assert run(monkeypatch, "scan", table, *options) == 2
    assert home in capsys.readouterr().err
    assert run(monkeypatch, "relabel", table, "-o", tmp_path / "corrected.csv") == 0
    assert home in capsys.readouterr().err
    monkeypatch.setenv(place.VARIABLE, "postgresql://anna:secret@db.example/reviews?unix_sock=/run/x")
    assert place.chosen_name() == "postgresql://anna:***@db.example/reviews"
