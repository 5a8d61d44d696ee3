"""Names of slices, which people give, as names that file systems and trackers take."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

# MLflow takes letters, digits, “_”, “-”, “.”, spaces and slashes everywhere, colons not on Windows.
_NOT_IN_NAMES = re.compile(r"[^\w.\- ]")
_LONGEST = 120  # of 250 characters for a name with all its parts
_HASH = 4
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)


class SafeNames:
    """Names of slices as parts of paths and of a tracker's names: the same name is always the same part.

    Where two names differ only in what these do not take, each has four digits of its hash behind it.

    Attributes
    ----------
    part : by name.
    collisions : names that have their hash behind them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        parts = {name: safe_name(name) for name in names}
        count = Counter(
            part.casefold() for part in parts.values()
        )  # file systems may not tell capitals apart
        self.collisions = tuple(name for name, part in parts.items() if count[part.casefold()] > 1)
        marked = {name: f"{parts[name]}-{_hash(name)}" for name in self.collisions}
        self.part: Mapping[str, str] = parts | marked

    def sentences(self) -> tuple[str, ...]:
        """Sentences about collisions."""
        if not self.collisions:
            return ()
        named = ", ".join(f"“{name}” is {self.part[name]}" for name in self.collisions)
        return (f"Some slices would have had the same name: {named}.",)


def safe_name(name: str) -> str:
    """A name as file systems and trackers take it between two slashes: “Quiet, <b>/c” becomes “Quiet_ _b__c”."""
    part = _NOT_IN_NAMES.sub("_", " ".join(name.split()))
    if len(part) > _LONGEST:
        part = f"{part[: _LONGEST - _HASH - 1].rstrip()}-{_hash(name)}"
    # Names may become files: “.” and “..” would be folders, and Windows drops dots and spaces at the end.
    part = part.strip(" ") if part.strip(". ") == part.strip(" ") != "" else f"_{part.strip('. ')}_"
    return f"_{part}" if is_device(part) else part


def is_device(name: str) -> bool:
    """True if a name is that of a device on Windows, where no file can have it, whatever its ending.

    >>> is_device("con.csv"), is_device("contents.csv")
    (True, False)
    """
    return _DEVICES.fullmatch(name) is not None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_HASH]
