"""Configuration of the access: how visitors show who they are, and from where tables may come."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import Literal

from slicecore.errors import SlicecoreError
from slicecore_app.access.names import THIS_MACHINE, is_this_machine
from slicecore_app.access.roles import Roles

TOKEN_VARIABLE = "SLICECORE_TOKEN"
"""Environment variable with the token; without it every start makes another one."""
FEWEST_CHARACTERS = 16
"""Of a token that somebody has chosen: what is shorter can be tried out."""

Mode = Literal["open", "token", "login", "identity"]


@dataclass(frozen=True)
class Login:
    """The issuer of OpenID Connect where visitors log in.

    Attributes
    ----------
    issuer
        Its address.
    client_id, client_secret
        Name and secret of this page there; one without a secret shows by PKCE alone that it is the same.
    name_claim
        Claim that names the visitor.
    groups_claim
        Claim that lists the visitor's groups.
    scope
        What the page asks for.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name_claim: str = "email"
    groups_claim: str = "groups"
    scope: str = "openid email profile"


@dataclass(frozen=True)
class Identity:
    """Headers by which a proxy names the visitor, and the visitor's groups with commas between them ("": none)."""

    user: str
    groups: str = ""


@dataclass(frozen=True)
class Access:
    """Who may open the page.

    Attributes
    ----------
    mode
        "open": everybody who reaches it; "token": whoever has the token; "login": whoever logs in and has a role;
        "identity": whoever a proxy names and has a role.
    token
        The token; "" where there is none.
    is_given
        True for a token that somebody has chosen: it is printed nowhere.
    names
        Names by which the page may be asked for, beside those of this machine.
    proxies
        Addresses of proxies that are believed.
    hours
        Time after which visitors have to show again who they are.
    address
        Address of the page as visitors write it, with its path; "" where that does not matter.
    login, identity
        What the modes of these names need.
    roles
        Who may do what after a login.
    folders
        Folders, and beginnings of URLs, from which tables and recordings may come; None: anywhere.
    """

    mode: Mode
    token: str = field(default="", repr=False)
    is_given: bool = False
    names: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    hours: float = 24.0 * 30
    address: str = ""
    login: Login | None = None
    identity: Identity | None = None
    roles: Roles = field(default_factory=Roles)
    folders: tuple[str, ...] | None = None

    @property
    def all_names(self) -> tuple[str, ...]:
        """All names by which the page may be asked for."""
        return (*THIS_MACHINE, *self.names)


def access_by_token() -> Access:
    """Access by the token of the environment, or by one that is made now. Raises SlicecoreError for one too short."""
    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    if given and len(given) < FEWEST_CHARACTERS:
        raise SlicecoreError(
            f"{TOKEN_VARIABLE} is too short: whoever tries can find it out. Give {FEWEST_CHARACTERS} characters or "
            'more, such as those of: python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    return Access("token", given or secrets.token_urlsafe(24), bool(given))


def usual_access(host: str) -> Access:
    """Access where nobody has said anything: open on this machine alone, by token from elsewhere."""
    return Access("open") if is_this_machine(host) else access_by_token()


class _Current:
    """The access of this process."""

    access: Access | None = None


def use(access: Access | None) -> None:
    """Take an access for this process; None: the usual one."""
    _Current.access = access


def current(host: str) -> Access:
    """The access of this process, the usual one where none was taken.

    Parameters
    ----------
    host
        Name or address at which the server listens, "" for all.
    """
    if _Current.access is None:
        _Current.access = usual_access(host)
    return _Current.access
