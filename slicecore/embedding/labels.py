"""Columns that a model adds to a table: labels of a classifier, such as an accent or an emotion."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.errors import ModelError
from slicecore.storage.home import cache_folder

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.embedding import Cluster, Embeddings
    from slicecore.table.dataset import Dataset

_TOPICS = {
    "accent": r"accent|dialect",
    "language": r"lang|lid|voxlingua",
    "emotion": r"emotion|emo|er|sentiment|ravdess|iemocap",
    "gender": r"gender|sex",
    "age": r"age",
    "speaker": r"speaker|sid|voxceleb",
    "keyword": r"keyword|ks|commands",
    "sound": r"audioset|sound|sounds|esc50",
}
"""Subject of a model -> words in its name that say so."""

_OTHER = "Name a model for audio classification."


def attributes(
    data: Dataset,
    model: str,
    *,
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> pd.DataFrame:
    """Run an audio classification model for its labels.

    Vectors come from the same pass and are kept with the labels: to embed with the same model afterwards costs nothing.

    Parameters
    ----------
    data
        The clips.
    model
        Hub name or folder of an audio classification model for transformers, with a name for the columns and "=" before
        it if the one that is guessed from the model's name won't do: "accent=someone/some-model".
    cluster
        Ray cluster on which the model runs; None for this process.
    cache, progress, cancel
        As in `slicecore.embed`.

    Returns
    -------
    DataFrame
        With the table's index: `predicted_<name>`, the most probable label, "" for a clip without one, and
        `predicted_<name>_probability`.

    Raises
    ------
    ModelError
        If the model can't be had or gives no labels.
    Cancelled
        If `cancel` was set.
    """
    import pandas as pd

    from slicecore.embedding import embed
    from slicecore.embedding.family import open_embedder

    cache = cache if cache is not None else cache_folder()
    name, model = _name_and_model(model)
    # Before the long work, not after it.
    if not getattr(open_embedder(model, cache), "gives_labels", False):
        raise ModelError(f"“{model}” has no classification head, so it gives no labels. {_OTHER}")
    engine = "local" if cluster is None else "ray"
    run = embed(data, model, engine=engine, cluster=cluster, cache=cache, progress=progress, cancel=cancel)
    if run.valid.any() and not run.labels:
        raise ModelError(
            f"“{model}” gave no labels: it predicts a number, or weights of its classification head are missing. "
            + _OTHER
        )
    return pd.DataFrame(_columns(run, name), index=data.table.index)


def label_columns(run: Embeddings) -> dict[str, list]:
    """The columns of `attributes` from an embedding that has labels; none where it has not."""
    return _columns(run, _name_and_model(run.model)[0]) if run.labels else {}


def _columns(run: Embeddings, name: str) -> dict[str, list]:
    best = [run.labels[row][0] if row in run.labels else None for row in range(len(run.valid))]
    return {
        f"predicted_{name}": [label.name if label else "" for label in best],
        f"predicted_{name}_probability": [label.probability if label else float("nan") for label in best],
    }


def with_attributes(
    data: Dataset,
    models: Iterable[str],
    *,
    cluster: Cluster | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Dataset:
    """Return the data set with the columns of `attributes` for each model as further metadata.

    Raises
    ------
    ModelError
        As in `attributes`, or if a column of such a name is there already.
    """
    import pandas as pd

    for model in models:
        columns = attributes(data, model, cluster=cluster, cache=cache, progress=progress, cancel=cancel)
        taken = [name for name in columns if name in data.table.columns]
        if taken:
            raise ModelError(
                f"There is a column “{taken[0]}” already. Give the labels of “{model}” another name: name={model}."
            )
        data = replace(
            data,
            table=pd.concat([data.table, columns], axis=1),
            metadata=(*data.metadata, *columns.columns),
        )
    return data


def _name_and_model(text: str) -> tuple[str, str]:
    name, equals, model = text.partition("=")
    if equals and re.fullmatch(r"\w+", name) and model:
        return name, model
    words = set(re.split(r"[^a-z0-9]+", Path(text).name.lower()))
    for topic, pattern in _TOPICS.items():
        if any(re.fullmatch(pattern, word) for word in words):
            return topic, text
    return "label", text
