"""Things that the first page needs, made ready while the browser still loads: modules, and its first table.

Python takes a second to find and run the modules of pandas and the like; meanwhile the browser loads Streamlit's own
files. The script waits for the modules: two threads that import the same ones come into each other's way. Garbage is
not collected meanwhile, since next to none is made, and modules are left out of later collections.
"""

from __future__ import annotations

import gc
import importlib
import logging
import threading
from collections.abc import Callable, Sequence

from slicecore.errors import SlicecoreError
from slicecore.product_threads import one_thread_from_now_on

FIRST_REST_S = 1.0
"""Seconds that the browser has for drawing the first page of this process before other work begins beside it."""

_log = logging.getLogger(__name__)
_imported = threading.Event()
_imported.set()
first_page_is_out = threading.Event()
"""Set a moment after a first page was sent: what explains it may take the processor from then on."""


def start(modules: Sequence[str], open_table: Callable[[], None], later: Sequence[str]) -> None:
    """Make ready in a thread of its own. Called when the server starts; without it nothing waits.

    Parameters
    ----------
    modules : what the script of every page imports and takes long.
    open_table : reads and scans what a first visitor sees.
    later : modules that a page needs when it is used.
    """
    _imported.clear()
    gc.disable()
    threading.Thread(target=_work, args=(modules, open_table, later), name="warm", daemon=True).start()


def wait() -> None:
    """Return when the modules are there."""
    _imported.wait()


def is_imported() -> bool:
    """True when `wait` would return at once."""
    return _imported.is_set()


def page_is_out() -> None:
    """Say that a page was sent to a browser."""
    if not first_page_is_out.is_set():
        threading.Timer(FIRST_REST_S, first_page_is_out.set).start()


def _work(modules: Sequence[str], open_table: Callable[[], None], later: Sequence[str]) -> None:
    try:
        try:
            _load(modules)
            gc.freeze()  # not with the table: one that another takes the place of would stay for ever
            one_thread_from_now_on()
        finally:
            _imported.set()
        open_table()
    except SlicecoreError as error:  # the page says it again, where it is read
        _log.info("The table is not made ready: %s", error)
    finally:
        gc.enable()
    first_page_is_out.wait()
    _load(later)


def _load(modules: Sequence[str]) -> None:
    for name in modules:
        importlib.import_module(name)
