"""Lists behind the summary of a slice: words that go wrong, or labels that are taken for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import Confusion
from slicecore.metrics.class_errors import telling
from slicecore.wording import percent
from slicecore_app.review.labels.confusion_view import labels_of
from slicecore_app.review.slice.component import WordList, WordRow
from slicecore_app.server.memo import Same
from slicecore_app.server.open_table import WORDS

if TYPE_CHECKING:
    from slicecore.explain.explainer import Explainer
    from slicecore.metrics.class_errors import ClassErrors
    from slicecore.slices.result import Slice
    from slicecore.text.words import WordCount
    from slicecore_app.review.review_result import ReviewResult

MOST_WORDS = 10
"""Rows of each list of words."""
MOST_LABELS = 20
"""Rows of each list of labels."""


def word_lists(slice_: Slice, result: ReviewResult) -> list[WordList]:
    """Words that go wrong in a slice, or pairs of labels where those are compared; none of other metrics."""
    rows = slice_.members
    if not len(rows):
        return []
    if result.costs.unit == "labels":
        return _labels(rows, result)
    measured = result.reasons.measured
    if measured is None or not result.counts_words:
        return []
    explainer = measured.explainer
    return result.table.shared(WORDS, (slice_.id, Same(explainer)), lambda: _words(rows, explainer))


def _words(rows: NDArray[np.int64], explainer: Explainer) -> list[WordList]:
    """Words that go wrong in the picked clips, and how often they do in the rest."""
    lists = explainer.words_of(rows, MOST_WORDS)
    by_class = [_class(each) for each in telling(explainer.word_classes_of(rows))]
    return [
        WordList(title, [_word(word) for word in words])
        for title, words in (
            ("Most often wrong", lists.misrecognised),
            ("Substituted", lists.confusions),
            ("Deleted", lists.deleted),
            ("Inserted", lists.inserted),
        )
    ] + [WordList("Wrong by class", by_class)]


def _labels(rows: NDArray[np.int64], result: ReviewResult) -> list[WordList]:
    """Pairs of labels that are confused in the picked clips; a click on a pair selects its clips."""
    labels = labels_of(result)
    if labels is None:
        return []
    others = np.setdiff1d(np.arange(len(result.data)), rows)
    own, rest = labels.confusion(rows), labels.confusion(others)
    by = f" by {result.prediction}" if result.compared else ""
    return [WordList(f"Taken for another{by}", _confused(own, rest))]


def _confused(own: Confusion, rest: Confusion) -> list[WordRow]:
    counts = own.counts - np.diag(own.counts.diagonal())
    cells = np.argsort(-counts, axis=None, kind="stable")[:MOST_LABELS]
    rows: list[WordRow] = []
    for actual, predicted in zip(*np.unravel_index(cells, counts.shape), strict=True):
        if not counts[actual, predicted]:
            break
        pair = own.labels[actual], own.labels[predicted]
        hint = _in_the_rest(rest.counts[actual, predicted], rest.clips[actual])
        count = f"{counts[actual, predicted]:,} of {own.clips[actual]:,}"
        rows.append((" → ".join(pair), count, f"Select these clips; {hint}", pair))
    return rows


def _in_the_rest(count: int, of: int) -> str:
    return f"{count:,} of {of:,} in the rest"


def _word(count: WordCount) -> WordRow:
    word = f"{count.word} → {count.prediction}" if count.prediction else count.word
    return word, f"{count.count:,} of {count.of:,}", _in_the_rest(count.count_rest, count.of_rest), ()


def _class(errors: ClassErrors) -> WordRow:
    if errors.unknown:
        return errors.label, "unknown", errors.unknown[:1].upper() + errors.unknown[1:], ()
    low, high = map(percent, errors.interval)
    hints = [f"95 % interval {low} to {high}"]
    if errors.words_rest:
        hints.append(f"{percent(errors.rate_rest)} of {errors.words_rest:,} in the rest")
    if errors.errors:
        hints.append(f"{percent(errors.share)} of all errors of these clips")
    return errors.label, f"{percent(errors.rate)} of {errors.words:,}", "; ".join(hints), ()
