"""Pages of the documentation: links, paths and names in them exist, code in them compiles, pictures are shown."""

from __future__ import annotations

import ast
import pkgutil
import re
from pathlib import Path

import pytest

import slicecore as sc

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS]
APP = ROOT / "app" / "slicecore_app"
FOLDERS = (ROOT, ROOT / "slicecore", APP, APP / "review")
"""Folders from which a path in the text may start."""
MADE_WHEN_RUN = {".fuzz/", "cache/", "cache/precision/", "docs/screens/all", "site/", "tests/e2e/failures/"}
"""Folders in the text that are not in the repository."""

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:python )?(\.?[\w./-]+(?:/|\.(?:py|pyi|js|css|toml|md)))")
BLOCK = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"^- `([\w/]+/)`:(.*?)(?=^- |^$)", re.MULTILINE | re.DOTALL)
DOTTED = re.compile(r"`(slicecore(?:\.\w+)+)")
NAME = re.compile(r"\bsc\.([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?")

on_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def linked(page: Path) -> set[Path]:
    """Files that a page links to or shows."""
    return {(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))}


def paths(text: str) -> set[str]:
    """Files and folders that a text names, without those with a placeholder."""
    matches = (PATH.fullmatch(span) for span in SPAN.findall(text))
    return {match[1] for match in matches if match} - MADE_WHEN_RUN


def is_there(path: str, names: set[str]) -> bool:
    """True if a path leads somewhere; a bare name may be that of any file of the project."""
    return any((folder / path).exists() for folder in FOLDERS) or path in names


@pytest.fixture(scope="module")
def file_names() -> set[str]:
    """Names of all files of the project, and of the folders in folders that the text names with their parents."""
    folders = (ROOT / name for name in ("slicecore", "app", "tests", "benchmarks", "docs"))
    files = {file.name for folder in folders for file in folder.rglob("*") if "__pycache__" not in file.parts}
    return files | {"causes/", "vendor/"}


@on_every_page
def test_links_lead_to_files(page):
    assert [str(target.relative_to(ROOT)) for target in linked(page) if not target.exists()] == []


@on_every_page
def test_paths_exist(page, file_names):
    text = page.read_text(encoding="utf-8")
    assert sorted(path for path in paths(text) if not is_there(path, file_names)) == []


@on_every_page
def test_names_of_the_interface_are_exported(page):
    missing = set()
    for name, inner in NAME.findall(page.read_text(encoding="utf-8")):
        exported = getattr(sc, name, None)
        if exported is None or (name in ("metrics", "errors") and inner and not hasattr(exported, inner)):
            missing.add(f"sc.{name}.{inner}".rstrip("."))
    assert missing == set()


@on_every_page
def test_dotted_names_lead_to_something(page):
    for name in DOTTED.findall(page.read_text(encoding="utf-8")):
        pkgutil.resolve_name(name)


@on_every_page
def test_python_compiles(page):
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        ast.parse(block)


@on_every_page
def test_lines_of_prose_are_wrapped(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120 and line[0] != "|"] == []


def test_design_names_files_in_the_folder_where_they_are():
    items = ITEM.findall((ROOT / "docs" / "design.md").read_text(encoding="utf-8"))
    assert len(items) > 15
    for name, text in items:
        folder = next(folder / name for folder in FOLDERS if (folder / name).is_dir())
        there = {path.name for path in folder.rglob("*")}
        assert {path for path in paths(text) if "/" not in path} <= there, name


def test_a_path_that_is_nowhere_is_noticed(file_names):
    assert paths("`slicecore/gone/`, `gone.py` and `slicecore/table/`") == {
        "slicecore/gone/",
        "gone.py",
        "slicecore/table/",
    }
    assert not is_there("slicecore/gone/", file_names)
    assert not is_there("gone.py", file_names)


def test_every_picture_of_the_screen_is_shown():
    pictures = set((ROOT / "docs" / "screens").glob("*.webp"))
    assert pictures
    linked_files = linked(ROOT / "docs" / "screens.md")
    assert {str(picture.relative_to(ROOT)) for picture in pictures - linked_files} == set()
