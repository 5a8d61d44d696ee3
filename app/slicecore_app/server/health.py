"""Health of the server, for whatever starts it again or leaves it out: quick, without login, with nothing private."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time

from starlette.concurrency import run_in_threadpool
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

    async def trouble(self) -> str:
        """Reason why nothing can be stored, "" where all is well."""
        if time.monotonic() - self._found_at >= FRESH_S:
            try:
                self._trouble = await asyncio.wait_for(run_in_threadpool(_trouble_of_home), ANSWER_S)
            except TimeoutError:
                self._trouble = f"The home folder did not answer within {ANSWER_S:.0f} s."
            self._found_at = time.monotonic()
        return self._trouble


_findings = _Findings()


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
