"""Columns of a table as vectors: numbers, categories, ordered categories, texts, ready-made embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.embedding.joint import balanced
from slicecore.errors import SlicecoreError, TableError

if TYPE_CHECKING:
    import pandas as pd

TYPES = ("raw", "nominal", "ordinal", "numerical", "embedding")
"""Types of columns. "raw" is a path of an audio file, or text."""

AUDIO_ENDINGS = frozenset((".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".aif", ".aiff", ".au"))
_TEXT_FROM = 0.2
"""Share of different values from which on a column of strings is text rather than categories."""

_TEXT_DIMENSIONS = 32
_NEEDS = (
    "Column “{}” holds texts, which need scikit-learn. Install it with: pip install 'slicecore[sliceguard]'"
)


def infer_type(column: pd.Series) -> str:
    """Type of a column by its values, one of `TYPES`.

    Numbers are numerical, ordered categoricals ordinal, paths of audio files raw. Other strings are nominal, or raw
    where more than a fifth of them differ.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return "ordinal" if column.cat.ordered else "nominal"
    if pd.api.types.is_bool_dtype(column):
        return "nominal"
    if pd.api.types.is_numeric_dtype(column):
        return "numerical"
    if is_audio(column):
        return "raw"
    if any(isinstance(value, list | tuple | np.ndarray) for value in column):
        return "embedding"
    return "raw" if column.nunique() > _TEXT_FROM * len(column) else "nominal"


def is_audio(column: pd.Series) -> bool:
    """True where all values present are paths of audio files, by their endings."""
    known = [str(value) for value in column.dropna() if str(value)]
    return bool(known) and all(PurePath(value).suffix.lower() in AUDIO_ENDINGS for value in known)


def encode(
    column: pd.Series, kind: str, order: Sequence[Any] | None = None, scale: bool = True
) -> np.ndarray:
    """Turn a column into one vector per row.

    Parameters
    ----------
    column
        (n,) values.
    kind
        One of `TYPES`; "raw" is text here.
    order
        All values of an ordinal column, lowest first; that of its categories if None.
    scale
        True to divide a numerical column by the range of its middle 95 %.

    Returns
    -------
    (n, d) float32
        NaN where a number is missing. A missing category is a category of its own.

    Raises
    ------
    TableError
        If the values don't fit the type.
    """
    if kind == "numerical":
        return _numbers(column, scale)
    if kind == "ordinal":
        return _ordered(column, order)
    if kind == "nominal":
        import pandas as pd

        return pd.get_dummies(column.astype(object).fillna("")).to_numpy(np.float32)
    if kind == "embedding":
        return as_vectors(list(column), str(column.name), len(column))
    return _texts(column)


def as_vectors(rows: Any, name: str, count: int) -> np.ndarray:
    """Check ready-made vectors of a column, (count, d) float32. Raises TableError."""
    try:
        vectors = np.asarray(rows, np.float32)
    except (TypeError, ValueError) as error:
        raise TableError(f"The vectors of “{name}” are not all of one length: {error}.") from error
    if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1]:
        raise TableError(
            f"The vectors of “{name}” have the shape {vectors.shape}; one row of numbers for each of the {count} clips "
            "is needed."
        )
    return vectors


def joined(blocks: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """Put the vectors of several columns side by side, each with the same total variance times its weight squared.

    Parameters
    ----------
    blocks
        Column -> (n, d) vectors.
    weights
        Column -> factor; 1 where there is none.

    Returns
    -------
    (n, sum of d) float32
        A single column keeps its vectors as they are: a factor would change nothing.
    """
    if len(blocks) == 1:
        return next(iter(blocks.values()))
    valid = np.logical_and.reduce([np.isfinite(vectors).all(axis=1) for vectors in blocks.values()])
    parts = [balanced(vectors, valid, weights.get(name, 1.0) ** 2) for name, vectors in blocks.items()]
    return np.concatenate(parts, axis=1)


def importance(blocks: Mapping[str, np.ndarray], members: np.ndarray) -> dict[str, float]:
    """Distance of the rows of a group from the others in every column, as shares that sum to 1.

    It is the squared distance between both means, in units of the column's total variance.
    """
    away = {}
    for name, vectors in blocks.items():
        inside = np.zeros(len(vectors), bool)
        inside[members] = True
        known = np.isfinite(vectors).all(axis=1)
        here, rest = vectors[inside & known], vectors[~inside & known]
        apart = here.mean(axis=0) - rest.mean(axis=0) if len(here) and len(rest) else np.zeros(1)
        away[name] = float((apart**2).sum()) / _spread(vectors) ** 2
    total = sum(away.values())
    return {name: value / total if total > 0 else 1 / len(away) for name, value in away.items()}


def _spread(vectors: np.ndarray) -> float:
    known = vectors[np.isfinite(vectors).all(axis=1)]
    return float(np.sqrt(known.var(axis=0).sum())) or 1.0 if len(known) else 1.0


def _numbers(column: pd.Series, scale: bool) -> np.ndarray:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float32)
    wrong = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    if len(wrong):
        raise TableError(
            f"Row {wrong[0]}, column “{column.name}”: “{column.iloc[wrong[0]]}” is not a number. Call the column "
            "nominal, or correct the value."
        )
    if scale and np.isfinite(numbers).any():
        low, middle, high = np.nanquantile(numbers, (0.025, 0.5, 0.975))
        numbers = (numbers - middle) / ((high - low) or 1.0)
    return numbers[:, None]


def _ordered(column: pd.Series, order: Sequence[Any] | None) -> np.ndarray:
    import pandas as pd

    if order is None:
        if not isinstance(column.dtype, pd.CategoricalDtype):
            raise TableError(
                f"Column “{column.name}” is ordinal, but nothing says in which order its values come. Give the order, "
                "lowest first."
            )
        order = list(column.cat.categories)
    place = {value: i / max(1, len(order) - 1) for i, value in enumerate(order)}
    known = column.dropna()
    strange = [value for value in known.unique() if value not in place]
    if strange:
        raise TableError(f"The order of column “{column.name}” lacks “{strange[0]}”.")
    return column.astype(object).map(place).to_numpy(np.float32)[:, None]


def _texts(column: pd.Series) -> np.ndarray:
    """Latent semantic analysis of the texts' letters (n-grams inside words): what reads alike lies together."""
    try:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise SlicecoreError(_NEEDS.format(column.name)) from error

    texts = column.fillna("").astype(str).str.strip()
    if not texts.str.contains(r"\w").any():
        raise TableError(f"Column “{column.name}” holds no words.")
    weights = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True).fit_transform(texts)
    size = min(_TEXT_DIMENSIONS, weights.shape[0] - 1, weights.shape[1] - 1)
    if size < 1:
        return weights.toarray().astype(np.float32)
    return TruncatedSVD(size, random_state=0).fit_transform(weights).astype(np.float32)
