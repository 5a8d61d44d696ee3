"""Columns of clips, as all tables that leave the tool have them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.table.dataset import Dataset


def clip_columns(data: Dataset, costs: Costs) -> pd.DataFrame:
    """Facts and costs of every clip: id, audio, reference, prediction, errors, words and value."""
    import pandas as pd

    # Arrays as they are: millions of texts as objects would take gigabytes.
    audio = data.table[data.roles.audio].array if data.roles.audio else [""] * len(data.ids)
    segment = (("start", data.roles.start), ("end", data.roles.end))
    return pd.DataFrame(
        {
            "id": data.ids,
            "audio": audio,
            **{role: data.table[column].to_numpy() for role, column in segment if column is not None},
            "reference": data.reference.array,
            "prediction": data.prediction.array,
            "errors": _whole(costs.numerator),
            "words": _whole(costs.denominator),
            "value": costs.per_clip(),
            **_compared_clips(data, costs),
        }
    )


def metadata_columns(data: Dataset, taken: Collection[str]) -> pd.DataFrame:
    """The table's own metadata; a column with the name of a taken one gets the ending `_in_table`."""
    import pandas as pd

    names: dict[str, str] = {}
    for name in data.metadata:
        new = name
        while new in taken or new in names.values():
            new = f"{new}_in_table"
        names[name] = new
    return pd.DataFrame(
        {new: data.table[name].to_numpy() for name, new in names.items()}, index=range(len(data))
    )


def _compared_clips(data: Dataset, costs: Costs) -> dict[str, object]:
    if not costs.compared:
        return {}
    (model, model_costs), (other, other_costs) = costs.compared
    texts = data.predictions.get(other)
    return {
        "model": model,
        "model_value": model_costs.per_clip(),
        "compared_with": other,
        "other_value": other_costs.per_clip(),
        "other_prediction": "" if texts is None else texts.array,
    }


def _whole(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(np.int64) if np.all(numbers == np.floor(numbers)) else numbers
