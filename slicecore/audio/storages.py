"""Storages of remote recordings, through fsspec: which of them are asked, for how long, and how much is taken."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from slicecore import limits
from slicecore.errors import AudioError

PROTOCOLS = ("http", "https", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory")
"""Storages that hold plain files. Others that fsspec knows open archives, run services or read what a table must not
name."""

_CHAIN = re.compile(r"::[a-zA-Z][a-zA-Z0-9+.-]*(://|$)")


@dataclass(frozen=True)
class Limits:
    """Limits of a storage that is slow, silent or without end.

    Attributes
    ----------
    answer_s : seconds until it has said what it knows of a file.
    silence_s : seconds without a byte in the middle of a file.
    whole_s : seconds for a file; None: as the environment sets it.
    untold_bytes : most bytes of a file whose size it did not tell; None: as the environment sets it.
    rest_s : seconds in which a storage that did not answer is not asked again.
    """

    answer_s: float = 20.0
    silence_s: float = 30.0
    whole_s: float | None = None
    untold_bytes: int | None = None
    rest_s: float = 60.0


LIMITS = Limits()

_silent_until: dict[str, float] = {}
"""Storages that did not answer, and until when they are left alone: each of their clips would wait as long."""


def check_protocol(url: str) -> None:
    """Raise an AudioError where a URL names no plain file on one of `PROTOCOLS`."""
    protocol = url.split("://", maxsplit=1)[0].lower()
    if protocol not in PROTOCOLS:
        raise AudioError(
            f"{protocol}:// is no storage of recordings. Use a path, or https://, s3:// or gs://"
        )
    if _CHAIN.search(url):
        raise AudioError("A URL inside a URL (“::”) is not followed. Name the recording itself")


def facts_of(url: str) -> dict[str, Any]:
    """Facts of a file as its storage tells them, without fetching it. Raises AudioError and what file systems raise."""
    place = _place(url)
    if time.monotonic() < _silent_until.get(place, 0):
        raise AudioError(_no_answer())
    system, path = _file_system(url)
    try:
        facts: dict[str, Any] = _call(
            system, "info", path, silence_s=LIMITS.answer_s, whole_s=LIMITS.answer_s
        )
    except _SlowError as error:
        _silent_until[place] = time.monotonic() + LIMITS.rest_s
        raise AudioError(_no_answer()) from error
    return facts


def fetch(url: str, size: int, target: Path) -> None:
    """Write a file whose size (-1: untold) is known to a path. Raises AudioError and what file systems raise."""
    from fsspec.callbacks import Callback

    system, path = _file_system(url)
    most = size if size >= 0 else LIMITS.untold_bytes or limits.REMOTE.value() or math.inf
    whole_s = LIMITS.whole_s or limits.REMOTE_SECONDS.value() or math.inf

    class Counter(Callback):
        got = 0

        def relative_update(self, inc: int = 1) -> None:
            self.got += inc
            if self.got > most:
                raise AudioError(
                    f"Longer than its storage says ({size} bytes)"
                    if size >= 0
                    else f"Its size is not told, and it is larger than {limits.size_text(most)}"
                )

    counter = Counter()
    try:
        _call(
            system,
            "get_file",
            path,
            str(target),
            callback=counter,
            silence_s=LIMITS.silence_s,
            whole_s=whole_s,
            progress=lambda: counter.got,
        )
    except _SlowError as error:
        raise AudioError(
            f"Not there after {whole_s:.0f} s"
            if error.args[0] == "whole"
            else f"Nothing came for {LIMITS.silence_s:.0f} s after {counter.got} bytes"
        ) from error


class _SlowError(Exception):
    """A storage took too long: "whole" or "silence"."""


def _call(
    system: Any,
    name: str,
    *arguments: Any,
    silence_s: float,
    whole_s: float,
    progress: Callable[[], int] = lambda: 0,
    **options: Any,
) -> Any:
    """Call a method of a file system, within limits where it works asynchronously, as those of storages do."""
    from fsspec.asyn import AsyncFileSystem, sync

    if not isinstance(system, AsyncFileSystem):
        return getattr(system, name)(*arguments, **options)

    def watched() -> Coroutine[Any, Any, Any]:
        return _watched(getattr(system, f"_{name}")(*arguments, **options), progress, silence_s, whole_s)

    return sync(system.loop, watched)


async def _watched(
    work: Coroutine[Any, Any, Any], progress: Callable[[], int], silence_s: float, whole_s: float
) -> Any:
    import asyncio

    task = asyncio.ensure_future(work)
    end, before = time.monotonic() + whole_s, progress()
    while True:
        left = end - time.monotonic()
        await asyncio.wait({task}, timeout=max(0.0, min(silence_s, left)))
        if task.done():
            return task.result()
        is_over = time.monotonic() >= end
        if is_over or progress() == before:
            task.cancel()
            raise _SlowError("whole" if is_over else "silence")
        before = progress()


def _file_system(url: str) -> tuple[Any, str]:
    """File system of a URL and the path in it. Not by `url_to_fs`, which follows chains of URLs."""
    import fsspec

    check_protocol(url)
    kind = fsspec.get_filesystem_class(url.split("://", maxsplit=1)[0].lower())
    options = kind._get_kwargs_from_urls(url)
    if kind.protocol and "http" in kind.protocol:
        import aiohttp

        # Its own limit, five minutes for a file, is in the place of none at all.
        options = {**options, "client_kwargs": {"timeout": aiohttp.ClientTimeout(total=None)}}
    return kind(**options), kind._strip_protocol(url)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _no_answer() -> str:
    return f"Its storage did not answer within {LIMITS.answer_s:.0f} s"
