"""Tables of words that leave the tool: words that matter, and errors by class of word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics.class_errors import ClassErrors
    from slicecore.metrics.listed_words import WordRecall


def words_table(words: Sequence[WordRecall]) -> pd.DataFrame:
    """Words that matter in their order, a row per word.

    Columns: word, in_references, in_predictions, recognised, recall, recall_low, recall_high, precision, precision_low
    and precision_high. A share and its interval are empty where there is nothing to divide by.
    """
    import pandas as pd

    columns = {
        "word": [each.word for each in words],
        "in_references": [each.in_references for each in words],
        "in_predictions": [each.in_predictions for each in words],
        "recognised": [each.recognised for each in words],
        "recall": [each.recall for each in words],
        "recall_low": [each.recall_interval[0] for each in words],
        "recall_high": [each.recall_interval[1] for each in words],
        "precision": [each.precision for each in words],
        "precision_low": [each.precision_interval[0] for each in words],
        "precision_high": [each.precision_interval[1] for each in words],
    }
    return pd.DataFrame(columns)


def word_classes_table(groups: Mapping[str, Sequence[ClassErrors]]) -> pd.DataFrame:
    """Errors by class of word, a row per group of clips and class.

    Columns: slice_id, class, words, errors, rate, rate_low, rate_high, share (of all errors of the group), words_rest,
    errors_rest and rate_rest. A rate is empty where there are no words; classes that can't be told are left out.

    Parameters
    ----------
    groups
        By the id of a slice; "" for all clips.
    """
    import pandas as pd

    rows = [(group, each) for group, classes in groups.items() for each in classes if not each.unknown]
    columns = {
        "slice_id": [group for group, _ in rows],
        "class": [each.name for _, each in rows],
        "words": [each.words for _, each in rows],
        "errors": [each.errors for _, each in rows],
        "rate": [each.rate for _, each in rows],
        "rate_low": [each.interval[0] for _, each in rows],
        "rate_high": [each.interval[1] for _, each in rows],
        "share": [each.share for _, each in rows],
        "words_rest": [each.words_rest for _, each in rows],
        "errors_rest": [each.errors_rest for _, each in rows],
        "rate_rest": [each.rate_rest for _, each in rows],
    }
    return pd.DataFrame(columns)
