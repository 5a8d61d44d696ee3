"""The gate where predictions are scores of a detector, or a number per clip."""

import sys

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.cli.commands import main
from slicecore.errors import DefinitionError, TableError
from slicecore.transfer.file import from_yaml

N = 200
BAD = np.arange(N) < 40
TARGETS = np.arange(N) % 2


def detector(shift=0.0, errors=BAD):
    """Scores of .2 and .8, the other way round where they are errors; `shift` moves all."""
    scores = np.where(errors, 0.8 - 0.6 * TARGETS, 0.2 + 0.6 * TARGETS) + np.arange(N) / 10_000
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(N)],
            "reference": TARGETS,
            "prediction": scores + shift,
            "device": np.where(BAD, "phone", "desk"),
        }
    )


def numbers(bad=2.0):
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(N)],
            "mos": np.where(BAD, bad, 4.0) + np.arange(N) / 1000,
            "device": np.where(BAD, "phone", "desk"),
        }
    )


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """A search for slices over metadata."""
    cache = tmp_path_factory.mktemp("cache")

    def call(frame, **given):
        return sc.find_slices(frame, model="none", shuffles=99, explain=False, cache=cache, **given)

    return call


@pytest.fixture
def gate(monkeypatch):
    """A call of the command: `gate(*arguments)` gives its exit code."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["slicecore", "gate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    return call


def test_every_version_is_judged_at_the_threshold_of_the_definitions(search):
    definitions = from_yaml(search(detector(), threshold=0.6).definitions(None).to_yaml())
    assert definitions.threshold == 0.6
    before = sc.gate.check(definitions, detector())
    assert before.run.threshold == 0.6
    now = sc.gate.check(definitions, detector(shift=0.5), before.run)
    assert now["whole table"].status == "worse", "at its own equal errors it would be as good as before"
    assert "over 200 clips at the score threshold 0.6" in now["whole table"].sentence


def test_without_a_threshold_of_their_own_definitions_take_that_of_the_baseline(search, tmp_path):
    definitions = search(detector(), threshold=0.6).definitions(None)
    run = sc.gate.check(definitions, detector()).run
    run.save(tmp_path / "run.json")
    old = from_yaml(definitions.to_yaml().replace("threshold: 0.6\n", ""))
    assert old.threshold is None
    assert sc.gate.check(old, detector(), tmp_path / "run.json").run.threshold == 0.6
    other = from_yaml(definitions.to_yaml().replace("threshold: 0.6\n", "threshold: 0.5\n"))
    with pytest.raises(DefinitionError, match=r"threshold 0\.5, but the baseline is at 0\.6"):
        sc.gate.check(other, detector(), run)


def test_the_folder_of_a_scan_at_a_threshold_is_a_baseline(search, tmp_path):
    result = search(detector(), threshold=0.6)
    result.save(tmp_path / "out")
    now = sc.gate.check(result.definitions(None), detector(), tmp_path / "out")
    assert now.exit_code == 0 and sc.gate.read_run(tmp_path / "out").threshold == 0.6


def test_the_mean_of_a_column_is_checked(search, gate, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    numbers().to_csv("old.csv", index=False)
    result = search(tmp_path / "old.csv", mean_of="mos", higher_is_better=True, min_drop=0.5)
    result.save(tmp_path / "out")
    definitions = result.definitions(None)
    assert (definitions.metric, definitions.is_mean, definitions.higher_is_better) == ("mos", True, True)
    definitions.save("slices.yaml")
    assert gate("slices.yaml", "old.csv", "--baseline", "out", "--save", "run.json") == 0
    numbers(bad=1.0).to_csv("new.csv", index=False)
    assert gate("slices.yaml", "new.csv", "--baseline", "run.json") == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "worse device = phone: 2.02 before, 1.02 now over 40 clips: 1 worse" in told
    numbers().drop(columns="mos").to_csv("without.csv", index=False)
    assert gate("slices.yaml", "without.csv") == 2
    with pytest.raises(TableError, match="no column “mos”"):
        sc.gate.check(definitions, sc.read(detector()))


def test_a_field_that_is_neither_true_nor_false_is_a_sentence(search):
    text = search(numbers(), mean_of="mos", min_drop=0.5).definitions(None).to_yaml()
    with pytest.raises(DefinitionError, match=r"“is_mean” is “maybe”, but must be true or false"):
        from_yaml(text.replace("is_mean: true", "is_mean: maybe"))
