"""Temporary files that are made when they are first asked for: copies of remote recordings, conversions."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from pathlib import Path


class TempFileCache:
    """The newest files of a kind, up to a size on disk; may be used from several threads.

    Parameters
    ----------
    most_bytes
        When the files take more, those that were used longest ago go, except those in use.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._files: OrderedDict[Hashable, Future[Path]] = OrderedDict()
        self._users: dict[Hashable, int] = {}
        # Of files that were made: to look at all of them at each use would take longer the more there are.
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0
        self._folder: tempfile.TemporaryDirectory | None = None
        self._number = 0

    @contextlib.contextmanager
    def use(self, key: Hashable, make: Callable[[Path], object], suffix: str = "") -> Iterator[Path]:
        """Give the file of a key, which stays until the context ends.

        Parameters
        ----------
        key
            Everything the content depends on.
        make
            Writes the file to the path that it gets. Called once even if several threads ask at the same time; what
            it raises goes to all of them, and the next one tries anew. Called again if the file was removed since.
        suffix
            Ending of the file's name.
        """
        with self._lock:
            self._users[key] = self._users.get(key, 0) + 1
            file = self._files.get(key)
            if file is not None and file.done() and not file.result().exists():
                file = None  # a cleaner of temporary files was here
            is_maker = file is None
            if file is None:
                file = self._files[key] = Future()
            self._files.move_to_end(key)
            path = self._new_path(suffix)
        try:
            if is_maker:
                self._make(key, file, path, make)
            yield file.result()
        finally:
            with self._lock:
                self._users[key] -= 1
                if not self._users[key]:
                    del self._users[key]
                self._drop_oldest()

    def _make(self, key: Hashable, file: Future[Path], path: Path, make: Callable[[Path], object]) -> None:
        try:
            make(path)
        except BaseException as error:
            path.unlink(missing_ok=True)
            with self._lock:
                self._files.pop(key, None)
                self._note(key, 0)
            file.set_exception(error)
            raise
        with self._lock:
            self._note(key, _size(path))
        file.set_result(path)

    def _note(self, key: Hashable, size: int) -> None:
        """Keep in mind how large the file of a key is now."""
        self._bytes += size - self._sizes.pop(key, 0)
        if size:
            self._sizes[key] = size

    def _new_path(self, suffix: str) -> Path:
        if self._folder is None or not Path(self._folder.name).is_dir():
            self._folder = tempfile.TemporaryDirectory(prefix="slicecore-", ignore_cleanup_errors=True)
        self._number += 1
        return Path(self._folder.name) / f"{self._number}{suffix}"

    def _drop_oldest(self) -> None:
        too_many, dropped = self._bytes - self._most_bytes, []
        for key, file in self._files.items():
            if too_many <= 0:
                break
            if key not in self._users and file.done():
                dropped.append(key)
                too_many -= self._sizes.get(key, 0)
        for key in dropped:
            self._files.pop(key).result().unlink(missing_ok=True)
            self._note(key, 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
