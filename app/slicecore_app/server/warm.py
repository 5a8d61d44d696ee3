"""What the first page needs, made ready while the browser still loads: modules, and the table that it opens with.

Python takes a second to find and run the modules of pandas and the like; meanwhile the browser loads Streamlit's own
files. The script waits for the modules: two threads that import the same ones come into each other's way.
"""

from __future__ import annotations

import importlib
import logging
import threading

from slicecore.embedding import SUGGESTED
from slicecore.errors import SlicecoreError

_PAGE = (
    "slicecore_app.session.views",
    "slicecore_app.review.evidence.panel",
    "slicecore_app.review.problems.panel",
    "slicecore_app.review.player.panel",
)
"""What takes long of what the page needs. Not AgGrid: its component can only be made known by a script."""
_LATER = ("slicecore.slices.permutation",)
"""What the page needs when it is used."""
FIRST_REST_S = 1.0
"""How long the browser has for drawing the first page of this process before other work begins beside it."""
ANALYSIS_S = 20.0
"""So long for a table whose embedding is kept."""

_log = logging.getLogger(__name__)
_imported = threading.Event()
_imported.set()
first_page_is_out = threading.Event()
"""Set a moment after a first page was sent: what explains it may take the processor from then on."""


def start() -> None:
    """Make ready in a thread of its own. Called when the server starts; without it nothing waits."""
    _imported.clear()
    threading.Thread(target=_work, name="warm", daemon=True).start()


def wait() -> None:
    """Return when the modules are there."""
    _imported.wait()


def page_is_out() -> None:
    """Say that a page was sent to a browser."""
    if not first_page_is_out.is_set():
        threading.Timer(FIRST_REST_S, first_page_is_out.set).start()


def _work() -> None:
    try:
        _load(_PAGE)
    finally:
        _imported.set()
    try:
        _open_table()
    except SlicecoreError as error:  # the page says it again, where it is read
        _log.info("The table is not made ready: %s", error)
    first_page_is_out.wait()
    _load(_LATER)


def _load(modules: tuple[str, ...]) -> None:
    for name in modules:
        importlib.import_module(name)


def _open_table() -> None:
    """Read, and scan, what a first visitor sees; the script finds it in the open table."""
    from slicecore_app.server import registry, sources
    from slicecore_app.server.metrics_offered import metric_choices
    from slicecore_app.session import launch_options
    from slicecore_app.session.view_file import ViewFile

    source = next(iter(sources.known().values()), None)
    if source is None:
        return
    table = registry.open_table(source)
    view = launch_options.view() or ViewFile(source.path).last()
    if not view:  # never seen before: what is embedded is for the reader to say
        return
    outputs, metrics = table.data.roles.predictions, {str(choice): choice for choice in metric_choices()}
    output = view["output"] if view.get("output") in outputs else outputs[0]
    metric = metrics.get(view.get("metric", ""), metric_choices()[0])
    model = view.get("embedding", SUGGESTED[0].model)
    table.costs(output, metric)
    job = table.analysis_job(model, ANALYSIS_S)
    if job.state == "done":
        table.scanner(model, output, metric, job.result)
