"""Checks of what a person gives as an address or a name."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from pathlib import Path

from slicecore.errors import SlicecoreError
from slicecore.storage.home import expanded

_BASE = re.compile(r"[\w.~-]+(/[\w.~-]+)*")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


def check_host(host: str) -> None:
    """Raise SlicecoreError where nothing can listen at an address."""
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        raise SlicecoreError(
            f"“{host}” is no address of this machine ({getattr(error, 'strerror', None) or error}). Give one of its "
            "own, 127.0.0.1 for this machine alone, or 0.0.0.0 for all."
        ) from error


def check_port(host: str, port: int) -> None:
    """Raise SlicecoreError where a server can't listen at a port of an address of this machine.

    Streamlit would say so in a line of its log, without a way out.
    """
    (family, kind, protocol, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    with socket.socket(family, kind, protocol) as probe:
        if os.name != "nt":  # there it lets two servers have one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                reason = f"This account may not listen at port {port}. Give one above 1023"
            elif error.errno == errno.EADDRINUSE:
                reason = f"Something listens at port {port} already, another page of slicecore perhaps. Give another"
            else:
                reason = f"Nothing can listen at port {port} ({error.strerror}). Give another"
            raise SlicecoreError(f"{reason}: --port {_beside(port)}.") from error


def _beside(port: int) -> int:
    """A port to be proposed in the place of another one."""
    return 8501 if port < 1024 else port + 1 if port < 65535 else port - 1


def checked_base(text: str) -> str:
    """A path below which the page is, without slashes around it. Raises SlicecoreError."""
    base = text.strip("/")
    if base and (not _BASE.fullmatch(base) or {".", ".."} & set(base.split("/"))):
        raise SlicecoreError(
            f"“{text}” is no path of a page. Give letters, digits and slashes, such as calls/slicecore."
        )
    return base


def checked_name(text: str) -> str:
    """A name of the page. Raises SlicecoreError."""
    if not _NAME.fullmatch(text):
        raise SlicecoreError(
            f"“{text}” is no name of a machine. Give the part of the address between // and the next slash or colon, "
            "such as slices.example.org."
        )
    return text.lower()


def checked_network(text: str) -> str:
    """The address of a proxy, or of a network of them. Raises SlicecoreError."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        raise SlicecoreError(
            f"“{text}” is no address of a proxy ({error}). Give one in numbers, such as 127.0.0.1, or a network, such "
            "as 10.0.0.0/8."
        ) from error


def checked_folder(text: str, beside: Path | None = None) -> str:
    """A folder, without links in its path, or the beginning of URLs, with a slash at its end. Raises SlicecoreError.

    Parameters
    ----------
    text
        As it was given.
    beside
        Folder from which it starts where it is relative; that of the process if None.
    """
    if "://" in text:
        return text if text.endswith("/") else f"{text}/"
    folder = (beside or Path()) / expanded(text)
    if not folder.is_dir():
        raise SlicecoreError(f"There is no folder {text} from which tables may come.")
    return str(folder.resolve())
