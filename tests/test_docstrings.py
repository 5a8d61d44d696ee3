"""Examples in docstrings: their output is what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import slicecore as sc

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in (ROOT / "slicecore").rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def run(test: doctest.DocTest) -> str:
    """What went wrong with the examples of a docstring; "" if nothing did."""
    report: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=OPTIONS).run(test, out=report.append, clear_globs=False)
    return "".join(report)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Names that the examples know: the library, and those of the example of `find_slices`."""
    names = {"sc": sc}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICECORE_HOME", str(tmp_path_factory.mktemp("home")))
        parser = doctest.DocTestParser()
        test = parser.get_doctest(sc.find_slices.__doc__, names, "find_slices", None, 0)
        assert run(test) == ""
    return test.globs


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name, known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    tests = doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs=known)
    assert any(test.examples for test in tests)
    assert "".join(map(run, tests)) == ""


def test_most_functions_that_a_reader_meets_first_have_an_example():
    first = (
        "find_slices",
        "read",
        "embed",
        "build_hierarchy",
        "scan",
        "apply",
        "define",
        "error_rows",
        "history",
    )
    assert [name for name in first if ">>> " not in getattr(sc, name).__doc__] == []


def test_a_wrong_example_is_noticed():
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert "Expected:\n    3\nGot:\n    2" in run(test)
