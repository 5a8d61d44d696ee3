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
"""Characters below which a text has no language."""


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


def languages(texts: Sequence[str]) -> np.ndarray:
    """Language of each text.

    Returns
    -------
    (n,) str
        ISO 639 codes; "" where the text is too short or its language not sure.
    """
    known = {text: _language(text) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=object)


def language_of(text: str) -> str:
    """ISO 639 code of the language of a text, "" where that is not sure; not remembered, unlike `languages`."""
    if len(text) < _SHORTEST:
        return ""
    code, probability = _identifier().classify(text)
    return str(code) if probability > _SURE else ""


def commonest(codes: np.ndarray) -> str:
    """The most frequent language, "" if none is known."""
    counts = Counter(code for code in codes.tolist() if code)
    return counts.most_common(1)[0][0] if counts else ""


def language_name(code: str) -> str:
    """English name of a language; for rare ones the code in quotes."""
    return _NAMES.get(code, f"“{code}”")


@lru_cache(maxsize=1 << 18)  # the same texts are looked at for causes and for wrong references
def _language(text: str) -> str:
    return language_of(text)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
