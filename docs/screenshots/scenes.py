"""Servers in the conditions that the states need, and the way through the states on each."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from functools import partial
from pathlib import Path

import make_tables
import tables
from pictures import THEMES, Pictures
from states import (
    FIRST_RUN,
    FORTY_SLICES,
    NOTEBOOK,
    RESUMING,
    SAMPLE,
    SAVE_FAILED,
    SERVER_AWAY,
    SIZES,
    TASKS,
    USUAL,
    State,
)

import slicecore as sc
from slicecore.storage.verdicts.place import FILE, FOLDER
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.server.sources import Source


def first_run(pictures: Pictures) -> None:
    """A table is embedded for the first time; the server is stopped, and goes on where it was."""
    slow = Path(__file__).with_name("slow_app.py")
    shutil.rmtree(pictures.folder / "first", ignore_errors=True)
    for state in (FIRST_RUN, RESUMING):
        with pictures.server("first", app=slow) as url:
            _reach_and_take(pictures, state, address(url, state))


def usual(pictures: Pictures) -> None:
    """Nothing fails: one server for the sample data and its odd variants."""
    shutil.rmtree(pictures.folder / "tables", ignore_errors=True)
    paths = {SAMPLE: tables.SAMPLE / "table.csv"} | tables.write_all(pictures.folder / "tables")
    with pictures.server(tables=tuple(paths.values())) as url:
        for state in USUAL:
            if state.name in pictures.wanted:
                at = address(url, state, Source(str(paths[state.table])).token)
                pictures.attempt(state.name, partial(_reach_and_take, pictures, state, at))


def tasks(pictures: Pictures) -> None:
    """Labels, scores, a number per clip and detection: the tables of the worked cases."""
    folder = pictures.folder / "tasks"
    make_tables.main(folder)
    paths = {state.table: folder / f"{state.table}.csv" for state in TASKS}
    with pictures.server(tables=tuple(paths.values())) as url:
        for state in TASKS:
            if state.name in pictures.wanted:
                at = address(url, state, Source(str(paths[state.table])).token)
                pictures.attempt(state.name, partial(_reach_and_take, pictures, state, at))


def forty_slices(pictures: Pictures) -> None:
    """A table that is grouped by a column from the start."""
    shutil.rmtree(pictures.folder / "many", ignore_errors=True)
    path = tables.write_all(pictures.folder / "many")[FORTY_SLICES.name]
    view = {VIEW_VARIABLE: json.dumps({"model": f"column:{tables.VECTOR}"})}
    with pictures.server(tables=(path,), env=view) as url:
        _reach_and_take(pictures, FORTY_SLICES, url)


def save_failed(pictures: Pictures) -> None:
    """The file of verdicts can't be written."""
    known, home = pictures.folder / "home" / "cache", pictures.folder / "saving"
    shutil.rmtree(home, ignore_errors=True)
    if known.exists():
        shutil.copytree(known, home / "cache")
    with pictures.server(home.name) as url, pictures.page(address(url, SAVE_FAILED)) as page:
        SAVE_FAILED.reach(page)
        path = home / FOLDER / FILE
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")  # somebody else writes, and doesn't come to an end
            page.keyboard.press("1")
            page.get_by_test_id("judging").get_by_text("1 not saved").wait_for()
            pictures.take(page, SAVE_FAILED)


def server_away(pictures: Pictures) -> None:
    """The server goes while somebody judges. A page can't follow the window's width then: one for every picture."""
    with contextlib.ExitStack() as pages:
        open_pages = []
        with pictures.server() as url:
            for dark in THEMES:
                for size in SIZES:
                    page = pages.enter_context(pictures.page(address(url, SERVER_AWAY), size, dark))
                    SERVER_AWAY.reach(page)
                    open_pages.append((page, size, dark))
        for page, size, dark in open_pages:
            page.wait_for_selector('[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])')
            page.keyboard.press("1")
            page.get_by_test_id("judging").get_by_text("The server doesn’t answer").wait_for()
            pictures.save(page, SERVER_AWAY, size, dark)


def notebook(pictures: Pictures) -> None:
    """A slice of the sample data as a notebook shows it."""
    result = sc.find_slices(
        tables.SAMPLE / "table.csv", prediction="prediction", cache=pictures.folder / "home" / "cache"
    )
    content = result.show(result.slices[1])._repr_html_()
    pictures.save_part(f"<!doctype html><meta charset=utf-8>{content}", ".slicecore", NOTEBOOK.name)


def address(url: str, state: State, token: str = "") -> str:
    """Address at which a state begins."""
    data = f"data={token}&" if token else ""
    return f"{url}{state.path}/?{data}{state.view}"


def _reach_and_take(pictures: Pictures, state: State, at: str) -> None:
    for themes in [THEMES] if state.follows_theme else [(dark,) for dark in THEMES]:
        with pictures.page(at, dark=themes[0]) as page:
            state.reach(page)
            pictures.take(page, state, themes)


SCENES = {
    first_run: (FIRST_RUN, RESUMING),
    usual: USUAL,
    tasks: TASKS,
    forty_slices: (FORTY_SLICES,),
    save_failed: (SAVE_FAILED,),
    server_away: (SERVER_AWAY,),
    notebook: (NOTEBOOK,),
}
"""A server each, and the states that are reached on it."""
