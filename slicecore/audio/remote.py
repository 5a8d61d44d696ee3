"""Recordings that are named by a URL, of a storage such as s3, gcs or https, and those inside tables."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

from slicecore.audio import embedded, storages
from slicecore.audio.temporary_files import TempFileCache
from slicecore.errors import AudioError, NotFoundError

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")

_VERSION_FIELDS = (
    "ETag",
    "etag",
    "Content-MD5",
    "md5Hash",
    "generation",
    "mtime",
    "LastModified",
    "last_modified",
    "Last-Modified",
    "updated",
    "modified",
    "created",
)
"""Fields in which file systems give the version of a file; the first of these that is there is taken."""

_UNVERSIONED_FRESH_S = 60.0
"""A copy of a file whose storage tells no version is taken again for at most this long."""

_copies = TempFileCache(most_bytes=4 << 30)


def is_url(text: str | Path) -> bool:
    """Return whether the name of a recording is a URL."""
    return isinstance(text, str) and _URL.match(text) is not None


def state(url: str) -> tuple[int, str]:
    """Size in bytes and version of a remote file, without fetching it.

    Returns
    -------
    size, version
        -1 and "" where the file system gives none. The version is any text that changes with the content.

    Raises
    ------
    AudioError
        If the file is not there or can't be asked for.
    """
    if embedded.is_embedded(url):
        return embedded.state(url)
    with _reasons(url):
        facts = storages.facts_of(url)
        if facts.get("type") == "directory":
            raise AudioError("This is a folder, not a file")
    size = facts.get("size")
    version = next((f"{field} {facts[field]}" for field in _VERSION_FIELDS if facts.get(field)), "")
    return (-1 if size is None else int(size)), version


@contextlib.contextmanager
def fetched(url: str, known: tuple[int, str] | None = None) -> Iterator[Path]:
    """Give a local copy of a remote file, which stays until the context ends; the newest copies stay for longer.

    Parameters
    ----------
    known
        Its `state`, where that was asked for a moment ago.

    Raises
    ------
    AudioError
        If the file can't be had.
    """
    size, version = known or state(url)
    if not version:
        version = f"fetched in period {time.monotonic() // _UNVERSIONED_FRESH_S}"

    def fetch(target: Path) -> None:
        if embedded.is_embedded(url):
            embedded.fetch(url, target)
            return
        with _reasons(url):
            storages.fetch(url, size, target)
        got = target.stat().st_size
        if size >= 0 and got != size:
            raise AudioError(f"Only {got} of {size} bytes could be fetched")

    suffix = "" if embedded.is_embedded(url) else Path(url.split("?", maxsplit=1)[0]).suffix
    with _copies.use((url, size, version), fetch, suffix) as copy:
        yield copy


@contextlib.contextmanager
def local(path: Path | str, known: tuple[int, str] | None = None) -> Iterator[Path]:
    """Give a file on this machine: the one named, or a copy of a remote one, see `fetched`. Raises AudioError."""
    if is_url(path):
        with fetched(str(path), known) as copy:
            yield copy
    else:
        yield Path(path)


@contextlib.contextmanager
def _reasons(url: str) -> Iterator[None]:
    """Turn exceptions of file systems into a reason for people."""
    try:
        yield
    except AudioError:
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        # fsspec calls a web server that doesn't answer, or refuses, a file that is not there.
        cause = error.__cause__
        if (
            cause is not None
            and not isinstance(cause, FileNotFoundError)
            and getattr(cause, "status", 0) != 404
        ):
            raise AudioError(f"Can't be fetched: {_first_line(cause)}") from error
        raise NotFoundError("File not found") from error
    except PermissionError as error:
        raise AudioError("No permission to read it. Check the credentials for its storage") from error
    except ImportError as error:
        scheme = url.split("://", maxsplit=1)[0]
        raise AudioError(
            f"{scheme}:// needs a package that is not installed ({_first_line(error)}): pip install 'slicecore[remote]'"
        ) from error
    except Exception as error:  # storages are packages of others: what one raises is the reason of its clip
        raise AudioError(f"Can't be fetched: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
