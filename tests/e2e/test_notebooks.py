"""The notebooks of docs/notebooks: they run from the first to the last cell, and every result shows itself.

Here, though without a browser, because here the sample data is embedded already. Cells are run in this process: a
kernel would take three seconds to start.
"""

from __future__ import annotations

import ast
import json
from types import SimpleNamespace

import harness
import pandas as pd
import pytest

import slicecore as sc

FOLDER = harness.ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


class Page(SimpleNamespace):
    """A page that is not started: tests/pipeline/test_opened_page.py starts one."""

    def __init__(self, arguments, port, log):
        super().__init__(arguments=arguments, port=8501, url="http://localhost:8501", running=True)

    def close(self):
        self.running = False


@pytest.fixture
def run(home, monkeypatch, tmp_path):
    """Run a notebook; returns the names it has defined and what its cells show."""
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    monkeypatch.setattr("slicecore.pipeline.review.Page", Page)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(FOLDER)

    def call(name):
        notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
        names, shown = {"__name__": "__main__"}, []
        for cell in notebook["cells"]:
            assert not cell.get("outputs")  # saved without: they would be out of date, and large
            if cell["cell_type"] == "code":
                shown += _run("".join(cell["source"]), names)
        return names, shown

    return call


def _run(code, names):
    """Run a cell; returns the value of its last line as a notebook shows it, if it has one."""
    body = ast.parse(code).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    if last is None:
        return []
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    if value is None:
        return []
    if hasattr(value, "to_plotly_json"):
        return [value.to_json()]
    return [value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)]


def test_a_first_look(run):
    names, shown = run("first-look")
    result = names["result"]
    assert isinstance(names["table"], pd.DataFrame) and len(result.slices) == 7
    assert shown[1].count("<tr>") == 8 and shown[2].count("<audio") == 3
    assert sum(map(len, shown)) < 600_000  # what a saved notebook has
    assert not names["review"].running


def test_two_models(run):
    names, shown = run("two-models")
    assert names["loses"].compared_with == "prediction_base" and names["loses"].slices
    assert names["table"]["id"][names["worst"]] == "utt-0150"
    assert all("prediction_base" in shown[place] for place in (1, 2, 3, 4))


def test_a_gate(run):
    names, shown = run("gate")
    assert len(names["definitions"]) == len(names["gate"].slices) == 7
    assert {entry.run.name for entry in names["history"].slices["Mains hum"]} == {"tiny.en", "base"}
    assert isinstance(names["applied"], sc.Applied) and "Mains hum" in shown[1]


def test_noise(run):
    names, shown = run("noise")
    metadata, babble, evidence, good, recipe, more = shown
    assert "room = cafe" in metadata and "possible" in metadata
    assert names["babble"].tier == "confirmed" and names["babble"].support == 17
    assert "Background noise or voices" in babble and babble.count("<audio") == 3
    assert (
        "68 others, of 14 speakers, are too few to tell" in babble
        and "Background noise or voices" in evidence
    )
    assert good.count("<audio") == 1 and names["good"][0] not in names["babble"].members
    assert "'min_snr_db': 5.3, 'max_snr_db': 8.5" in recipe
    assert not set(names["more"]["row"]) & set(names["babble"].members) and not names["more"]["within"].any()
    assert "Near its region" in more


def test_one_speaker(run):
    names, shown = run("one-speaker")
    accents, speaker, both, without_speakers = shown
    assert names["accents"].loc["West Midlands"].round(3).tolist() == [17, 1, 0.562]
    assert accents.index("West Midlands") < accents.index("Scottish")
    assert "One speaker" in speaker and "s14" in speaker and "One speaker" not in without_speakers
    assert names["speaker"] == names["accent"].slice == names["same"]
    assert (names["speaker"].tier, names["accent"].slice.tier) == ("confirmed", "possible")
    assert "confirmed" in both and "possible" in both
    assert "Voice, accent or set-up" in without_speakers


def test_every_notebook_is_run():
    assert NOTEBOOKS == ["first-look", "gate", "noise", "one-speaker", "two-models"]
