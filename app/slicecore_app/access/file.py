"""The file of the access: TOML, checked to the last word."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from slicecore.errors import SlicecoreError
from slicecore_app.access.checks import checked_folder, checked_network
from slicecore_app.access.configuration import Access, Identity, Login
from slicecore_app.access.names import is_this_machine
from slicecore_app.access.roles import Roles
from slicecore_app.access.visitor import Role

SECRET_VARIABLE = "SLICECORE_CLIENT_SECRET"
"""Environment variable with the secret of the page at the issuer, in the place of `client_secret_file`."""
LOGIN_HOURS = 8.0
_MOST_HOURS = 24.0 * 90
_TEXT, _TEXTS, _NUMBER, _SECTION = "a text", "a list of texts", "a number", "a section"
_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "": {
        "address": _TEXT,
        "proxies": _TEXTS,
        "folders": _TEXTS,
        "hours": _NUMBER,
        "login": _SECTION,
        "identity": _SECTION,
        "roles": _SECTION,
    },
    "login": {
        "issuer": _TEXT,
        "client_id": _TEXT,
        "client_secret_file": _TEXT,
        "name_claim": _TEXT,
        "groups_claim": _TEXT,
        "scope": _TEXT,
    },
    "identity": {"user": _TEXT, "groups": _TEXT},
    "roles": {"look": _TEXTS, "review": _TEXTS, "administer": _TEXTS},
}
_TYPES = {_TEXT: str, _TEXTS: list, _NUMBER: (int, float), _SECTION: dict}


def read_file(path: Path) -> Access:
    """The access that a file describes.

    Raises
    ------
    SlicecoreError
        It can't be read, or something in it makes no sense.
    """
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SlicecoreError(f"The access file {path} can't be read: {reason}.") from error
    try:
        return _access(content, path.parent)
    except SlicecoreError as error:
        raise SlicecoreError(f"{path}: {error}") from error


def _access(content: dict[str, Any], folder: Path) -> Access:
    _check(content, "")
    login, identity = content.get("login"), content.get("identity")
    if (login is None) == (identity is None):
        raise SlicecoreError(
            "It needs either [login], for OpenID Connect, or [identity], for the headers of a proxy. Without a login "
            "leave the file out: the page then asks for a token."
        )
    if not any(content.get("roles", {}).values()):
        raise SlicecoreError(
            "Nobody has a role. Say in [roles] who may look, review and administer, such as "
            'review = ["anna@example.org", "group:speech"]; "*" is everybody who can log in.'
        )
    hours = float(content.get("hours", LOGIN_HOURS))
    if not 0 < hours <= _MOST_HOURS:
        raise SlicecoreError(f"hours has to be above 0 and at most {_MOST_HOURS:.0f}.")
    address = _address(content.get("address", ""), is_needed=login is not None)
    roles = {role: tuple(content["roles"].get(role.name.lower(), ())) for role in Role}
    return Access(
        "login" if login is not None else "identity",
        names=(urlsplit(address).hostname or "",) if address else (),
        proxies=tuple(checked_network(each) for each in content.get("proxies", ())),
        hours=hours,
        address=address,
        login=_login(login, folder) if login is not None else None,
        identity=_identity(identity, content) if identity is not None else None,
        roles=Roles(roles),
        folders=tuple(checked_folder(each, folder) for each in content.get("folders", ())),
    )


def _check(section: dict[str, Any], name: str) -> None:
    """Raise SlicecoreError for a setting that there is not, or of another type."""
    known, where = _SETTINGS[name], f" in [{name}]" if name else ""
    for key, value in section.items():
        if key not in known:
            raise SlicecoreError(f"There is no setting “{key}”{where}. There are {', '.join(known)}.")
        kind = known[key]
        is_right = isinstance(value, _TYPES[kind]) and not isinstance(value, bool)  # type: ignore[arg-type]
        if not is_right or (
            kind == _TEXTS and not all(isinstance(each, str) and each.strip() for each in value)
        ):
            raise SlicecoreError(f"{key}{where} has to be {kind}, not {value!r}.")
        if kind == _SECTION:
            _check(value, key)


def _address(text: str, *, is_needed: bool) -> str:
    parts = urlsplit(text)
    if not text and not is_needed:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SlicecoreError(
            f"address has to be that of the page as visitors write it, such as https://slices.example.org/calls, not "
            f"“{text}”."
        )
    _check_secure(text, "The page")
    return text.rstrip("/")


def _check_secure(address: str, what: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise SlicecoreError(
            f"{what} needs an address with https, so that nobody on the way reads who logs in: {address}"
        )


def _login(section: dict[str, Any], folder: Path) -> Login:
    issuer, client = section.get("issuer", ""), section.get("client_id", "")
    if not urlsplit(issuer).hostname or not client:
        raise SlicecoreError(
            "[login] needs issuer, the address of the issuer, and client_id, the page's name there."
        )
    _check_secure(issuer, "The issuer")
    scope = section.get("scope", Login.scope)
    if "openid" not in scope.split():
        raise SlicecoreError("scope in [login] has to have openid among its words.")
    return Login(
        issuer,
        client,
        _secret(section.get("client_secret_file", ""), folder),
        section.get("name_claim", Login.name_claim),
        section.get("groups_claim", Login.groups_claim),
        scope,
    )


def _secret(name: str, folder: Path) -> str:
    if not name:
        return os.environ.get(SECRET_VARIABLE, "").strip()
    try:
        return (folder / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SlicecoreError(f"client_secret_file can't be read: {folder / name} ({error}).") from error


def _identity(section: dict[str, Any], content: dict[str, Any]) -> Identity:
    headers = Identity(section.get("user", ""), section.get("groups", ""))
    for name in (headers.user, headers.groups):
        if name and not _HEADER.fullmatch(name):
            raise SlicecoreError(f"“{name}” in [identity] is no name of a header.")
    if not headers.user or not content.get("proxies"):
        raise SlicecoreError(
            "[identity] needs user, the header in which the proxy names the visitor, and proxies, the addresses from "
            "which the proxy connects: from anywhere else nobody is believed."
        )
    return headers
