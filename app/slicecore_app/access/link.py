"""The link with the token: printed, and opened in the browser, at the start of the server."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from urllib.parse import quote

import typer

from slicecore.errors import SlicecoreError
from slicecore.storage.leading_file import leading_file
from slicecore_app.access.configuration import TOKEN_VARIABLE, Access
from slicecore_app.access.file import SECRET_VARIABLE
from slicecore_app.access.names import is_address, is_this_machine

_EVERYWHERE = ("0.0.0.0", "::", "")


def page_addresses(access: Access, host: str, port: int, base: str) -> list[str]:
    """Addresses of the page, without a token, the one for this machine first.

    Parameters
    ----------
    access
        The configuration.
    host
        Name or address at which the server listens.
    port
        Its port.
    base
        Path below which the page is, "" for none.
    """
    if access.address:
        return [f"{access.address}/"]
    names = ["localhost"] if host in _EVERYWHERE or is_this_machine(host) else [host]
    if host in _EVERYWHERE:
        names += [name for name in access.names if not is_address(name)] or [socket.gethostname()]
    return [f"http://{f'[{name}]' if ':' in name else name}:{port}{base}/" for name in dict.fromkeys(names)]


def with_token(address: str, token: str) -> str:
    """The address that lets in."""
    return f"{address}?token={quote(token, safe='')}"


def tell(access: Access, host: str, port: int, base: str, opens: bool) -> None:
    """Print where the page is, without a token that somebody has chosen, and open it in the browser if wanted."""
    addresses = page_addresses(access, host, port, base)
    shows = access.mode == "token" and not access.is_given
    typer.echo("\n  slicecore is at\n")
    for address in addresses:
        typer.echo(f"    {with_token(address, access.token) if shows else address}")
    typer.echo(f"\n  {_meaning(access)}. Ctrl-C stops the page.\n")
    if opens:
        address = with_token(addresses[0], access.token) if access.mode == "token" else addresses[0]
        threading.Thread(target=_open, args=(address, port), name="browser", daemon=True).start()


def _meaning(access: Access) -> str:
    """Who can open the page, in a sentence without its end."""
    if access.mode == "open":
        return "Every account of this machine can open it"
    if access.mode != "token":
        logs_in = "Visitors log in, and may do what their role lets them"
        lacks_secret = access.login is not None and not access.login.client_secret
        return (
            f"{logs_in}. The issuer is shown no secret: {SECRET_VARIABLE} has none"
            if lacks_secret
            else logs_in
        )
    key = (
        f"The page asks for the token that {TOKEN_VARIABLE} holds"
        if access.is_given
        else "The link is the key"
    )
    return f"{key}: whoever has it may do what you may"


def _open(address: str, port: int) -> None:
    with contextlib.suppress(OSError, SlicecoreError, webbrowser.Error):  # the link is printed all the same
        webbrowser.open(leading_file(address, port).as_uri())
