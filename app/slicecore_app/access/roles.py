"""Roles: what a name, or a member of a group, may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from slicecore_app.access.visitor import Role

EVERYBODY = "*"
GROUP = "group:"


@dataclass(frozen=True)
class Roles:
    """Who has which role.

    Attributes
    ----------
    members
        By role: names, groups with "group:" before them, or "*" for everybody who has logged in.
    """

    members: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)

    @property
    def named_reviewers(self) -> tuple[str, ...]:
        """Names of those who may judge, as far as they are listed by name."""
        listed = [name for role, members in self.members.items() if role >= Role.REVIEW for name in members]
        return tuple(name for name in listed if name != EVERYBODY and not name.startswith(GROUP))

    def role_of(self, name: str, groups: Collection[str]) -> Role | None:
        """The highest role of somebody; None where they have none. Names and groups count as they are written."""
        known = {EVERYBODY, *(f"{GROUP}{group}" for group in groups)}
        if name != EVERYBODY and not name.startswith(GROUP):
            known.add(name)
        return max((role for role, members in self.members.items() if known & set(members)), default=None)
