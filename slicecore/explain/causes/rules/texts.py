"""Rules of causes that are read off reference and prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicecore.explain.causes.rules.rule import Rule

if TYPE_CHECKING:
    import pandas as pd

# Of the usual rate of letters, below which more is spoken than written, or less written than spoken.
_RATIO = 0.7
_USUAL = (0.7, 1.4)  # rates that count as usual
_MOSTLY = 0.6  # share of the errors that are of one kind
_FEWEST_ERRORS, _SURE = 10, 0.001  # of a group, to say on which words they lie

_SOUND = (
    *("snr", "dynamics", "harmonicity", "flatness", "floor_flatness", "floor_tilt"),
    *("centroid", "high_band", "low_band", "speech_share"),
)
# Median deviations from the median; 5 are 3.4 standard deviations of a normal distribution.
_FAR, _SEVERAL = 5, 2


def _hallucinated(clips: pd.DataFrame) -> pd.Series:
    dense = (clips["predicted_rate"] >= 22) & (clips["length_ratio"] >= 1.4)
    return (clips["wer"] >= 0.3) & ((clips["repeated_words"] >= 6) | (clips["compression"] >= 0.5) | dense)


def _recurs(clips: pd.DataFrame) -> pd.Series:
    return (clips["recurring_words"] >= 0.5) & (clips["wer"] >= 0.3)


def _invented(clips: pd.DataFrame) -> pd.Series:
    predicted = clips["length_ratio"] * clips["words"].clip(lower=1)
    speechless = clips["duration"].notna() & ~(clips["speech_seconds"] > 0.25)
    # With a reference it may be speech that is buried in noise, unless the clip is as good as silent.
    silent = (clips["dynamics"] <= 6) & (clips["peak"] <= -30)
    return speechless & (predicted >= 2) & ((clips["words"] == 0) | silent)


def _wrong_reference(clips: pd.DataFrame) -> pd.Series:
    fluent = clips["predicted_rate"].between(7, 20)
    # A model that hears badly still has some words in their places.
    in_place = 1 - clips["substitutions"] - clips["deletions"]
    differ = (clips["overlap"] <= 0.25) & (clips["cer"] >= 0.65) & (clips["wer"] >= 0.7) & ~(in_place > 0.15)
    return differ & fluent & ~_sounds_unlike_the_set(clips)


def _sounds_unlike_the_set(clips: pd.DataFrame) -> pd.Series:
    """Clips of which several measurements lie far outside of what is usual: they may be hardly intelligible."""
    sound = clips[list(_SOUND)]
    apart = (sound - sound.median()).abs()
    return (apart > _FAR * apart.median()).sum(axis=1) >= _SEVERAL


def _shifted(clips: pd.DataFrame) -> pd.Series:
    # Of two texts that have nothing in common, such as one with a wrong reference, more must be the neighbour's.
    least = clips["overlap"].le(0.25).map({True: 0.8, False: 0.5})
    return (clips["missing_beside"] >= least) & (clips["wer"] >= 0.2)


def _more_said(clips: pd.DataFrame) -> pd.Series:
    mostly_added = (clips["insertions"] >= _MOSTLY * clips["wer"]) & (clips["wer"] >= 0.25)
    # More speech than the reference is long for, and the prediction has as much as is usual for it.
    longer = (clips["character_rate"] < _RATIO * _usual_rate(clips)) & _predicted(clips).between(*_USUAL)
    of_neighbour = (clips["added_beside"] >= 0.5) & (clips["insertions"] * clips["words"] >= 3)
    return mostly_added & (longer | of_neighbour) & (clips["repeated_words"] < 6)


def _omitted(clips: pd.DataFrame) -> pd.Series:
    mostly_deleted = (clips["deletions"] >= 0.3) & (clips["deletions"] >= 0.75 * clips["wer"])
    # There is speech for all of the reference, well above the noise.
    spoken = (clips["character_rate"] / _usual_rate(clips)).between(0.6, 1.2) & (clips["snr"] >= 12)
    return mostly_deleted & spoken & (_predicted(clips) <= 0.75)


def _usual_rate(clips: pd.DataFrame) -> float:
    rate = clips["character_rate"]
    return float(rate[rate > 0].median())


def _predicted(clips: pd.DataFrame) -> pd.Series:
    """Rate of the prediction's letters by the usual one of references."""
    return clips["predicted_rate"] / _usual_rate(clips)


def _cut(clips: pd.DataFrame) -> pd.Series:
    start, end = clips["deleted_at_start"], clips["deleted_at_end"]
    # A reference that is short for the speech has more spoken than it says, not less.
    fits = ~(clips["relative_rate"] < -0.3) & (clips["insertions"] < 0.5 * clips["wer"])
    return fits & (
        ((end >= 0.1) & _abrupt(clips, "end_level"))
        | ((start >= 0.1) & _abrupt(clips, "start_level"))
        # Words are missing and the reference is too long for the speech that is there.
        | ((start + end >= 0.2) & (clips["relative_rate"] >= 0.25))
    )


def _abrupt(clips: pd.DataFrame, edge: str) -> pd.Series:
    """Begins or ends in the middle of a sound, which stands out of the noise."""
    return (clips[edge] >= -20) & (clips[edge] + clips["dynamics"] >= 8)


