"""Figures of the server in the text format of Prometheus; names and labels are those of code, never of data."""

from __future__ import annotations

import hmac
import ipaddress
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from slicecore import __version__
from slicecore.tallies import tally
from slicecore_app.server import jobs, traffic, warm

TOKEN_VARIABLE = "SLICECORE_METRICS_TOKEN"
"""Environment variable with the token by which another machine may read the figures."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
_STARTED = time.time()


@dataclass(frozen=True)
class _Figure:
    """A figure: its kind as Prometheus has it, what it is, and its values by the text of their label."""

    name: str
    kind: str
    about: str
    values: Callable[[], Mapping[str, float]]


def _one(value: Callable[[], float]) -> Callable[[], Mapping[str, float]]:
    return lambda: {"": value()}


def _tally(name: str) -> Callable[[], Mapping[str, float]]:
    return _one(lambda: tally(name))


def _requests() -> Mapping[str, float]:
    return {f'{{status="{digit}xx"}}': tally(f"requests_{digit}xx") for digit in range(1, 6)}


def _open_tables() -> float:
    if not warm.is_imported():  # it would be imported here a second time
        return 0
    from slicecore_app.server import registry

    return registry.number_of_tables()


def _memory() -> float:
    """Bytes of memory in use; where the system does not tell, the most there were, or NaN (Windows)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        try:
            import resource
        except ImportError:
            return math.nan
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


_FIGURES = (
    _Figure("info", "gauge", "Version of slicecore.", lambda: {f'{{version="{__version__}"}}': 1}),
    _Figure("start_time_seconds", "gauge", "Start of the server, since 1970.", _one(lambda: _STARTED)),
    _Figure("memory_bytes", "gauge", "Memory in use.", _one(_memory)),
    _Figure("requests_total", "counter", "Requests by the class of their answer.", _requests),
    _Figure("sessions", "gauge", "Pages that are connected.", _one(traffic.open_pages)),
    _Figure("open_tables", "gauge", "Tables in memory.", _one(_open_tables)),
    _Figure("jobs_running", "gauge", "Background jobs at work.", _one(jobs.number_running)),
    _Figure("jobs_done_total", "counter", "Background jobs that were finished.", _tally("jobs_done")),
    _Figure("jobs_failed_total", "counter", "Background jobs that failed.", _tally("jobs_failed")),
    _Figure("scans_total", "counter", "Searches for slices, not those remembered.", _tally("scans")),
    _Figure("scan_seconds_total", "counter", "Seconds that these searches took.", _tally("scan_seconds")),
    _Figure(
        "verdicts_written_total",
        "counter",
        "Judgements, marks and corrections stored.",
        _tally("verdicts_written"),
    ),
    _Figure("cache_hits_total", "counter", "Results of clips found in the cache.", _tally("cache_hits")),
    _Figure("cache_misses_total", "counter", "Results of clips that were missing.", _tally("cache_misses")),
)


async def figures(request: Request) -> Response:
    """All figures, for this machine or whoever has the token."""
    if not _may_read(request):
        return PlainTextResponse(f"Read it on this machine, or with the token of {TOKEN_VARIABLE}.", 403)
    return PlainTextResponse("".join(_lines()), media_type=CONTENT_TYPE)


def _may_read(request: Request) -> bool:
    token = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # A proxy on this machine hands on what others ask for.
    return _is_loopback(request) and not any(name in request.headers for name in _FORWARDED)


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _lines() -> Iterator[str]:
    for figure in _FIGURES:
        name = f"slicecore_{figure.name}"
        yield f"# HELP {name} {figure.about}\n# TYPE {name} {figure.kind}\n"
        yield from (f"{name}{label} {value!r}\n" for label, value in figure.values().items())
