"""Visitors: whoever has passed the gate, with the role that they have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum

HEADER = "x-slicecore-visitor"
"""Header of a request behind the gate that says who makes it. The gate takes any away that comes from outside."""


class Role(IntEnum):
    """Rights of a visitor; each role has those of the roles before it."""

    LOOK = 1
    REVIEW = 2
    ADMINISTER = 3


@dataclass(frozen=True)
class Visitor:
    """Somebody who has passed the gate.

    Attributes
    ----------
    name
        Name of a login, under which is judged; "" where there is none and reviewers give themselves names.
    role
        What they may do.
    """

    name: str
    role: Role

    def header(self) -> str:
        """The visitor as a header, in ASCII."""
        return json.dumps([self.name, self.role.name])


def visitor_of(header: str) -> Visitor:
    """The visitor that a header names."""
    name, role = json.loads(header)
    return Visitor(name, Role[role])


SOMEBODY = Visitor("", Role.ADMINISTER)
"""Whoever has the token, or sits at the machine of a page that is open: they may do what slicecore can do."""
