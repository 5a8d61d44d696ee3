"""Digests of columns of texts, by which results are known again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

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


def joined_blocks(texts: Collection[Any] | pd.Series[Any]) -> Iterator[bytes | memoryview]:
    """Lengths of texts, then the texts, so that no two columns run together to the same bytes."""
    chunks = _chunks(texts)
    if chunks is None:
        yield from _one_by_one(texts)
        return
    spans = [(chunk, _offsets(chunk)) for chunk in chunks if len(chunk)]
    for _, offsets in spans:
        yield np.diff(offsets).data.cast("B")
    for chunk, offsets in spans:
        content = chunk.buffers()[2]
        if content is not None:
            yield memoryview(content)[int(offsets[0]) : int(offsets[-1])]


def _chunks(texts: Collection[Any] | pd.Series[Any]) -> list[Any] | None:
    """The texts as Arrow has them, which needs no object per text; None for those that are no Unicode."""
    import pyarrow as pa

    kind = pa.large_string()
    cells = getattr(texts, "array", texts)
    if hasattr(cells, "__arrow_array__"):
        column = pa.array(cells)
        if pa.types.is_large_string(column.type) and not column.null_count:
            return column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    try:
        return [pa.array([text if isinstance(text, str) else str(text) for text in texts], kind)]
    except (UnicodeEncodeError, pa.ArrowInvalid):  # half of a surrogate pair
        return None


def _offsets(chunk: Any) -> NDArray[np.int64]:
    offsets = np.frombuffer(chunk.buffers()[1], np.int64)
    return offsets[chunk.offset : chunk.offset + len(chunk) + 1]


def _one_by_one(texts: Iterable[object]) -> Iterator[bytes]:
    block: list[str] = []
    for text in texts:
        each = text if isinstance(text, str) else str(text)
        block.append(f"{len(each)}:{each}")
        if len(block) == _BLOCK:
            yield "".join(block).encode("utf-8", "surrogatepass")
            block.clear()
    yield "".join(block).encode("utf-8", "surrogatepass")
