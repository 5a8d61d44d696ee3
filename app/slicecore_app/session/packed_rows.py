"""Rows of a table as a short text, with which a browser names clips to a server that knows nothing of their slice."""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

_STEPS = np.dtype("<u4")


def packed(rows: NDArray[np.int64]) -> str:
    """Text of sorted rows; one to two characters per row where they are many."""
    steps = np.diff(rows, prepend=0).astype(_STEPS)
    return base64.urlsafe_b64encode(zlib.compress(steps.tobytes(), level=1)).decode("ascii")


def unpacked(text: str, clips: int) -> NDArray[np.int64] | None:
    """Rows of a text from `packed`, in a table of so many clips; None where it is no such text."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(
            base64.b64decode(text, b"-_", validate=True), clips * _STEPS.itemsize + 1
        )
    except (binascii.Error, zlib.error, ValueError):
        return None
    if not content or len(content) % _STEPS.itemsize or len(content) > clips * _STEPS.itemsize:
        return None
    steps = np.frombuffer(content, _STEPS).astype(np.int64)
    rows = np.cumsum(steps)
    return rows if steps[1:].all() and rows[-1] < clips else None
