"""Fixtures of the browser tests: every test in this folder is marked `e2e`; a failure leaves a picture and the log."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
from pathlib import Path

import forked
import harness
import odd_tables
import pytest
from filelock import FileLock
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

import slicecore as sc
from slicecore.measurements import measure
from slicecore.storage.verdicts import verdicts_of
from slicecore_app.launch import TABLES_VARIABLE

FAILURES = Path(__file__).with_name("failures")

expect.set_options(timeout=harness.PATIENCE_MS)
if forked.POSSIBLE:
    harness.start = forked.Server

MOST_OF_A_LOG = 6_000
"""Characters of a server's log that a failed test prints."""


def pytest_collection_modifyitems(items):
    """Mark the tests of this folder; those of large files come first, so that no process has a long one left alone."""
    places = [at for at, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    ours = sorted((items[at] for at in places), key=lambda item: -item.path.stat().st_size)
    for at, item in zip(places, ours, strict=True):
        items[at] = item
        item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Three processes for two cores: a test waits for its page a third of its time."""
    cores = yield
    return cores + cores // 2


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A cache folder in which the sample data is embedded, clustered, laid out and searched, once for all processes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "prepared.lock"):
        if not (folder / "prepared").exists():
            cache = folder / "being-prepared"
            data = sc.read(harness.ROOT / "sample_data" / "table.csv")
            sc.analyse(data, cache=cache)
            measure(data, cache=cache)
            sc.find_slices(data, cache=cache)  # what the page would test and look up at the usual thresholds
            cache.rename(folder / "prepared")
    return folder / "prepared"


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
def verdicts(home, monkeypatch):
    """The verdicts on the sample data that the server of `url` has on disk."""
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    return verdicts_of(harness.ROOT / "sample_data" / "table.csv")


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
        for log in harness.logs[-2:]:
            report.sections.append((f"Log {log.name}", log.read_text(errors="replace")[-MOST_OF_A_LOG:]))
    return report


@pytest.fixture(scope="session")
def tabs(browser):
    """The tabs that tests use one after the other."""
    tabs = harness.Tabs(browser)
    yield tabs
    tabs.close()


@pytest.fixture(scope="module")
def tabs_of_file(tabs):
    """The tabs; pages that tests of a file keep for one another are left after the last."""
    yield tabs
    tabs.leave_kept()


@pytest.fixture
def opened(browser, tabs_of_file, request):
    """Open pages as `opened(url, dark=…, size=…)`, each for another visitor; they are pictured when the test fails.

    `apart=True` opens one in a tab of its own, for what would stay in the tab: a clock, say. `kept=True` opens one that
    stays for the next test of the file which opens the same: it has it as it was left, or anew after a failure.
    """
    tabs = tabs_of_file
    request.node.pages = []
    failed = request.session.testsfailed
    in_tabs = itertools.count()

    with contextlib.ExitStack() as apart_ones:

        def open_page(url, *, apart=False, **options):
            if apart:
                page = apart_ones.enter_context(harness.open_page(browser, url, **options))
            else:
                page = tabs.open(next(in_tabs), url, **options)
            request.node.pages.append(page)
            return page

        yield open_page
    if request.session.testsfailed > failed:
        tabs.close()
    else:
        tabs.leave()
