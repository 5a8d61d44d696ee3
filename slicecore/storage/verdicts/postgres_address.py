"""Address of a PostgreSQL server: settings that it may have beside host and database, as those of libpq."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from slicecore.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import URL

_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
_OF_THE_DRIVER = ("unix_sock", "application_name")
_KNOWN = (*_OF_THE_DRIVER, "sslmode", "sslrootcert")


def checked_address(url: URL) -> URL:
    """The address, for the driver that is used.

    Raises
    ------
    StorageError
        When nobody could be reached at it, in a sentence without its parts: one of them may be half of a password.
    """
    if "@" in f"{url.host or ''}{url.database or ''}":
        raise StorageError(
            "The address of the database has a password with a character that ends it. Write @ as %40, / as %2F, : as "
            "%3A, ? as %3F, # as %23 and % as %25."
        )
    if not url.username:
        raise StorageError(
            "The address of the database names no user. Give postgresql://user:password@host/database."
        )
    return url.set(drivername="postgresql+pg8000")


def with_settings(url: URL) -> tuple[URL, dict[str, Any]]:
    """The address as the driver takes it, and what the driver takes beside it.

    Raises
    ------
    StorageError
        When a setting is not known, or can't be kept.
    """
    unknown = sorted(set(url.query) - set(_KNOWN))
    if unknown:
        raise StorageError(
            f"“{unknown[0]}” is no setting of the address of a database. There are {', '.join(_KNOWN)}."
        )
    mode, root = _text(url, "sslmode") or "prefer", _text(url, "sslrootcert")
    if mode not in _MODES:
        raise StorageError(f"sslmode can't be “{mode}”. It is one of {', '.join(_MODES)}.")
    if root and mode in ("disable", "prefer"):
        raise StorageError(
            "sslrootcert is looked at with sslmode=verify-full or verify-ca alone. Add one of them."
        )
    return url.difference_update_query(["sslmode", "sslrootcert"]), {"ssl_context": _tls(mode, root)}


def _text(url: URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _tls(mode: str, root: str) -> ssl.SSLContext | bool | None:
    """TLS as the driver takes it: False for none, None for TLS where the server has it, True for any certificate."""
    if mode in ("disable", "prefer"):
        return False if mode == "disable" else None
    if mode == "require" and not root:
        return True
    try:
        context = ssl.create_default_context(cafile=root or None)
    except OSError as error:
        raise StorageError(f"The certificates of sslrootcert, {root}, can't be read ({error}).") from error
    context.check_hostname = mode == "verify-full"
    return context
