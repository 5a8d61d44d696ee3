"""Options of `slicecore run` that say who may open the page, and checks of what they are given."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from slicecore.errors import SlicecoreError
from slicecore.extras import require
from slicecore_app.access.checks import (
    check_host,
    checked_base,
    checked_folder,
    checked_name,
    checked_network,
)
from slicecore_app.access.configuration import Access, access_by_token
from slicecore_app.access.file import read_file
from slicecore_app.access.key import home_key
from slicecore_app.access.names import is_this_machine


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
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="File that says who may log in and do what, see the page Sharing of the documentation.",
    ),
]
TablesFrom = Annotated[
    list[str] | None,
    typer.Option(
        help="Folder, or beginning of URLs, from which the page may open tables and recordings; give it again for "
        "more. Without it, and without a file of --config, from anywhere."
    ),
]
Browser = Annotated[
    bool | None,
    typer.Option(help="Open the page in the browser; by default where this machine has a screen."),
]


@dataclass(frozen=True)
class Wanted:
    """The options as they were given."""

    host: str
    kind: Kind
    base: str
    names: Sequence[str]
    proxies: Sequence[str]
    config: Path | None
    folders: Sequence[str]


def chosen_access(wanted: Wanted) -> Access:
    """The access that the options ask for. Raises SlicecoreError."""
    check_host(wanted.host)
    is_near = is_this_machine(wanted.host)
    if wanted.kind is Kind.OPEN and (wanted.config or not is_near):
        what = (
            "the access file asks who comes" if wanted.config else f"{wanted.host} can be reached from others"
        )
        raise SlicecoreError(
            f"--access open is for this machine alone, and {what}. Leave one of the two options out."
        )
    if wanted.config:
        access = read_file(wanted.config)
        if access.login:
            require("oidc", "A login by OpenID Connect")
    else:
        access = Access("open") if wanted.kind is Kind.OPEN else access_by_token()
    if access.mode in ("token", "login"):
        home_key()  # one that can't be kept is an error here, not a page that shows nothing
    own = () if is_near else (wanted.host, socket.gethostname(), socket.getfqdn())
    access = replace(
        access,
        names=(*access.names, *map(checked_name, wanted.names), *own),
        proxies=(*access.proxies, *map(checked_network, wanted.proxies)),
    )
    if wanted.folders:
        access = replace(access, folders=(*(access.folders or ()), *map(checked_folder, wanted.folders)))
    return access


def chosen_base(wanted: Wanted, access: Access) -> str:
    """The path below which the page is. Raises SlicecoreError where the file and the options differ in it."""
    base = checked_base(wanted.base)
    of_address = urlsplit(access.address).path.strip("/")
    if access.address and wanted.base and base != of_address:
        raise SlicecoreError(
            f"--base-path is {base}, and the address in the access file, {access.address}, ends in another path."
        )
    return base or checked_base(of_address)
