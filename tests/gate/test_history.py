"""The history: slices over versions, open, mended and back."""

import math
from dataclasses import replace

import numpy as np
import pytest

import slicecore as sc
from slicecore.cli.commands import cli
from slicecore.errors import DefinitionError
from slicecore.gate.past import past_of
from slicecore.gate.run import Run, SliceOfRun
from slicecore.report.html.past import past_caption, past_texts


def run(number, value, half=0.05, support=30, name="Hum <b>", overall=0.1):
    interval = (value - half, value + half)
    slice_ = SliceOfRun(name, support, value, interval, "ids", 0.4)
    return Run(
        *(
            f"v{number}",
            f"2026-01-{number:02}T00:00:00+00:00",
            "calls",
            "prediction",
            "wer",
            "basic",
            "WER",
            True,
        ),
        *(False, overall, (overall, overall), (slice_,), ("a",), np.array([1.0]), np.array([4.0])),
    )


def states(*values):
    return [
        entry.state
        for entry in sc.gate.of_runs([run(i, v) for i, v in enumerate(values, 1)]).slices["Hum <b>"]
    ]


def test_a_slice_is_open_until_it_is_mended_and_may_come_back():
    assert states(0.5, 0.45, 0.2, 0.15, 0.4, 0.2) == ["open", "open", "mended", "mended", "back", "mended"]


def test_just_half_of_the_drop_is_not_below_half():
    """.3 - .1 is 0.19999999999999998, half of .4."""
    assert states(0.5, 0.3, 0.299) == ["open", "open", "mended"]
    assert states(0.5, 0.2, 0.3) == ["open", "mended", "back"]


def test_what_is_not_sure_changes_nothing():
    """The interval has to exclude the drop of the definition to mend, and no drop to come back."""
    runs = [run(1, 0.5), run(2, 0.25, half=0.3), run(3, 0.25), run(4, 0.35, half=0.3), run(5, 0.31)]
    entries = sc.gate.of_runs(runs).slices["Hum <b>"]
    assert [entry.state for entry in entries] == ["open", "open", "mended", "mended", "back"]


def test_a_run_without_clips_of_a_slice_says_nothing():
    gone = replace(
        run(3, math.nan, support=0), slices=(replace(run(3, 0.1).slices[0], value=math.nan, support=0),)
    )
    known = sc.gate.of_runs([run(1, 0.5), run(2, 0.2), gone])
    assert [entry.state for entry in known.slices["Hum <b>"]] == ["open", "mended", "unknown"]
    assert known.state == {"Hum <b>": "mended"}


def test_a_folder_of_runs_becomes_a_table_and_a_chart(tmp_path, capsys):
    for number, value in ((2, 0.2), (1, 0.5), (3, 0.45)):
        saved = replace(run(number, value), name=f"v{number}\x1b[2J")
        saved.save(tmp_path / f"{9 - number}.json")
    (tmp_path / "gate.json").write_text('{"status": "ok"}')
    (tmp_path / "notes.json").write_text("{")
    known = sc.history(tmp_path)
    frame = known.to_frame()
    assert [name[:2] for name in frame["run"]] == ["v1", "v2", "v3"] and frame["state"].tolist() == [
        "open",
        "mended",
        "back",
    ]
    assert frame["drop"].tolist() == pytest.approx([0.4, 0.1, 0.35])
    whole, hum = known.figure().data
    assert list(whole.y) == [0.1] * 3 and list(hum.y) == [0.5, 0.2, 0.45]
    assert hum.name == "Hum &lt;b&gt;" and list(hum.error_y.array) == pytest.approx([0.05] * 3)
    assert list(hum.marker.symbol) == ["circle", "circle-open", "diamond"]
    assert "&lt;b&gt;" in known._repr_html_() and "<b>" not in known._repr_html_()
    cli(["history", str(tmp_path), "--csv", str(tmp_path / "h.csv")], standalone_mode=False)
    told = capsys.readouterr().out
    assert told.startswith("Hum <b>: back\n  v1") and "50.0 % (+40.0 pts)" in told
    assert "\x1b" not in told
    assert (tmp_path / "h.csv").read_text().count("\n") == 4


def test_what_is_no_history_is_a_sentence(tmp_path):
    with pytest.raises(DefinitionError, match="has no runs"):
        sc.history(tmp_path)
    (tmp_path / "cut.json").write_text('{"slicecore_run": 1, "name"')
    with pytest.raises(DefinitionError, match=r"cut\.json is no JSON"):
        sc.history(tmp_path)
    with pytest.raises(DefinitionError, match="is no folder"):
        sc.history(tmp_path / "gone")
    with pytest.raises(DefinitionError, match="different metrics: wer"):
        sc.gate.of_runs([run(1, 0.5), replace(run(2, 0.5), metric="cer")])


def test_a_folder_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("os.listdir", refused)
    with pytest.raises(DefinitionError, match="can't be read \\(Permission denied\\)"):
        sc.history(tmp_path)


def test_a_report_takes_the_values_of_every_run():
    gone = replace(run(3, 0.1), slices=(replace(run(3, 0.1).slices[0], value=math.nan),))
    past = past_of(sc.gate.of_runs([run(1, 0.5), run(2, 0.2), gone]))
    (slice_,) = past.slices
    assert past.runs == ("v1", "v2", "v3") and past.overall == (0.1, 0.1, 0.1)
    assert [(each.run, each.state) for each in slice_.values] == [(0, "open"), (1, "mended"), (2, "unknown")]
    (text,) = past_texts(past)
    assert (text.state, text.first, text.last) == ("mended", "50.0\u202f%", "20.0\u202f%")
    assert len(text.bars) == len(text.line.split()) == 2 and len(text.overall.split()) == 3
    assert past_caption(past) == ("3 saved runs from left to right, from v1 to v3; dashed: the whole table.")
