"""Signatures: the name, and the browser, with which words of a reviewer come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Signature:
    """Who judges, and where.

    Attributes
    ----------
    name
        Name by which the reviewer goes in the browser; that of the account where none was given.
    browser
        Name of the browser; "" where it can't remember one.
    is_same
        True where the reviewer said that whoever has this name in other browsers is the same person.
    """

    name: str
    browser: str = ""
    is_same: bool = False


def signature_of(event: Mapping[str, Any]) -> Signature | None:
    """The signature of an event; None for one that nobody signs."""
    if "reviewer" not in event:
        return None
    return Signature(
        str(event["reviewer"]).strip(), str(event.get("browser", "")), bool(event.get("is_same", False))
    )
