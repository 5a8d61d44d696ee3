"""Mark of a fault: where in a recording it is."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Mark:
    """Place of a fault in a recording.

    Attributes
    ----------
    text
        A few words for the picture: "gap 20 ms", "50 Hz".
    start, end
        In seconds from the start of the clip; None where it is in the whole of it.
    low, high
        In Hz, the same for a single line; None where it is in the whole band.
    cause
        Name of the cause that it shows, as in `slicecore.explain.causes.Cause`.
    """

    text: str
    start: float | None = None
    end: float | None = None
    low: float | None = None
    high: float | None = None
    cause: str = ""

    def later(self, seconds: float) -> Mark:
        """The same, so many seconds later."""
        if self.start is None or self.end is None:
            return self
        return replace(self, start=self.start + seconds, end=self.end + seconds)

    def within(self, start: float, end: float) -> Mark:
        """The same in a part of the recording, where it is in the whole of that."""
        return replace(self, start=start, end=end) if self.start is None else self
