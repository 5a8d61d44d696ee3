"""Words of all references aligned with those of their predictions, as columns: what can be counted about them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import MetricError
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Texts, normalise

EQUAL, SUBSTITUTED, DELETED, INSERTED = range(4)

_KINDS = {"equal": EQUAL, "substitute": SUBSTITUTED, "delete": DELETED, "insert": INSERTED}


@dataclass(frozen=True, eq=False)
class Alignment:
    """Every step from the references of a table to its predictions, in the order of the clips and their words.

    Attributes
    ----------
    clips : number of clips.
    clip : (steps,) row of the clip, ascending.
    kind : (steps,) `EQUAL`, `SUBSTITUTED`, `DELETED` or `INSERTED`.
    reference, prediction : (steps,) position of the word in `vocabulary`, -1 on the side on which there is none.
    vocabulary : all words, of references and predictions.
    """

    clips: int
    clip: NDArray[np.int64]
    kind: NDArray[np.int8]
    reference: NDArray[np.int32]
    prediction: NDArray[np.int32]
    vocabulary: tuple[str, ...]

    def count(self, kind: int) -> NDArray[np.float64]:
        """(clips,) number of steps of a kind in every clip."""
        return np.bincount(self.clip[self.kind == kind], minlength=self.clips).astype(np.float64)

    @property
    def reference_words(self) -> NDArray[np.float64]:
        """(clips,) number of words of every reference."""
        return np.bincount(self.clip[self.reference >= 0], minlength=self.clips).astype(np.float64)

    @property
    def prediction_words(self) -> NDArray[np.float64]:
        """(clips,) number of words of every prediction."""
        return np.bincount(self.clip[self.prediction >= 0], minlength=self.clips).astype(np.float64)


def align_table(reference: Texts, prediction: Texts, normalisation: str = DEFAULT_NORMALISATION) -> Alignment:
    """Align the words of all clips (Levenshtein, by jiwer), as `slicecore.metrics.builtin.align` does for one.

    The last few results are kept: asking again for the same texts costs nothing.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        One of `slicecore.text.normalisation.NORMALISATIONS`.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    if len(reference) != len(prediction):
        raise MetricError(f"There are {len(reference)} references but {len(prediction)} predictions.")
    return _aligned(tuple(reference), tuple(prediction), normalisation)


@lru_cache(maxsize=4)
def _aligned(reference: tuple[str, ...], prediction: tuple[str, ...], normalisation: str) -> Alignment:
    import jiwer

    said, heard = normalise(reference, normalisation), normalise(prediction, normalisation)
    codes: dict[str, int] = {}
    clip: list[int] = []
    kind: list[int] = []
    left: list[int] = []
    right: list[int] = []
    for row, chunks in enumerate(jiwer.process_words(said, heard).alignments if said else []):
        words_left = [codes.setdefault(word, len(codes)) for word in said[row].split()]
        words_right = [codes.setdefault(word, len(codes)) for word in heard[row].split()]
        for chunk in chunks:
            from_left = words_left[chunk.ref_start_idx : chunk.ref_end_idx]
            from_right = words_right[chunk.hyp_start_idx : chunk.hyp_end_idx]
            steps = max(len(from_left), len(from_right))
            clip += [row] * steps
            kind += [_KINDS[chunk.type]] * steps
            left += from_left or [-1] * steps
            right += from_right or [-1] * steps
    return Alignment(
        len(said),
        np.array(clip, dtype=np.int64),
        np.array(kind, dtype=np.int8),
        np.array(left, dtype=np.int32),
        np.array(right, dtype=np.int32),
        tuple(codes),
    )
