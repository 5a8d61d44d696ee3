"""Tables of Arrow as frames, and the columns in them that hold sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from slicecore.table.roles import guess_roles

if TYPE_CHECKING:
    import pandas as pd

BYTES, PATH = "bytes", "path"
"""Fields of a struct that holds a recording, as Hugging Face's `datasets` writes it."""


def sound_column(schema: Any) -> str | None:
    """Name of the column with recordings inside the table: a struct of bytes and path, or bytes under a name for audio.

    Parameters
    ----------
    schema
        A `pyarrow.Schema`.
    """
    structs = [field.name for field in schema if _is_sound(field.type)]
    plain = [field.name for field in schema if _is_bytes(field.type)]
    return guess_roles(structs).audio or next(iter(structs), None) or guess_roles(plain).audio


def is_vector(kind: Any) -> bool:
    """Return whether cells of an Arrow type are lists of numbers."""
    import pyarrow.types as kinds

    is_list = kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind)
    return bool(is_list and (kinds.is_floating(kind.value_type) or kinds.is_integer(kind.value_type)))


def frame_of(table: Any) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A `pyarrow.Table` as a frame.

    Structs become columns with dots in their names. Lists of numbers stay as they are, for embeddings; other lists,
    maps and bytes mean nothing here.

    Returns
    -------
    frame, left_out
        The frame, and the names of the columns that it lacks.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.types as kinds

    while any(kinds.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    names, columns, left_out = [], [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        plain_column = _plain(column)
        if plain_column is None:
            left_out.append(field.name)
        else:
            names.append(field.name)
            columns.append(plain_column)
    if not names:
        return pd.DataFrame(index=range(len(table))), tuple(left_out)
    plain = pa.Table.from_arrays(columns, names=names)
    frame = plain.to_pandas(
        ignore_metadata=True,
        date_as_object=False,
        split_blocks=True,
        self_destruct=True,
        types_mapper=lambda kind: pd.ArrowDtype(kind) if is_vector(kind) else None,
    )
    return frame, tuple(left_out)


def _plain(column: Any) -> Any:
    """A column of a type that pandas holds without an object per cell; None for lists of texts, maps and bytes."""
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = column.type
    if kinds.is_dictionary(kind):
        return _undone(column)
    if kinds.is_null(kind):
        return pa.nulls(len(column), pa.large_string())
    if kinds.is_duration(kind):
        return _in_seconds(column)
    if kinds.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    if _is_text(kind) or kinds.is_time(kind):
        return column.cast(pa.large_string())
    is_number = kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_boolean(kind)
    is_date = kinds.is_timestamp(kind) or kinds.is_date(kind)
    return column if is_number or is_date or is_vector(kind) else None


def _undone(column: Any) -> Any:
    """The values of a column that refers to a list of them; None where they can't be had."""
    import pyarrow as pa

    blocks = [(_plain(block.dictionary), block.indices) for block in column.chunks]
    if not blocks or any(values is None for values, _ in blocks):
        return None
    return pa.chunked_array([values.take(indices) for values, indices in blocks])


def _in_seconds(durations: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    per_second = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}[durations.type.unit]
    return pc.divide(durations.cast(pa.int64()).cast(pa.float64(), safe=False), per_second)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or str(kind) == "string_view")


def _is_sound(kind: Any) -> bool:
    import pyarrow.types as kinds

    if not kinds.is_struct(kind):
        return False
    fields: Sequence[Any] = [kind.field(position) for position in range(kind.num_fields)]
    types = {field.name: field.type for field in fields}
    return BYTES in types and _is_bytes(types[BYTES])


def _is_bytes(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind) or str(kind) == "binary_view")
