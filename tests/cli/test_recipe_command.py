"""`slicecore recipe`: files per slice, and which slice is meant."""

import yaml
from command import run


def test_a_recipe_is_written_for_each_slice_that_has_one(table, monkeypatch, capsys):
    folder = table.parent / "recipes"
    options = ("--shuffles", 0, "--min-support", 5, "--out", folder)
    assert run(monkeypatch, "recipe", table, *options) == 0
    told = capsys.readouterr().out
    assert told == "Overdriven: Normalize, Gain, Clip, Gain (overdriven); LowPassFilter (narrow band).\n"
    recipe = yaml.safe_load((folder / "Overdriven" / "audiomentations.yaml").read_text(encoding="utf-8"))
    made = [transform["__class_fullname__"] for transform in recipe["transforms"]]
    assert made == ["Compose", "LowPassFilter"]
    assert run(monkeypatch, "recipe", table, *options, "--slice", "Quiet") == 2
    assert "There is no slice “Quiet”. There are: Overdriven (" in capsys.readouterr().err
