"""`slicecore probe`: clips mended or damaged, and the judgement of new predictions of them."""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import soundfile
from command import run

import slicecore as sc

OPTIONS = ("--shuffles", 0, "--min-support", 5)


def answers(folder, changed):
    """Predictions of a probe: unchanged clips go wrong, changed ones give this."""
    table = pd.read_csv(folder / "probe.csv")
    texts = ["won too" if version == "unchanged" else changed for version in table["version"]]
    table.assign(prediction=texts)[["id", "prediction"]].to_csv(folder / "new.csv", index=False)
    return folder / "new.csv"


def test_a_slice_is_mended_and_judged(table, monkeypatch, capsys):
    folder = table.parent / "probe"
    probe = ("probe", table, *OPTIONS, "--out", folder)
    assert run(monkeypatch, *probe, "--remedy", "notch") == 0
    printed = capsys.readouterr()
    assert printed.out == "Overdriven: 10 clips, notch filter at the mains frequency and its multiples.\n"
    assert f"slicecore probe --judge {folder} PREDICTIONS" in printed.err
    rows = pd.read_csv(folder / "probe.csv")
    assert list(rows) == ["id", "audio", "reference", "clip", "version"]
    assert rows["version"].tolist() == ["unchanged", "mended"] * 10
    before, after = (soundfile.read(folder / audio) for audio in rows["audio"][:2])
    assert before[1] == after[1] == 16_000
    hum = soundfile.read(table.parent / f"{rows['clip'][0].removeprefix('c')}.wav")[0]
    assert np.abs(before[0] - hum).max() < 1e-4
    assert 20 * np.log10(before[0].std() / after[0].std()) > 20

    assert run(monkeypatch, "probe", "--judge", folder, answers(folder, "one two three four")) == 0
    sentence = capsys.readouterr().out
    assert sentence.startswith("Confirmed (overdriven): mended clips (notch filter")
    assert "change −100.0" in sentence
    assert run(monkeypatch, "probe", "--judge", folder, answers(folder, "won too")) == 0
    assert capsys.readouterr().out.startswith("Not confirmed")

    assert run(monkeypatch, *probe) == 2
    assert "is there already" in capsys.readouterr().err


def test_the_files_of_a_probe_as_an_archive(table):
    result = sc.find_slices(table, min_support=5, shuffles=0)
    probe = result.probe(result.slices[0], remedy="highpass")
    with zipfile.ZipFile(io.BytesIO(probe.zipped())) as files:
        names = files.namelist()
    assert {"probe.csv", "probe.json", "clips/0001-unchanged.wav", "clips/0010-mended.wav"} <= set(names)
    assert len(names) == 22


def test_clean_clips_are_damaged(table, monkeypatch, capsys):
    folder = table.parent / "damaged"
    assert run(monkeypatch, "probe", table, "Overdriven", *OPTIONS, "--damage", "--out", folder) == 0
    assert (
        capsys.readouterr().out
        == "Overdriven: 29 clips, Normalize, Gain, Clip, Gain by the slice's own range.\n"
    )
    record = json.loads((folder / "probe.json").read_text(encoding="utf-8"))
    assert record["about"]["kind"] == "damage"
    assert {clip["id"] for clip in record["clips"]}.isdisjoint(f"c{i}" for i in range(30, 40))
    assert sum(words for _, words in record["slice"]) == 40


def test_what_can_not_be_probed_is_said(table, monkeypatch, capsys):
    probe = ("probe", table, *OPTIONS, "--out", table.parent / "probe")
    for wrong, text in (
        (("Quiet",), "There is no slice “Quiet”. There are: Overdriven ("),
        (("--remedy", "prayer"), "There is no remedy “prayer” that can be tried. Use one of: notch, "),
        ((), "No filter mends “Overdriven”. Record again with less gain"),
        (("--cause", "echo"), "The slice has no cause “echo”. Its causes: overdriven"),
        (("--damage", "--remedy", "notch"), "not both"),
        (("--judge", table.parent), "probe.json can't be read"),
    ):
        assert run(monkeypatch, *probe, *wrong) == 2
        assert text in capsys.readouterr().err
    assert run(monkeypatch, "probe", table, "Overdriven", "--judge", table.parent) == 2
    assert "--judge takes the folder of a probe" in capsys.readouterr().err
    assert not (table.parent / "probe").exists()
