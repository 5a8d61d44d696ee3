"""The heap of the C library that all threads of the page's server share.

Every run of a page is a thread, and glibc gives threads up to eight heaps per processor. In each of them a few small
things in use hold on to all that is free below them, and what is free at the top of all but the first goes back only
where it is much: 20 MiB of every heap once an array of 10 MiB was freed, see `mallopt(3)`. Arrow's own allocator has
another heap per thread, and kept up to 100 MiB with 19 in use.
"""

from __future__ import annotations

import ctypes
import os
import platform

HEAPS = 1
"""Heaps of glibc. Python lets one thread at a time use them, but for those that compute without it."""
_M_ARENA_MAX = -8  # malloc.h


def glibc() -> ctypes.CDLL | None:
    """The C library where it is glibc, else None: another one keeps what it keeps."""
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None


def share_heap() -> None:
    """Let all threads, and Arrow, share one heap. Called before there are threads, and before Arrow is imported."""
    library = glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, HEAPS)
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
