"""The language of short texts (py3langid, BSD licence: a naive Bayes over character n-grams)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

_SURE = 0.8
"""Probability below which a language counts as unknown. English prompts of two or three words reach .55 as another."""

_SHORTEST = 8
"""Characters below which nothing is said."""


def languages(texts: Sequence[str]) -> np.ndarray:
    """Language of each text.

    Returns
    -------
    (n,) str
        ISO 639 codes; "" where the text is too short or its language not sure.
    """
    known = {text: _language(text) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=object)


def commonest(codes: np.ndarray) -> str:
    """The most frequent language, "" if none is known."""
    counts = Counter(code for code in codes.tolist() if code)
    return counts.most_common(1)[0][0] if counts else ""


@lru_cache(maxsize=1 << 18)  # the same texts are looked at for causes and for wrong references
def _language(text: str) -> str:
    if len(text) < _SHORTEST:
        return ""
    code, probability = _identifier().classify(text)
    return code if probability > _SURE else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
