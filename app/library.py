"""What this server process has open, by token. Filled by the pages, read by the routes; never by file path."""

from __future__ import annotations

import hashlib
import threading

import numpy as np

from slicecore.dataset import Dataset

_lock = threading.Lock()
_datasets: dict[str, Dataset] = {}
_points: dict[str, bytes] = {}


def open_dataset(data: Dataset) -> str:
    """Make a data set's clips available to the audio routes; returns its token."""
    digest = hashlib.sha256("\n".join([str(data.path), *data.ids]).encode())
    token = digest.hexdigest()[:16]
    with _lock:
        _datasets[token] = data
    return token


def dataset(token: str) -> Dataset | None:
    """The data set behind a token, None if this process has not opened it."""
    return _datasets.get(token)


def publish_points(positions: np.ndarray) -> str:
    """Make 2D positions (n, 2) available as float32 bytes; returns the token to fetch them by."""
    raw = np.ascontiguousarray(positions, np.float32).tobytes()
    token = hashlib.sha256(raw).hexdigest()[:16]
    with _lock:
        _points[token] = raw
    return token


def points(token: str) -> bytes | None:
    """Positions behind a token, None if this process has not published them."""
    return _points.get(token)
