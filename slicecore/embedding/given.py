"""Vectors that somebody computed before: a .npy or .npz file with one row per row of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from slicecore.errors import ModelError


def load_vectors(path: str | Path, rows: int) -> np.ndarray:
    """Read ready-made vectors.

    Parameters
    ----------
    path
        A .npy file, or a .npz file with exactly one array or one called "vectors".
    rows
        How many rows the table has.

    Returns
    -------
    (rows, d) float32
        In the order of the table. Rows that aren't finite stand for clips without a vector.

    Raises
    ------
    ModelError
        If the file can't be read or doesn't fit the table.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"There is no file “{path}” with vectors.")
    try:
        loaded = np.load(path, allow_pickle=False)
        vectors = loaded if isinstance(loaded, np.ndarray) else _one_of(loaded, path)
    except (ValueError, OSError, EOFError) as error:
        raise ModelError(f"“{path.name}” can't be read as an array of numbers: {error}") from error
    if vectors.ndim != 2 or not vectors.shape[1] or vectors.dtype.kind not in "fiub":
        raise ModelError(
            f"“{path.name}” holds {vectors.dtype} of shape {vectors.shape}; one row of numbers per clip is needed."
        )
    if len(vectors) != rows:
        raise ModelError(
            f"“{path.name}” has {len(vectors)} vectors, but the table has {rows} rows. "
            "It needs one vector per row, in the order of the table."
        )
    return vectors.astype(np.float32)


def _one_of(arrays: np.lib.npyio.NpzFile, path: Path) -> np.ndarray:
    with arrays:
        names = list(arrays.files)
        if "vectors" in names or len(names) == 1:
            return arrays["vectors" if "vectors" in names else names[0]]
    raise ModelError(
        f"“{path.name}” holds the arrays {', '.join(names)}. Call the one with the vectors “vectors”."
    )
