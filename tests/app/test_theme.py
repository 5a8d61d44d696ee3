"""Colours are written down once, but Streamlit reads its own from a file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from slicecore_app.web import theme

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("dark", [False, True])
def test_streamlits_own_colours_are_those_of_the_page(dark):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    own = config["theme"]["dark" if dark else "light"]
    tokens = theme.tokens(dark)
    names = {
        "backgroundColor": "bg",
        "borderColor": "line2",
        "primaryColor": "accent",
        "secondaryBackgroundColor": "sunken",
        "textColor": "ink",
    }
    assert {name: own[name] for name in names} == {name: tokens[token] for name, token in names.items()}


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_that_a_style_asks_for_is_on_the_page(dark):
    known = set(re.findall(r"--sc-([\w-]+):", theme.variables(dark)))
    asked = set()
    for path in (ROOT / "app" / "slicecore_app").rglob("*"):
        if path.suffix in (".js", ".css", ".py") and "vendor" not in path.parts:
            asked |= set(re.findall(r"var\(--sc-([\w-]+)", path.read_text(encoding="utf-8")))
    assert asked <= known


@pytest.mark.parametrize("dark", [False, True])
def test_drop_scale_has_a_colour_for_each_of_its_points(dark):
    assert len(theme.drop_colours(dark)) == len(theme.DROP_POINTS)
