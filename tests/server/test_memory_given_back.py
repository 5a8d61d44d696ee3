import asyncio
import ctypes
import platform
import sys
import time
from pathlib import Path

import pytest

from slicecore_app.server import memory

PIECE = 64 << 10
"""Bytes; small enough for the heap, where larger ones have pages of their own."""
PIECES = 2000
PATIENCE_S = 20.0


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def gap():
    """Memory that is free, below a piece that is not: returns what has to be held for as long as the gap is to be."""
    glibc = ctypes.CDLL(None)
    glibc.malloc.restype, glibc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    glibc.free.argtypes, glibc.memset.argtypes = (
        [ctypes.c_void_p],
        [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t],
    )
    pieces = [glibc.malloc(PIECE) for _ in range(PIECES)]
    for piece in pieces:
        glibc.memset(piece, 1, PIECE)
    held = glibc.malloc(PIECE)
    for piece in pieces:
        glibc.free(piece)
    return lambda: glibc.free(held)


@pytest.mark.skipif(sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="for glibc alone")
def test_what_is_free_below_something_in_use_goes_back_to_the_system(monkeypatch):
    monkeypatch.setattr(memory, "EVERY_S", 0.01)
    monkeypatch.setattr(memory, "WORK_S", 0.0)

    async def until_given_back():
        release = gap()
        before, end = resident(), time.monotonic() + PATIENCE_S
        async with memory.given_back():
            while resident() > before - PIECE * PIECES // 2:
                assert time.monotonic() < end
                await asyncio.sleep(0.01)
        release()

    asyncio.run(until_given_back())


def test_with_another_c_library_nothing_is_done(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))

    async def enter():
        async with memory.given_back():
            assert len(asyncio.all_tasks()) == 1

    asyncio.run(enter())
