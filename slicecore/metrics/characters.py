"""Alignment of the characters of transcripts, where errors are counted by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from slicecore.metrics.costs import check_lengths
from slicecore.metrics.transcripts import Edit
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, normalise

_KIND_OF_TAG = {"replace": "substitute", "delete": "delete", "insert": "insert"}
_PIECES = re.compile(r"\S{0,11}\s|\S{1,12}")
"""Pieces of equal characters: a long one could not be broken into lines."""


def align_characters(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> list[list[Edit]]:
    """Align the characters of many clips, as `cer` counts them.

    An edit is one wrong character, or some that are equal: a word with the space behind it, at most 12 characters.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.

    Examples
    --------
    >>> [(edit.kind, edit.reference, edit.prediction) for edit in sc.metrics.align_characters(["cold"], ["gold"])[0]]
    [('substitute', 'c', 'g'), ('equal', 'old', 'old')]
    """
    from rapidfuzz.distance import Levenshtein

    check_lengths(reference, prediction)
    pairs = zip(normalise(reference, normalisation), normalise(prediction, normalisation), strict=True)
    return [
        [
            edit
            for block in Levenshtein.opcodes(actual, predicted)
            for edit in _edits(block, actual, predicted)
        ]
        for actual, predicted in pairs
    ]


def _edits(block: Any, actual: str, predicted: str) -> Iterator[Edit]:
    """Edits of a block of equal or of wrong characters."""
    one, other = actual[block.src_start : block.src_end], predicted[block.dest_start : block.dest_end]
    if block.tag == "equal":
        for piece in _PIECES.findall(one):
            yield Edit("equal", piece, piece)
    else:
        for a, b in zip_longest(one, other, fillvalue=""):
            yield Edit(_KIND_OF_TAG[block.tag], a, b)
