"""Options of `slicecore run` that say who may open the page, and checks of what they are given."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from slicecore.errors import SlicecoreError
from slicecore_app.access.configuration import Access, access_by_token
from slicecore_app.access.names import is_this_machine

_BASE = re.compile(r"[\w.~-]+(/[\w.~-]+)*")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


class Kind(StrEnum):
    """Ways of access that can be chosen by an option."""

    TOKEN = "token"
    OPEN = "open"


Host = Annotated[
    str, typer.Option(help="Address at which the page listens; 0.0.0.0 for every one of this machine.")
]
BasePath = Annotated[
    str,
    typer.Option(
        help="Path below which the page is, such as calls/slicecore, where a proxy leads to it there."
    ),
]
AccessKind = Annotated[
    Kind,
    typer.Option(
        "--access",
        help="token: whoever has the link that is printed, or the token in SLICECORE_TOKEN; open: every account of "
        "this machine.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        help="Name by which the page is asked for, such as slices.example.org; give it again for more.",
    ),
]
ProxyAddresses = Annotated[
    list[str] | None,
    typer.Option(
        "--proxy", help="Address of a proxy whose X-Forwarded headers are believed; give it again for more."
    ),
]
Browser = Annotated[
    bool | None,
    typer.Option(help="Open the page in the browser; by default where this machine has a screen."),
]


def chosen_access(
    host: str, kind: Kind, names: Sequence[str] | None, proxies: Sequence[str] | None
) -> Access:
    """The access that the options ask for. Raises SlicecoreError."""
    check_host(host)
    known = tuple(checked_name(name) for name in names or ())
    own = () if is_this_machine(host) else (host, socket.gethostname(), socket.getfqdn())
    addresses = tuple(checked_network(address) for address in proxies or ())
    if kind is Kind.OPEN:
        if not is_this_machine(host):
            raise SlicecoreError(
                f"--access open is for this machine alone, and {host} can be reached from others. Leave one of the two "
                "options out."
            )
        return Access("open", names=known, proxies=addresses)
    access = access_by_token()
    return Access(access.mode, access.token, access.is_given, (*known, *own), addresses)


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
