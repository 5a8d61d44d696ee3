"""Fixtures of the browser tests: every test in this folder is marked `e2e`; a failure leaves a picture and the log."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import harness
import odd_tables
import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

import slicecore as sc
from slicecore.measurements import measure
from slicecore_app.launch import TABLES_VARIABLE

FAILURES = Path(__file__).with_name("failures")

expect.set_options(timeout=harness.PATIENCE_MS)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A cache folder in which the sample data is embedded, clustered, laid out and measured."""
    cache = tmp_path_factory.mktemp("prepared") / "cache"
    data = sc.read(harness.ROOT / "sample_data" / "table.csv")
    sc.analyse(data, cache=cache)
    measure(data, cache=cache)
    return cache


@pytest.fixture(scope="module")
def home(prepared, tmp_path_factory):
    """A home folder for a server of its own, where the sample data comes up at once and nothing is judged."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(prepared, folder / "cache")
    return folder


@pytest.fixture(scope="module")
def url(home):
    """A server on the sample data."""
    app = harness.ROOT / "app" / "main.py"
    with harness.serve(app, home / "server.log", {"SLICECORE_HOME": str(home)}) as address:
        yield address


@pytest.fixture
def gate(tmp_path):
    """A file that says how many clips the embedding `gated` of `gated_app.py` may have."""
    path = tmp_path / "gate"
    path.write_text("0")
    return path


@pytest.fixture
def gated(tmp_path, gate):
    """The environment of `gated_app.py` on a table of forty clips, of which ten have a tone and are misheard."""
    return {
        "SLICECORE_HOME": str(tmp_path / "home"),
        TABLES_VARIABLE: json.dumps([str(odd_tables.write(tmp_path / "calls"))]),
        "GATE": str(gate),
    }


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests; a missing one is a failure that says what to install."""
    with harness.launch() as browser:
        yield browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and call.when == "call":
        FAILURES.mkdir(exist_ok=True)
        for i, page in enumerate(getattr(item, "pages", [])):
            (FAILURES / f"{item.name}-{i}.errors.txt").write_text("\n".join(page.errors))
            with contextlib.suppress(PlaywrightError):  # what failed is told all the same
                page.screenshot(path=FAILURES / f"{item.name}-{i}.png")
    return report


@pytest.fixture
def opened(browser, request):
    """Open pages as `opened(url, dark=…, size=…)`; they are closed after the test and pictured when it fails."""
    request.node.pages = []
    contexts = []

    def open_page(url, **options):
        context = harness.open_page(browser, url, **options)
        page = context.__enter__()
        contexts.append(context)
        request.node.pages.append(page)
        return page

    yield open_page
    for context in contexts:
        context.__exit__(None, None, None)
