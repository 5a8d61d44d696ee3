"""The pages of the documentation: what they link to is there, and every picture that was taken is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def linked(page: Path) -> set[Path]:
    """Files that a page links to or shows."""
    return {(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    assert [str(target.relative_to(ROOT)) for target in linked(page) if not target.exists()] == []


def test_every_picture_of_the_screen_is_shown():
    pictures = set((ROOT / "docs" / "screens").rglob("*.webp"))
    assert pictures
    assert {str(one.relative_to(ROOT)) for one in pictures - linked(ROOT / "docs" / "screens.md")} == set()
