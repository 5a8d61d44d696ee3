"""Digests of columns of texts, by which results are known again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_BLOCK = 4096  # texts in one string at a time


def digest_of(*columns: Collection[Any] | pd.Series[Any]) -> bytes:
    """A digest of columns of texts; what is missing counts as its text."""
    digest = blake2b(repr([len(column) for column in columns]).encode(), digest_size=16)
    for column in columns:
        for content in joined_blocks(column):
            digest.update(content)
    return digest.digest()


def joined_blocks(texts: Iterable[object]) -> Iterator[bytes]:
    """Texts one after the other, led by their lengths, so that no two columns run together to the same bytes."""
    column = (
        texts.tolist() if hasattr(texts, "tolist") else list(texts)
    )  # a column of Arrow is slow one by one
    for begin in range(0, len(column), _BLOCK):
        block = [text if isinstance(text, str) else str(text) for text in column[begin : begin + _BLOCK]]
        yield np.array([len(text) for text in block], "<i8").tobytes()
        yield "".join(block).encode("utf-8", "surrogatepass")
