"""Start of the server process: the script of all pages, and what is made ready before the first one."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit import net_util
from streamlit.components.v2 import manifest_scanner

from slicecore import __version__
from slicecore.logs import event
from slicecore.work_threads import SWITCH_INTERVAL_S
from slicecore_app.access import link
from slicecore_app.access.configuration import current
from slicecore_app.server import closed_pages, logs, warm
from slicecore_app.server.ending import end_in_time
from slicecore_app.server.first_files import base_path
from slicecore_app.server.memory import given_back

_log = logging.getLogger(__name__)
NAVIGATION = Path(__file__).parent / "pages" / "navigation.py"
"""The script of all pages."""
ANALYSIS_S = 20.0
"""Seconds that the first table is waited for whose embedding is in the cache."""

_PAGE = (
    "slicecore.storage.verdicts.store",
    "slicecore_app.session.views",
    "slicecore_app.review.evidence.panel",
    "slicecore_app.review.problems.panel",
    "slicecore_app.review.player.panel",
)
"""Modules of the page that take long to import. Not AgGrid: its component can only be made known by a script."""
_LATER = ("slicecore.slices.permutation",)
"""Modules that the page needs when it is used."""


def without_discovery() -> None:
    """Keep Streamlit from looking for components in all installed packages: the page has its own, and .2 s are gone.

    It reaches into Streamlit; where that has changed, the start takes as long as before (tests/server/test_start.py).
    """
    manifest_scanner.scan_component_manifests = lambda *_: []


def without_lookup() -> None:
    """Keep Streamlit from asking a server in the internet which address this machine has: nothing calls out.

    It reaches into Streamlit (tests/server/test_start.py).
    """
    net_util.get_external_ip = lambda: None


def keep_module_path() -> None:
    """Put the folder of the script of all pages on the path of modules, for good.

    Streamlit does so for every run of a page, and takes it off at the end if it was not there before. A thread that
    looks for a module or a package at that moment passes over the next folder: an installed package is "not found".
    """
    folder = os.path.abspath(NAVIGATION.parent)  # as Streamlit writes it
    if folder not in sys.path:
        sys.path.append(folder)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    end_in_time()
    logs.set_up()  # not before: the server has made its own loggers
    event(_log, "The server starts", version=__version__)
    warm.start(
        _PAGE, prepare_first_table, _LATER
    )  # not before: AgGrid's component has to find a server that runs
    _say_where()
    async with given_back(), closed_pages.let_go():
        yield
    event(_log, "The server ends")


def _say_where() -> None:
    """Print the link to the page, unless it is open and Streamlit says where it is."""
    host, port = st.get_option("server.address") or "", st.get_option("server.port")
    access = current(host)
    by_command = st.get_option("logger.hideWelcomeMessage")
    if by_command or access.mode != "open":
        link.tell(access, host, port, base_path(), opens=by_command and not st.get_option("server.headless"))


def prepare_first_table() -> None:
    """Read, and scan, what a first visitor sees; the script finds it in the open table."""
    from slicecore.embedding import default_model
    from slicecore.table.speakers import NO_GROUPS, group_column
    from slicecore_app.server import registry, sources
    from slicecore_app.server.metrics_offered import metric_choices, usual_choice
    from slicecore_app.session import launch_options
    from slicecore_app.session.map_layout import HNNE
    from slicecore_app.session.parsing import Table
    from slicecore_app.session.scan_options import options_of_view
    from slicecore_app.session.view_file import ViewFile

    source = next(iter(sources.known().values()), None)
    if source is None:
        return
    table = registry.open_table(source)
    view = launch_options.view(table.data) or ViewFile(source.path).last()
    if not view:  # never seen before: what is embedded is for the reader to say
        return
    outputs, metrics = table.data.roles.predictions, {str(choice): choice for choice in metric_choices()}
    output = view["output"] if view.get("output") in outputs else outputs[0]
    metric = metrics.get(view.get("metric", "")) or usual_choice(table.data)
    model = view.get("embedding", default_model(table.data))
    job = table.analysis_job(model, wait=0)
    costs = table.scoring.costs(output, metric)
    asked = view.get("groups", "")
    group = group_column(table.data, asked if asked in (NO_GROUPS, *table.data.group_choices) else None)
    job.wait(ANALYSIS_S)
    if job.state == "done":
        scanner = table.scanner(model, output, metric, job.result, group=group)
        now = {"prediction": output, "metric": metric}
        asked_options = options_of_view(view, Table(table.data, now, costs=lambda: costs))
        table.scan(scanner, asked_options)
        table.places_job(model, job.result, HNNE, wait=0)
