"""Alignment of the characters of transcripts, where errors are counted by them.

A character is what is read as one: a letter with its marks, an emoji of several parts (a grapheme cluster, Unicode
Standard Annex 29). The rate itself counts code points; the two differ in scripts with combining marks only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from slicecore.metrics.costs import check_lengths
from slicecore.metrics.transcripts import Edit
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, normalise

_KIND_OF_TAG = {"replace": "substitute", "delete": "delete", "insert": "insert"}
_LONGEST_PIECE = 12
"""Equal characters that stand together: a longer piece could not be broken into lines."""


def align_characters(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> list[list[Edit]]:
    """Align the characters of many clips.

    An edit is one wrong character, or some that are equal: a word with the space behind it, at most 12 characters. A
    letter and its marks are one character here, where `cer` counts each: wrong ones are as many as `cer` counts in
    texts without combining marks.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.

    Examples
    --------
    >>> [(edit.kind, edit.reference, edit.prediction) for edit in sc.metrics.align_characters(["cold"], ["gold"])[0]]
    [('substitute', 'c', 'g'), ('equal', 'old', 'old')]
    >>> [(edit.kind, edit.reference, edit.prediction) for edit in sc.metrics.align_characters(["ที่"], ["ที"])[0]]
    [('substitute', 'ที่', 'ที')]
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
        for actual, predicted in ((_characters(one), _characters(other)) for one, other in pairs)
    ]


def _characters(text: str) -> Sequence[str]:
    """Characters of a text as they are read."""
    import regex

    return text if text.isascii() else regex.findall(r"\X", text)


def _pieces(characters: Sequence[str]) -> Iterator[str]:
    """Pieces of equal characters: a word with the space behind it, or as much of it as may stand together."""
    piece: list[str] = []
    for character in characters:
        piece.append(character)
        if character.isspace() or len(piece) == _LONGEST_PIECE:
            yield "".join(piece)
            piece = []
    if piece:
        yield "".join(piece)


def _edits(block: Any, actual: Sequence[str], predicted: Sequence[str]) -> Iterator[Edit]:
    """Edits of a block of equal or of wrong characters."""
    one, other = actual[block.src_start : block.src_end], predicted[block.dest_start : block.dest_end]
    if block.tag == "equal":
        for piece in _pieces(one):
            yield Edit("equal", piece, piece)
    else:
        for a, b in zip_longest(one, other, fillvalue=""):
            yield Edit(_KIND_OF_TAG[block.tag], a, b)
