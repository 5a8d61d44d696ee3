"""What slicecore brings along, and the sentences where a part of it is not installed."""

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from packaging.requirements import Requirement

import slicecore as sc
from slicecore.extras import require
from slicecore.pipeline.page_process import Page
from slicecore.sliceguard.columns import encode
from slicecore_app.launch import run

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MOST_PACKAGES = 60
HEAVY = {"altair", "hnne", "librosa", "llvmlite", "streamlit", "torch", "transformers", "umap-learn"}


def closure(requirements):
    """Names of all packages that requirements bring, by what is installed here."""
    found = {}
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        wanted = {"", *requirement.extras} - found.get(name, set())
        found.setdefault(name, set()).update(wanted)
        waiting += [
            (Requirement(text), each) for each in wanted for text in importlib.metadata.requires(name) or []
        ]
    return set(found)


def test_without_extras_it_is_light():
    packages = closure(PROJECT["dependencies"])
    assert {"numpy", "pandas", "python-dateutil"} <= packages
    assert not packages & HEAVY
    assert len(packages) <= MOST_PACKAGES


@pytest.fixture
def without_streamlit(monkeypatch):
    version, requires = importlib.metadata.version, importlib.metadata.requires

    def of_installed(name):
        if name == "streamlit":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    def asked(name):
        return ['streamlit>=1; extra == "app"', "numpy"] if name == "slicecore" else requires(name)

    monkeypatch.setattr(importlib.metadata, "version", of_installed)
    monkeypatch.setattr(importlib.metadata, "requires", asked)


SENTENCE = r"needs packages that are not installed \(streamlit\)\. .* pip install 'slicecore\[app\]'"


@pytest.mark.parametrize("start", [run, lambda: Page(["table.csv"])])
def test_the_page_says_what_it_needs(start, without_streamlit):
    with pytest.raises(sc.errors.SlicecoreError, match=SENTENCE):
        start()


def test_an_extra_that_is_there_is_no_error(without_streamlit):
    require("", "Everything")


@pytest.mark.parametrize(("method", "package"), [("hnne", "hnne"), ("umap", "umap-learn")])
def test_a_map_says_what_it_needs(method, package, monkeypatch):
    for module in [name for name in sys.modules if name.split(".")[0] == package.removesuffix("-learn")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package.removesuffix("-learn"), None)
    vectors = np.random.default_rng(0).normal(size=(40, 4))
    with pytest.raises(sc.errors.SlicecoreError, match=rf"needs {package}\. .* 'slicecore\[app\]'"):
        sc.project(vectors, sc.build_hierarchy(vectors), method)


def test_texts_of_sliceguard_say_what_they_need(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.decomposition", None)
    texts = pd.Series(["one", "two", "three"], name="note")
    with pytest.raises(sc.errors.SlicecoreError, match=r"“note” .* 'slicecore\[sliceguard\]'"):
        encode(texts, "raw")
