"""Metrics of transcripts: word and character error rate, and the alignment that they count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slicecore.metrics.costs import Costs, check_lengths
from slicecore.text.alignment import DELETED, INSERTED, KIND_NAMES, SUBSTITUTED, align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, normalise
from slicecore.wording import clips


@dataclass(frozen=True, eq=False)
class WordErrors:
    """Word errors of every clip by kind, each (n,) float64; `words` counts the reference."""

    substitutions: np.ndarray
    deletions: np.ndarray
    insertions: np.ndarray
    words: np.ndarray

    @property
    def costs(self) -> Costs:
        """The word error rate."""
        return Costs(
            self.substitutions + self.deletions + self.insertions, self.words, name="WER", unit="words"
        )


@dataclass(frozen=True)
class Edit:
    """One step from the reference to the prediction.

    `kind` is "equal", "substitute", "delete" or "insert"; the side on which there is no word is "".
    """

    kind: str
    reference: str
    prediction: str


def word_errors(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> WordErrors:
    """Count substituted, deleted and inserted words of every clip (Levenshtein alignment).

    Parameters
    ----------
    reference, prediction
        (n,) texts. A clip with an empty reference has 0 words; every word of its prediction is an insertion.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`, or a function of your own from a text to a text.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.

    Examples
    --------
    >>> counts = sc.metrics.word_errors(["a cold day", "hello there"], ["a gold", "hello there now"])
    >>> counts.substitutions.tolist(), counts.deletions.tolist(), counts.insertions.tolist()
    ([1.0, 0.0], [1.0, 0.0], [0.0, 1.0])
    """
    aligned = align_table(reference, prediction, normalisation)
    return WordErrors(
        aligned.count(SUBSTITUTED),
        aligned.count(DELETED),
        aligned.count(INSERTED),
        aligned.reference_words,
    )


def wer(reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION) -> Costs:
    """Word error rate, pooled: word errors / words of the reference. See `word_errors`.

    Examples
    --------
    >>> costs = sc.metrics.wer(["Good morning.", "Hello there"], ["good morning", "yellow"])
    >>> costs.value()
    0.5
    >>> costs.value([0])
    0.0
    """
    return word_errors(reference, prediction, normalisation).costs


def cer(reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION) -> Costs:
    """Character error rate, pooled: character errors / characters of the reference, spaces included.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.

    Examples
    --------
    >>> sc.metrics.cer(["cold"], ["gold"]).value()
    0.25
    """
    from rapidfuzz.distance import Levenshtein

    check_lengths(reference, prediction)
    references, predictions = normalise(reference, normalisation), normalise(prediction, normalisation)
    errors = [Levenshtein.distance(a, b) for a, b in zip(references, predictions, strict=True)]
    characters = [len(text) for text in references]
    return Costs(
        np.array(errors, dtype=np.float64),
        np.array(characters, dtype=np.float64),
        name="CER",
        unit="characters",
    )


def empty_references(costs: Costs) -> str:
    """Sentence on how many clips of transcripts have no reference, and what that means; "" where all have one."""
    lacking = int((costs.denominator == 0).sum()) if costs.compares_text else 0
    if not lacking:
        return ""
    verb = "has" if lacking == 1 else "have"
    return f"{clips(lacking)} {verb} an empty reference: whatever the model writes there counts as inserted."


def align(
    reference: str, prediction: str, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> list[Edit]:
    """Align the words of one clip, one `Edit` per word, in the order of the text. Counts as `word_errors` does.

    Examples
    --------
    >>> sc.metrics.align("a cold day", "a gold")[1]
    Edit(kind='substitute', reference='cold', prediction='gold')
    """
    return align_all([reference], [prediction], normalisation)[0]


def align_all(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> list[list[Edit]]:
    """Align the words of many clips, as `align` does one; several times faster for each.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    aligned = align_table(reference, prediction, normalisation)
    return [
        [Edit(KIND_NAMES[kind], *words) for kind, *words in aligned.steps(row)]
        for row in range(aligned.clips)
    ]
