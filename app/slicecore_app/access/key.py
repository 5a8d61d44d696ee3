"""The key of this home, with which tickets are signed.

Whoever has it can be anybody on the page. So in a home that several accounts share each has a key of its own.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import home
from slicecore.storage.permissions import make_private_file

_BYTES = 32


def home_key() -> str:
    """The key of this home and account, made when it is first asked for: tickets outlast a restart of the server.

    Raises
    ------
    StorageError
        It can't be read or written.
    """
    path = home() / "access.key"
    try:
        if _is_anothers(path):
            path = path.with_name(f"access-{os.getuid()}.key")
            if _is_anothers(path):  # who has put it there would know it
                raise StorageError(f"The key {path} is another account's. Have it removed.")
        if not path.exists():
            write_whole(path, lambda part: _write_private(part, secrets.token_hex(_BYTES)))
        key = path.read_text(encoding="ascii").strip()
    except PermissionError as error:
        raise StorageError(
            f"This account may not write {path}. Give it the folder {path.parent}, or set SLICECORE_HOME to one that "
            "it may write to."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"The key {path} can't be read or written ({error}). Remove it.") from error
    if len(key) < _BYTES:
        raise StorageError(f"The key {path} is damaged. Remove it; everybody has to log in again then.")
    return key


def _is_anothers(path: Path) -> bool:
    return os.name != "nt" and path.exists() and path.stat().st_uid != os.getuid()


def _write_private(path: Path, text: str) -> None:
    make_private_file(path)
    path.write_text(text, encoding="ascii")
