"""Everything taken from the inside of Streamlit's page is listed in one place."""

from __future__ import annotations

import re
from pathlib import Path

from slicecore_app.review.clips import frame
from slicecore_app.web.streamlit_dom import GRID_CONTAINER, OLDER, REACH_INS

APP = Path(frame.__file__).parents[2]
PRIVATE = re.compile(
    r'\.(st[A-Z]\w+)|data-testid="(st\w+)"|(data-stale|data-test-[\w-]+)|(data-baseweb="\w+")|\btest([A-Z]\w+)State\b'
)


def test_every_private_part_of_streamlits_page_is_listed():
    listed = " ".join(reach_in.selector for reach_in in REACH_INS.values()) + " ".join(OLDER)
    used = set()
    for path in APP.rglob("*"):
        if path.suffix in (".js", ".css") and "vendor" not in path.parts:
            for match in PRIVATE.finditer(path.read_text(encoding="utf-8")):
                name = next(filter(None, match.groups()))
                used.add(f"data-test-{name.lower()}-state" if match.group(5) else name)
    assert {name for name in used if name not in listed} == set()
    assert {"stSelectbox", "data-stale", "data-test-connection-state", "data-test-script-state"} <= used


def test_fonts_of_streamlit_are_found_under_their_changing_names():
    assert [rule["font-family"] for rule in frame._fonts().values()] == ['"Source Sans"', '"Source Code"']


def test_container_of_the_grid_is_the_one_that_is_listed():
    assert f'"{GRID_CONTAINER}"' in Path(frame.__file__).read_text(encoding="utf-8")
