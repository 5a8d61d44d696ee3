"""Health of the server, for whatever starts it again or leaves it out: quick, without login, with nothing private."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from slicecore import __version__
from slicecore.errors import StorageError
from slicecore.storage.home import home
from slicecore_app.server import warm

ANSWER_S = 5.0
"""Seconds that a disk or database has for an answer."""
FRESH_S = 1.0
"""Seconds that a finding holds: asking is no work."""
_LOOK_S = 0.005
_NO_ANSWER = "What is stored is in the home folder or a database that did not answer within {:.0f} s."


async def health(_: Request) -> Response:
    """Version and state; with status 503 and the reason where nothing can be stored."""
    trouble = await _findings.trouble()
    state = "failing" if trouble else "ready" if warm.is_imported() else "starting"
    content = {"status": state, "version": __version__} | ({"reason": trouble} if trouble else {})
    return JSONResponse(content, 503 if trouble else 200, {"Cache-Control": "no-store"})


class _Findings:
    """Why nothing can be stored, as it was found a moment ago."""

    def __init__(self) -> None:
        self._trouble, self._found_at = "", -FRESH_S
        self._looking: threading.Thread | None = None

    async def trouble(self) -> str:
        """Reason why nothing can be stored, "" where all is well."""
        if time.monotonic() - self._found_at < FRESH_S:
            return self._trouble
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, name="health", daemon=True)
            self._looking.start()
        # A thread of its own, and one alone: a disk that does not answer must not take those that answer pages.
        end = time.monotonic() + ANSWER_S
        while self._looking.is_alive() and time.monotonic() < end:
            await asyncio.sleep(_LOOK_S)
        return _NO_ANSWER.format(ANSWER_S) if self._looking.is_alive() else self._trouble

    def _look(self) -> None:
        self._trouble = _trouble_of_home() or _trouble_of_database()
        self._found_at = time.monotonic()


_findings = _Findings()


def _trouble_of_database() -> str:
    """Reason why the database of reviews gives nothing; what names it is nobody's business."""
    if not warm.is_imported():  # its modules are on their way
        return ""
    from slicecore.storage.verdicts import place

    try:
        if not os.environ.get(place.VARIABLE) and not place.default_file().is_file():
            return ""
        from slicecore.storage.verdicts.database import database

        with database().open() as connection:
            connection.exec_driver_sql("SELECT 1")
    except StorageError:
        return "The database of reviews does not answer."
    return ""


def _trouble_of_home() -> str:
    """Reason why the home can't be written to; its path is nobody's business."""
    try:
        with tempfile.TemporaryFile(dir=home()) as file:
            file.write(b"healthy")
    except StorageError as error:
        cause = error.__cause__
        why = os.strerror(cause.errno) if isinstance(cause, OSError) and cause.errno else "no such folder"
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "no such folder"
    else:
        return ""
    return f"The home folder can't be written to: {why}."
