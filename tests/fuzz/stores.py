"""Stored files: cached ones with a checksum, and the store per clip, damaged in any way."""

from __future__ import annotations

import functools
import shutil
import sqlite3
import tempfile
from pathlib import Path

import numpy as np

from fuzz.invariant import in_time, result_or_sentence
from slicecore.storage.checked_file import read_checked, write_checked
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome

_KEY = '["{\\"family\\": \\"signal\\", \\"version\\": 1}", 2]'
_DIGESTS = [number.to_bytes(16, "big") for number in range(12)]


def run_checked(data: bytes) -> None:
    """Damage a cached file: it is read as it was written, or not at all."""
    content = b"some content of a file that is cached"
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, in_time():
        path = Path(folder) / "cached"
        write_checked(path, [content])
        changed = _damaged(path.read_bytes(), data)
        path.write_bytes(changed)
        read = read_checked(path)
        assert read is None or bytes(read) == content


def run_store(data: bytes) -> None:
    """Damage the store per clip: what is read is what was stored, and it takes results again."""
    made = _outcomes()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, in_time():
        cache = Path(folder) / "cache"
        shutil.copytree(_whole_store(), cache)
        (path,) = cache.glob("*.sqlite")
        path.write_bytes(_damaged(path.read_bytes(), data))
        result_or_sentence(lambda: _use(cache, made))


def _use(cache: Path, made: dict[bytes, Outcome]) -> None:
    with Store(cache) as store:
        for digest, outcome in store.outcomes(_KEY, _DIGESTS).items():
            vector = made[digest].vector
            assert outcome.reason == made[digest].reason
            assert (outcome.vector is None) == (vector is None)
            assert vector is None or np.array_equal(outcome.vector, vector)
            assert outcome.labels == made[digest].labels
        store.sizes()
        store.keep(_KEY, made)
        if set(store.outcomes(_KEY, _DIGESTS)) != set(
            _DIGESTS
        ):  # by a wrong index, which this look has mended
            store.keep(_KEY, made)
        assert set(store.outcomes(_KEY, _DIGESTS)) == set(_DIGESTS)


@functools.cache
def _outcomes() -> dict[bytes, Outcome]:
    random = np.random.default_rng(0)
    made = {digest: Outcome(random.normal(size=8).astype(np.float32)) for digest in _DIGESTS}
    made[_DIGESTS[1]] = Outcome(None, "Breaks off")
    made[_DIGESTS[2]] = Outcome(np.zeros(3, np.float32), labels=(Label("hum", 0.5),))
    return made


@functools.cache
def _whole_store() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-store-"))
    with Store(folder) as store:
        store.keep(_KEY, _outcomes())
    (path,) = folder.glob("*.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for other in folder.iterdir():
        if other != path:
            other.unlink()
    return folder


def _damaged(content: bytes, data: bytes) -> bytes:
    """The content with changes, each four bytes of data: place (two), how, and a byte."""
    out = bytearray(content)
    for at in range(0, min(len(data), 64) - 3, 4):
        place = int.from_bytes(data[at : at + 2], "big") % (len(out) or 1)
        how, byte = data[at + 2] % 6, data[at + 3]
        if how == 0:
            del out[place:]
        elif how == 1:
            out[place : place + byte] = bytes(byte)
        elif how == 2:
            del out[place : place + byte]
        elif how == 3:
            out[place:place] = bytes([byte]) * byte
        elif out:
            out[place] = out[place] ^ (1 << (byte % 8)) if how == 4 else byte
    return bytes(out)


def seeds() -> list[bytes]:
    """One change of every kind, and several."""
    single = [bytes([0, place, how, 7]) for place in (0, 100) for how in range(6)]
    return [*single, b"".join(single[3:9])]
