"""Pages that were closed: their sessions, and the tables that these hold, go when their time is over.

Streamlit keeps the session of a closed page for two minutes (`server.disconnectedSessionTTL`), in which the page may
come back, and looks for sessions whose time is over only when it keeps another one: the last reader of the day would
hold a table until the morning.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from streamlit.runtime import Runtime

if TYPE_CHECKING:
    from streamlit.runtime.app_session import AppSession

EVERY_S = 30.0
"""Seconds between two looks."""


@contextlib.asynccontextmanager
async def let_go() -> AsyncIterator[None]:
    """Let sessions go whose time is over, for as long as this lasts.

    It reaches into Streamlit; where that has changed, sessions go when another page is closed
    (tests/server/test_closed_pages.py).
    """
    task = asyncio.create_task(_look())
    try:
        yield
    finally:
        task.cancel()


async def _look() -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        over = _over()
        for session in over:
            session.shutdown()
            session.session_state.clear()  # whoever still knows the session: the server's loop does, the last one
        if over:
            del session, over
            await asyncio.to_thread(gc.collect)  # what a session had knows each other


def _over() -> list[AppSession]:
    """Sessions whose time is over, no longer kept; none where Streamlit keeps them in another way."""
    manager = getattr(Runtime.instance(), "_session_mgr", None) if Runtime.exists() else None
    kept = getattr(getattr(manager, "_session_storage", None), "_cache", None)
    if kept is None or not hasattr(kept, "expire"):
        return []
    return [info.session for _, info in kept.expire()]
