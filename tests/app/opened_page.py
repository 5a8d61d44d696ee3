"""A page without a browser, for tests: it is opened, waited for, and pressed."""

import contextlib
import json
import re

from streamlit.testing.v1 import AppTest

from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.server import registry, sources
from slicecore_app.server.reasons import reasons

WAIT_S = 60


def review(monkeypatch, *tables):
    monkeypatch.setenv(TABLES_VARIABLE, json.dumps([str(table) for table in tables]))
    return AppTest.from_file("../../app/slicecore_app/pages/navigation.py", default_timeout=WAIT_S)


def finished(page):
    """Run the page until the clips are embedded and no further: some things are told once."""
    page.run()
    if "last_view" in page.session_state:
        return page
    for source in sources.known().values():
        job = registry.open_table(source).analysis("signal")
        if job:
            assert job.ended.wait(WAIT_S)
    return page.run()


def told_what_is_unreadable(page):
    """Close the dialog about clips that can't be decoded, which is drawn by every run until somebody has read it."""
    page.session_state["unreadable_seen"].update(source.token for source in sources.known().values())
    return page


def open_table(i=0):
    """A table of the page as its file is now."""
    return registry.open_table(list(sources.known().values())[i])


def verdicts():
    return open_table().verdicts()


def clip_id(row):
    return str(open_table().data.ids[row])


def hear(page, row):
    page.session_state["playing"] = row
    return page.run()


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def labelled(page, label):
    """The button with a label."""
    return next(button for button in page.button if button.label == label)


def choose_mae(page):
    """Choose the metric of numbers, which does not fit texts."""
    at = [str(name) for name in page.selectbox(key="metric").options].index("MAE")
    page.selectbox(key="metric").select_index(at).run()
    assert not page.exception
    assert any("Row 2" in text.value for text in page.text)


def reasoned(page):
    """Wait until all reasons are worked out beside the page, and run it with them."""
    analysis = open_table().analysis("signal").result
    choice = page.session_state["metric"]
    costs = open_table().scoring.costs("prediction", choice)
    data = open_table().data
    result = Scanner(analysis.hierarchy, costs, ids=data.ids).scan(Options(5, 0.1))
    while job := reasons(open_table(), data, "signal", choice, analysis, result).job:
        assert job.ended.wait(WAIT_S)
        assert job.state != "failed", job.error
    return page.run()


def not_saved(page):
    """Number of changes that are not saved, and the reason, as the page has them beside the verdicts."""
    note = page.session_state["drawn verdict"]["unsaved"]
    return note.count, note.text


def saved(page):
    """The line about saving at the foot of the page."""
    return page.session_state["drawn verdict"]["saved"]


@contextlib.contextmanager
def unwritable(path):
    """Put something in the way of a file, so that it can be neither read nor written."""
    aside = path.with_name("aside")
    path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    aside.rename(path)


def as_read(markdown):
    """A Markdown text without its backslashes, as people read it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