def _hard_words(clips: pd.DataFrame) -> pd.Series:
    # A single error on a rare word is no surprise.
    least = {"number": 1, "name": 1, "rare": 2}
    errors = clips["wer"] * clips["words"]
    shows = errors < 0
    for name, count in least.items():
        share, usual = clips[f"{name}_errors"], clips[f"{name}_words"]
        # Errors lie on such words more than words do, or there are hardly any others.
        on_class = (share >= _MOSTLY) & ((share >= usual + 0.3) | (usual >= _MOSTLY))
        shows |= on_class & (share * errors >= count - 0.5) & (clips["wer"] >= 0.05)
    return shows


def _on_hard_words(clips: pd.DataFrame) -> bool:
    """True if the errors of a group lie on one class of words more often than errors at random would."""
    from scipy.stats import binomtest

    errors = clips["wer"] * clips["words"]
    total, words = errors.sum(), clips["words"].sum()
    if not total >= _FEWEST_ERRORS:
        return False
    for name in ("number", "name", "rare"):
        on_class = (clips[f"{name}_errors"].fillna(0) * errors).sum()
        usual = (clips[f"{name}_words"].fillna(0) * clips["words"]).sum() / words
        more = on_class >= max(0.5, usual + 0.2) * total
        if more and binomtest(round(on_class), round(total), min(usual, 1.0), "greater").pvalue <= _SURE:
            return True
    return False


def _switches(clips: pd.DataFrame) -> pd.Series:
    return clips["second_language"] >= 0.2


def _at_the_limit(clips: pd.DataFrame) -> pd.Series:
    return clips["duration"].between(0, 0.6, inclusive="right") | (clips["duration"] >= 28)


def _phrase(clips: pd.DataFrame) -> str:
    usual = clips["phrase"][clips["phrase"] != ""].mode()
    return f", such as “{usual.iloc[0]}”" if len(usual) else ""


def _of_a_neighbour(clips: pd.DataFrame) -> str:
    return ", words of the clip before or after" if (clips["added_beside"] >= 0.5).mean() >= 0.5 else ""


_OF_ANOTHER_TEXT = (
    "hallucination",
    "wrong_reference",
    "word_class",
    "truncated",
    "omitted_speech",
    "more_said",
)
"""Causes that a reference of another clip, or in another language than the model's, looks like as well."""

TEXTS: tuple[Rule, ...] = (
    Rule(
        "invented_in_silence",
        "Invented where nobody speaks",
        ("length_ratio",),
        _invented,
        hides=(
            *("quiet", "background_noise", "high_frequency_noise", "narrow_band", "voice"),
            *(*_OF_ANOTHER_TEXT, "recurring_phrase"),
        ),
        of_errors=True,
    ),
    Rule(
        "code_switching",
        "Two languages in one clip",
        ("second_language",),
        _switches,
        hides=("foreign_language", "voice", "normalisation", *_OF_ANOTHER_TEXT),
    ),
    Rule(
        "foreign_language",
        "Different language",
        (),
        lambda clips: clips["foreign"],
        hides=("recurring_phrase", "voice", "normalisation", *_OF_ANOTHER_TEXT),
    ),
    Rule(
        "recurring_phrase",
        "The same phrase over and over",
        ("recurring_words",),
        _recurs,
        hides=("wrong_reference", "word_class"),
        of_errors=True,
        adds=_phrase,
    ),
    Rule(
        "shifted_segment",
        "Segments are shifted",
        ("missing_beside",),
        _shifted,
        hides=("voice", *_OF_ANOTHER_TEXT),
        of_errors=True,
    ),
    Rule(
        "more_said",
        "More spoken than written",
        ("insertions",),
        _more_said,
        hides=("hallucination", "wrong_reference", "truncated", "voice"),
        of_errors=True,
        unless_damaged=True,
        adds=_of_a_neighbour,
    ),
    Rule(
        "hallucination",
        "Hallucinated or runaway output",
        ("length_ratio",),
        _hallucinated,
        hides=("wrong_reference", "word_class"),
        of_errors=True,
    ),
    Rule(
        "wrong_reference",
        "Wrong reference",
        ("overlap",),
        _wrong_reference,
        hides=("voice", "truncated", "omitted_speech", "word_class"),
        of_errors=True,
        unless_damaged=True,
    ),
    Rule(
        "truncated",
        "Cut off",
        ("deleted_at_end", "deleted_at_start"),
        _cut,
        hides=("omitted_speech", "voice", "word_class"),
        of_errors=True,
    ),
    Rule(
        "omitted_speech",
        "Speech left out",
        ("deleted_at_start", "deleted_in_middle", "deleted_at_end"),
        _omitted,
        hides=("voice", "word_class"),
        of_errors=True,
        unless_damaged=True,
    ),
    Rule(
        "normalisation",
        "Text form only",
        ("normalised_away",),
        lambda clips: (clips["wer"] >= 0.1) & (clips["normalised_away"] >= 0.6),
        hides=("word_class",),
        of_errors=True,
    ),
    Rule(
        "word_class",
        "Numbers, names or rare words",
        ("number_errors", "name_errors", "rare_errors"),
        _hard_words,
        of_errors=True,
        unless_damaged=True,
        holds=_on_hard_words,
    ),
    Rule(
        "length_limit",
        "Length at the model's limits",
        ("duration",),
        _at_the_limit,
        hides=("voice",),
    ),
)
"""Rules of the texts, in no order."""
