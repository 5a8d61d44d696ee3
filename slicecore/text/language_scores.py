"""Languages of many texts at once, by the model of py3langid (BSD licence), which takes one text after the other.

The automaton that finds the n-grams goes through all texts of a block together, one byte of each at a time; the scores
of the languages are one product of a sparse matrix. Probabilities differ from those of `LanguageIdentifier.classify` in
the last digits of float32 alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.work_threads import in_threads

_BLOCK_BYTES = 1 << 19
"""Bytes of the texts of a block: scores of all languages for more of them take memory that is cleared anew."""


class LanguageScores:
    """The model of an identifier of py3langid as arrays.

    Parameters
    ----------
    identifier
        A `LanguageIdentifier` with `norm_probs`.
    """

    def __init__(self, identifier: Any) -> None:
        self._next = np.asarray(identifier.tk_nextmove)
        self._row = np.asarray(identifier.tk_row, dtype=np.int64) << 8
        self._feature = np.asarray(identifier.tk_output, dtype=np.int32)
        self._weights, self._prior = identifier.nb_ptc, identifier.nb_pc
        self._codes = np.array(identifier.nb_classes)
        codes, self._first = np.unique(self._codes, return_index=True)
        place = dict(zip(codes.tolist(), self._first.tolist(), strict=True))
        self._as_first = np.array(
            [place[code] for code in identifier.nb_classes]
        )  # a language may come twice

    def likeliest(self, texts: Sequence[str]) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
        """Code of the likeliest language of each text, and its probability."""
        contents = [_encoded(text) for text in texts]
        lengths = np.array([len(content) for content in contents], dtype=np.int64)
        best = np.zeros(len(texts), dtype=np.int64)
        probability = np.zeros(len(texts), dtype=np.float32)
        by_length = np.argsort(-lengths, kind="stable")
        block = np.cumsum(lengths[by_length] + 1) // _BLOCK_BYTES
        blocks = [rows for rows in np.split(by_length, np.flatnonzero(np.diff(block)) + 1) if len(rows)]

        def look(number: int) -> None:
            rows = blocks[number]
            shares = self._probabilities([contents[row] for row in rows.tolist()], lengths[rows])
            best[rows] = shares.argmax(axis=1)
            probability[rows] = shares.max(axis=1)

        in_threads(look, range(len(blocks)))
        return self._codes[best], probability

    def _probabilities(self, contents: list[bytes], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
        """(texts, columns) probability of every language in its first column; contents by length, the longest first."""
        from scipy import sparse

        text, feature = self._features(contents, lengths)
        scores = np.zeros((len(contents), len(self._prior)), dtype=np.float32)
        if len(text):
            is_there = np.zeros(len(self._weights), dtype=bool)
            is_there[feature] = True
            names, column = np.flatnonzero(is_there), np.cumsum(is_there, dtype=np.int32) - 1
            counts = sparse.csr_matrix(
                (np.ones(len(text), np.float32), (text, column[feature])), shape=(len(contents), len(names))
            )
            counts.sum_duplicates()
            counts.data = np.log1p(counts.data)
            scores = counts @ self._weights[names].astype(np.float32)
            scores += self._prior
        scores[np.bincount(text, minlength=len(contents)) == 0] = 0
        scores *= (1 / np.sqrt(np.maximum(lengths, 1))).astype(np.float32)[:, None]
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        for again in np.flatnonzero(self._as_first != np.arange(len(self._as_first))).tolist():
            scores[:, self._as_first[again]] += scores[:, again]
            scores[:, again] = 0
        return scores

    def _features(
        self, contents: list[bytes], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Every n-gram of the model: number of its text, and its own."""
        letters = np.frombuffer(b"".join(contents), np.uint8)
        start = np.cumsum(lengths) - lengths
        at_least = np.searchsorted(-lengths, -np.arange(int(lengths[0]) if len(lengths) else 0), side="left")
        state = np.zeros(len(contents), dtype=np.int64)
        texts, features = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        for place, longer in enumerate(at_least.tolist()):  # the first texts are longer than this
            state = self._next[self._row[state[:longer]] + letters[start[:longer] + place]].astype(np.int64)
            found = self._feature[state]
            some = np.flatnonzero(found >= 0)
            texts.append(some)
            features.append(found[some])
        return np.concatenate(texts), np.concatenate(features)


def _encoded(text: str) -> bytes:
    """A text as the identifier takes it."""
    if text.isupper():
        text = text.lower()
    if text.isascii():
        return text.encode("ascii")
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
