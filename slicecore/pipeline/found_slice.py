"""Slice of a result, which can be shown in a notebook with its reason, plots and players."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from slicecore.slices.result import Slice

if TYPE_CHECKING:
    from slicecore.pipeline.result import Result


PLAYERS = 3
"""Clips of a slice that can be heard in a notebook, if nobody asks for more."""
SECONDS = 10.0
"""Longest part of a clip that is shown in a notebook, and saved with it."""


@dataclass(frozen=True)
class NotebookOutput:
    """Output of a cell in a notebook: its HTML, and a line of text for elsewhere."""

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, eq=False, repr=False)
class FoundSlice(Slice):
    """A slice of a result.

    Attributes
    ----------
    result : the result, which knows the clips and what explains them.
    """

    result: Result = field(kw_only=True)

    def _repr_html_(self) -> str:
        return self.result.show(self).html

    def __reduce__(self) -> tuple[type[Slice], tuple]:
        """Copies and pickles are plain slices: a whole result does not travel with each of them."""
        return Slice, tuple(getattr(self, each.name) for each in fields(Slice))


def slice_of_result(slice_: Slice, result: Result) -> FoundSlice:
    """A slice of a scan as one of a result."""
    return FoundSlice(**{each.name: getattr(slice_, each.name) for each in fields(Slice)}, result=result)
