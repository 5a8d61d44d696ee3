"""`slicecore gate` on tables without sound: exit codes and files."""

import json
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.cli.commands import main

N = 200


def frame(wrong_of_tablet, ids="c"):
    wrong = np.where(np.arange(N) < 40, wrong_of_tablet, 0)
    return pd.DataFrame(
        {
            "id": [f"{ids}{i}" for i in range(N)],
            "reference": ["a b c d e f g h"] * N,
            "prediction": [" ".join(["x"] * count + list("abcdefgh")[count:]) for count in wrong],
            "device": np.where(np.arange(N) < 40, "tablet", "desk"),
        }
    )


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """A call of the command on definitions of the clips of the tablet: `gate(table, …)` gives its exit code."""
    frame(2).to_csv(tmp_path / "old.csv", index=False)
    data = sc.read(tmp_path / "old.csv")
    costs = sc.metrics.wer(data.reference, data.prediction)
    scanner = sc.Scanner(sc.build_hierarchy(np.zeros((N, 1))), costs, data.ids)
    sc.define([scanner.group(range(40))], data, costs).save(tmp_path / "slices.yaml")

    def call(table, *arguments):
        monkeypatch.setattr(
            sys, "argv", ["slicecore", "gate", str(tmp_path / "slices.yaml"), str(table), *arguments]
        )
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    return call


def test_exit_codes_and_files(gate, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert gate("old.csv", "--no-new", "--save", "run.json", "--name", "v1") == 0
    assert json.loads((tmp_path / "run.json").read_text())["name"] == "v1"
    frame(5).to_csv("worse.csv", index=False)
    files = ("--junit", "junit.xml", "--json", "gate.json", "--markdown", "gate.md")
    assert gate("worse.csv", "--baseline", "run.json", *files) == 1
    told = capsys.readouterr()
    assert "worse   " in told.out and "v1 of 20" in (tmp_path / "gate.md").read_text(encoding="utf-8")
    assert ET.parse("junit.xml").getroot().attrib["failures"] == "2"
    record = json.loads((tmp_path / "gate.json").read_text(encoding="utf-8"))
    assert record["checks"][1]["means"] == "ids"
    assert record["new_slices"] == [], "the slice over metadata that there is, is the one that was defined"
    assert "New slices were looked for in metadata only." in record["notes"][0]
    frame(9, ids="n").iloc[:9].to_csv("few.csv", index=False)
    assert gate("few.csv", "--baseline", "run.json", "--no-new") == 3
    assert "nothing was tested" in capsys.readouterr().out
    assert gate("few.csv", "--baseline", "run.json", "--no-new", "--allow-skipped", "--markdown", "-") == 0
    assert capsys.readouterr().out.startswith("## Gate: nothing was tested")
    assert gate("gone.csv") == 2
    assert gate("old.csv", "--baseline", "gone.json") == 2
    assert "can't be read" in capsys.readouterr().err
    assert gate("old.csv", "--no-new", "--junit", "slices.yaml/junit.xml") == 2
    assert "can't be written" in capsys.readouterr().err


def test_a_new_slice_is_listed_though_nothing_got_worse(gate, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table = frame(2)
    rows = np.arange(100, 140)
    table.loc[rows, "device"] = "car"
    table.loc[rows, "prediction"] = "x x x x x x g h"
    table.to_csv("new.csv", index=False)
    assert gate("new.csv") in (0, 1)
    assert "new     device = car: 40 clips, 75.0 %" in capsys.readouterr().out


def test_the_folder_of_a_scan_is_a_baseline(gate, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("vectors.npy", np.random.default_rng(0).normal(size=(N, 3)))
    table = frame(2).replace({"c1": "=c1"})
    table.to_csv("old.csv", index=False)
    sc.find_slices("old.csv", model="vectors.npy", explain=False, shuffles=0).save("out")
    run = sc.gate.read_run("out")
    assert run.ids[:3] == ("c0", "=c1", "c2")
    assert (run.title, run.is_rate, run.errors.sum()) == ("WER", True, 80)
    assert gate("old.csv", "--baseline", "out", "--no-new") == 0


def test_the_model_of_the_baseline_is_checked_whichever_stands_first(gate, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert gate("old.csv", "--no-new", "--save", "run.json") == 0
    both = frame(2)
    both.insert(2, "pred", frame(6)["prediction"])
    both[["id", "reference", "device", "pred", "prediction"]].to_csv("both.csv", index=False)
    against = ("--no-new", "--baseline", "run.json")
    assert gate("both.csv", *against) == 0
    assert "column" not in capsys.readouterr().out
    assert gate("both.csv", *against, "--prediction", "pred") == 1
    assert "checked are in the column “pred”, those before were in “prediction”" in capsys.readouterr().out
    both.drop(columns="prediction").to_csv("other.csv", index=False)
    assert gate("other.csv", *against) == 1
    assert "those before were in “prediction”" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--save", "--junit"])
def test_a_folder_is_no_file_to_write(gate, tmp_path, monkeypatch, capsys, option):
    monkeypatch.chdir(tmp_path)
    assert gate("old.csv", "--no-new", option, ".") == 2
    assert "can't be written (Is a directory)" in capsys.readouterr().err


def test_a_normaliser_of_ones_own_is_taken_from_the_command_line_only(gate, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate_rules.py").write_text("def clean(text):\n    return text.replace('x', 'a')\n")
    name = sc.load_normaliser("gate_rules.py:clean")
    definitions = tmp_path / "slices.yaml"
    text = definitions.read_text(encoding="utf-8").replace("normalisation: basic", f"normalisation: {name}")
    definitions.write_text(text.replace(name, "others:clean#12345678"), encoding="utf-8")
    assert gate("old.csv", "--no-new") == 2
    assert "give it as --normalisation others:clean" in capsys.readouterr().err
    definitions.write_text(text, encoding="utf-8")
    assert gate("old.csv", "--no-new", "--normalisation", "gate_rules:clean") == 0
    assert gate("old.csv", "--no-new", "--normalisation", "english") == 2
    assert "with the normalisation “gate_rules:clean”, not “english”" in " ".join(
        capsys.readouterr().err.split()
    )
    definitions.write_text(text.replace(name, f"{name[:-8]}00000000"), encoding="utf-8")
    assert gate("old.csv", "--no-new", "--normalisation", "gate_rules:clean") == 2
    assert "has been changed since" in capsys.readouterr().err
