"""Tables that were uploaded: in a folder of this process while they are looked at, in the home when they are opened."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import home, home_folder
from slicecore.storage.safe_names import is_device
from slicecore_app.server.memo import Memo

MOST_LOOKED_AT = 8
"""Tables that are looked at and not opened. The oldest goes first, and comes back where it is looked at again."""
_NAME = "uploads"
_LONGEST = 120
"""Bytes of a name: file systems take 255, and the folders on the way to it are short."""
_LONGEST_ENDING = 12
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f:*?\"<>|]")


def looked_at(name: str, content: bytes) -> Path:
    """Path of an uploaded table that is only looked at; nothing is stored for good.

    It is named by its content: another table of that name stays what it is.
    """
    digest = hashlib.sha256(content).hexdigest()
    target = _passing() / digest / file_name(name)

    def write() -> Path:
        write_whole(target, lambda part: part.write_bytes(content))
        return target

    return _looked_at.get((digest, target.name), write)


def stored(path: Path) -> Path:
    """Path of a table that is opened: an upload goes to the home, any other table stays where it is.

    Raises
    ------
    StorageError
        It can't be stored.
    """
    if _passing() not in path.parents:
        return path
    digest = path.parent.name
    try:
        content = path.read_bytes()
        target = _home() / digest[:12] / path.name
        if target.exists() and target.read_bytes() != content:  # somebody has changed it there
            target = _home() / digest / path.name
        if not target.exists():
            home_folder(_NAME)
            write_whole(target, lambda part: part.write_bytes(content))
    except OSError as error:
        raise StorageError(
            f"“{path.name}” can't be stored: {error.strerror}. Upload it again, or give its path on this machine."
        ) from error
    return target


def folders() -> tuple[Path, Path]:
    """Folders of the uploads, looked at and opened."""
    return _passing(), _home()


def is_upload(path: Path) -> bool:
    """True for the path of an uploaded table."""
    return not {_passing(), _home()}.isdisjoint(path.parents)


def file_name(name: str) -> str:
    """Name of an upload as file systems take it: no folders, nothing unprintable, not too long.

    >>> file_name("../calls/table.csv"), file_name("..")
    ('table.csv', '_')
    """
    last = _NOT_IN_NAMES.sub("_", re.split(r"[/\\]", name)[-1]).strip(" .") or "_"
    last = f"_{last}" if is_device(last) else last
    whole = last.encode("utf-8", "replace")
    if len(whole) > _LONGEST:
        ending = Path(last).suffix.encode("utf-8", "replace")
        ending = ending if len(ending) <= _LONGEST_ENDING else b""
        mark = f"-{hashlib.sha256(whole).hexdigest()[:4]}".encode()
        whole = whole[: _LONGEST - len(mark) - len(ending)] + mark + ending
    return whole.decode("utf-8", "ignore").rstrip(" .")


def _home() -> Path:
    return home() / _NAME


def _passing() -> Path:
    return Path(_folder().name)


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Folder of the tables that are looked at: one, which goes away with the process."""
    return tempfile.TemporaryDirectory(prefix="slicecore-", ignore_cleanup_errors=True)


_looked_at: Memo[Path] = Memo(
    MOST_LOOKED_AT, drop=lambda path: shutil.rmtree(path.parent, ignore_errors=True)
)
