"""What this server process has open, by token. Filled by the pages, read by the routes; never by file path."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from slicecore.storage.verdicts import Verdicts
from slicecore.table.dataset import Dataset

_lock = threading.Lock()
_verdicts: dict[str, Verdicts] = {}
_datasets: dict[str, Dataset] = {}
_published: OrderedDict[str, bytes] = OrderedDict()
_describers: OrderedDict[str, tuple[Callable[[int], dict[str, Any]], int]] = OrderedDict()
_MOST_DESCRIBERS = 16
_MOST_PUBLISHED = 1 << 28
"""Bytes; what was published longest ago goes first. A page that is drawn publishes all that it shows again."""


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


def open_clips(name: str, describe: Callable[[int], dict[str, Any]], count: int) -> str:
    """Let pages ask what a clip is: `describe(row)` for rows below `count`. The same name, the same token."""
    token = hashlib.sha256(name.encode()).hexdigest()[:16]
    with _lock:
        _describers[token] = (describe, count)
        _describers.move_to_end(token)
        if len(_describers) > _MOST_DESCRIBERS:
            _describers.popitem(last=False)
    return token


def clip(token: str, row: int) -> dict[str, Any] | None:
    """What a clip is, None if there is no such clip or nobody has opened them."""
    describe, count = _describers.get(token, (None, 0))
    return describe(row) if describe is not None and row < count else None


def open_verdicts(verdicts: Verdicts) -> str:
    """Let pages ask whether something was said elsewhere; returns the token to ask by."""
    token = hashlib.sha256(str(verdicts.path).encode()).hexdigest()[:16]
    with _lock:
        _verdicts[token] = verdicts
    return token


def newest(token: str) -> tuple[int, int, int] | None:
    """Numbers of what was said last, None if nobody has opened these verdicts. Raises StorageError."""
    verdicts = _verdicts.get(token)
    return verdicts.newest() if verdicts else None


def publish_points(positions: np.ndarray) -> str:
    """Make 2D positions (n, 2) available as float32 bytes; returns the token to fetch them by."""
    return publish(np.ascontiguousarray(positions, np.float32).tobytes())


def publish(content: bytes) -> str:
    """Make bytes available to the pages; returns the token to fetch them by, the same for the same bytes."""
    token = hashlib.sha256(content).hexdigest()[:16]
    with _lock:
        _published[token] = content
        _published.move_to_end(token)
        while sum(map(len, _published.values())) > _MOST_PUBLISHED and len(_published) > 1:
            _published.popitem(last=False)
    return token


def published(token: str) -> bytes | None:
    """What is behind a token, None if this process has not published it or not lately."""
    return _published.get(token)
