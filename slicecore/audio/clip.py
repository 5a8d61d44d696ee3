"""Place of a clip's sound: a file or a URL, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one row of a table.

    Attributes
    ----------
    path
        Absolute path of a file, or a URL as text (`s3://…`, `https://…`).
    start, end
        The part of the recording that the row is about, in seconds from its beginning; `end` is None up to its end.
    """

    path: Path | str
    start: float = 0.0
    end: float | None = None

    @property
    def is_part(self) -> bool:
        """Return whether the clip is only a part of its recording."""
        return self.start > 0 or self.end is not None
