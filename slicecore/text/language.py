"""The language of short texts (py3langid, BSD licence: a naive Bayes over character n-grams)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache as once
from pathlib import Path
from typing import Any

import numpy as np

from slicecore.storage.array_cache import cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.text.few_recent import FewRecent
from slicecore.text.language_scores import LanguageScores
from slicecore.text_digest import digest_of

_SURE = 0.8
"""Probability below which a language counts as unknown. English prompts of two or three words reach .55 as another."""

_SHORTEST = 8
"""Characters below which a text has no language."""

_FEW = 64
"""Texts up to which they are classified one by one."""
_DOUBTFUL = 1e-3
"""Distance from `_SURE` within which the probability of a text is worked out alone: many at once round differently."""
_ENOUGH = 20_000
"""Texts that tell the language of most."""
_NUMBER = 1
"""Raised when the same model gives the same texts other languages."""
_recent: FewRecent[np.ndarray] = FewRecent(3)
"""Of columns: the same texts are looked at for causes and for wrong references."""


_NAMES = {
    **{
        "af": "Afrikaans",
        "am": "Amharic",
        "ar": "Arabic",
        "az": "Azerbaijani",
        "be": "Belarusian",
        "bg": "Bulgarian",
    },
    **{"bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish"},
    **{"de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian"},
    **{"eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician"},
    **{"gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian"},
    **{
        "hy": "Armenian",
        "id": "Indonesian",
        "ig": "Igbo",
        "is": "Icelandic",
        "it": "Italian",
        "ja": "Japanese",
    },
    **{"jv": "Javanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean"},
    **{
        "ku": "Kurdish",
        "ky": "Kyrgyz",
        "la": "Latin",
        "lb": "Luxembourgish",
        "lo": "Lao",
        "lt": "Lithuanian",
    },
    **{
        "lv": "Latvian",
        "mg": "Malagasy",
        "mk": "Macedonian",
        "ml": "Malayalam",
        "mn": "Mongolian",
        "mr": "Marathi",
    },
    **{
        "ms": "Malay",
        "mt": "Maltese",
        "my": "Burmese",
        "ne": "Nepali",
        "nl": "Dutch",
        "nn": "Norwegian Nynorsk",
    },
    **{
        "no": "Norwegian",
        "pa": "Punjabi",
        "pl": "Polish",
        "ps": "Pashto",
        "pt": "Portuguese",
        "ro": "Romanian",
    },
    **{
        "ru": "Russian",
        "rw": "Kinyarwanda",
        "si": "Sinhala",
        "sk": "Slovak",
        "sl": "Slovenian",
        "so": "Somali",
    },
    **{"sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu"},
    **{"tg": "Tajik", "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar"},
    **{"ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa"},
    **{"yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese", "zu": "Zulu"},
}


def languages(texts: Sequence[str], cache: Path | None = None) -> np.ndarray:
    """Language of each text.

    Parameters
    ----------
    texts
        The texts.
    cache
        Folder of the cache; to load the model takes longer than to read what it found. Nothing is stored if None.

    Returns
    -------
    (n,) str
        ISO 639 codes; "" where the text is too short or its language not sure.
    """
    if cache is None and len(texts) <= _FEW:
        return languages_now(texts)
    return _recent.get(
        digest_of(texts), lambda: languages_now(texts) if cache is None else _stored(texts, cache)
    ).copy()


def _stored(texts: Sequence[str], cache: Path) -> np.ndarray:
    """Languages from the cache, or into it."""
    import py3langid  # without its model; the record of a run names what is imported

    name = f"languages {py3langid.__version__} {version_of(_NUMBER, _SURE, _SHORTEST)}"
    arrays = cached_arrays(
        cache, CacheFolder.COUNTS, name, lambda: {"code": languages_now(texts).astype(np.str_)}, texts=[texts]
    )
    return arrays["code"].astype(object)


def languages_now(texts: Sequence[str]) -> np.ndarray:
    """Language of each text as `languages` tells it, which nothing remembers."""
    different = list(dict.fromkeys(text for text in texts if len(text) >= _SHORTEST))
    known = dict(zip(different, _told(different), strict=True))
    return np.array([known.get(text, "") for text in texts], dtype=object)


def _told(texts: list[str]) -> list[str]:
    """Languages of texts that are long enough."""
    if len(texts) <= _FEW:
        return [_told_alone(text) for text in texts]
    codes, probability = _scores().likeliest(texts)
    told = np.where(probability > _SURE, codes, "").tolist()
    for row in np.flatnonzero(np.abs(probability - _SURE) < _DOUBTFUL).tolist():
        told[row] = _told_alone(texts[row])
    return told


def _told_alone(text: str) -> str:
    code, probability = _identifier().classify(text)
    return str(code) if probability > _SURE else ""


def commonest(codes: np.ndarray) -> str:
    """The most frequent language, "" if none is known."""
    counts = Counter(code for code in codes.tolist() if code)
    return counts.most_common(1)[0][0] if counts else ""


def usual_language(texts: Sequence[str], cache: Path | None = None) -> str:
    """The most frequent language of texts, "" if none is known; of very many that of some, spread evenly.

    `cache` as in `languages`.
    """
    return commonest(languages(texts[:: max(1, len(texts) // _ENOUGH)], cache))


def language_name(code: str) -> str:
    """English name of a language; for rare ones the code in quotes."""
    return _NAMES.get(code, f"“{code}”")


@once
def _scores() -> LanguageScores:
    return LanguageScores(_identifier())


@once
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
