"""Columns of texts in parts: not all of them are objects of Python at once, and what is at work stays in the caches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Texts: TypeAlias = "Sequence[str] | pd.Series[Any]"

CLIPS_AT_ONCE = 1 << 15
"""Clips of a part: their words are some megabytes."""


def parts_of(clips: int) -> Iterator[slice]:
    """Parts of so many clips, in order; of none there is an empty part."""
    for start in range(0, max(1, clips), CLIPS_AT_ONCE):
        yield slice(start, min(clips, start + CLIPS_AT_ONCE))


def listed(texts: Texts) -> list[str]:
    """The texts of a column, or of a part of one, as a list."""
    return texts.tolist() if hasattr(texts, "tolist") else list(texts)
