"""Remedies of the causes: a sentence each on what to do, with the group's own number where it has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.causes.rules import CAUSES
from slicecore.text.language import commonest, language_name
from slicecore.wording import fixed

if TYPE_CHECKING:
    from slicecore.explain.causes.context import Context

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "hum": "Notch out the mains frequency and its multiples, and look for a ground loop.",
        "quiet": "Raise the level; if noise comes up with it, record again closer to the microphone.",
        "overdriven": "Record again with less gain: what was cut off can't be brought back.",
        "high_frequency_noise": "Denoise or low-pass the clips, and look for a bad preamplifier or cable.",
        "sampling_rate": "Correct the sampling rate in the files, or resample them.",
        "background_noise": "Denoise the clips, record closer to the mouth, or train with such noise.",
        "loud": "Lower the level, and record without a compressor.",
        "narrow_band": "Record with the full band, or train with such clips: filters bring nothing back.",
        "foreign_language": "Use a model for this language, or leave these clips out.",
        "hallucination": "Limit repetitions and length in decoding, and recognise only where there is speech.",
        "wrong_reference": "Correct these references (slicecore relabel).",
        "truncated": "Cut the clips anew with some silence around the speech, or shorten the references.",
        "normalisation": "Choose another normalisation, or write the references in one form.",
        "voice": "Add recordings of such speakers to the training data.",
        "reverberation": "Record closer to the mouth, or train with reverberant speech.",
        "echo": "Switch echo cancellation on, or record with headphones.",
        "dropouts": "Look for the place where packets or buffers are lost, and record again.",
        "compression": "Store at a higher bit rate, or train with speech that went through this codec.",
        "noise_suppression": "Switch noise suppression and gates off, and give the recogniser the plain recording.",
        "coarse_digitisation": "Convert the originals again with 16 bits, and with a filter where the rate changes.",
        "channel_cancelled": "Use channel 1 alone: the mean of the channels cancels the speech.",
        "channel_lost": "Use the channel with the speech alone.",
        "level_changes": "Even out the level, and switch automatic gain off when recording.",
        "limited": "Record again with less gain and without a limiter.",
        "long_silence": "Trim the silence around the speech.",
        "more_said": "Complete the references, or cut the clips to what the references say.",
        "omitted_speech": "Recognise shorter pieces, or lower the threshold for speech.",
        "invented_in_silence": "Recognise only where there is speech, and train with clips whose reference is empty.",
        "recurring_phrase": "Remove the phrase from predictions, and look for it in the training texts.",
        "shifted_segment": "Align recordings and references anew: the segments begin and end too early or too late.",
        "other_talker": "Separate the talkers, or give the second one's words to the references.",
        "music": "Separate the voice from the music, or train with music in the background.",
        "wind": "High-pass the clips at 100 Hz, and record with a wind shield.",
        "dc_offset": "Subtract the mean, and have the input checked.",
        "clicks": "Repair the clicks, and look for a bad cable or buffer.",
        "small_vocal_tract": "Add recordings of children or other high voices to the training data.",
        "voiceless": "Add recordings of whispered speech to the training data.",
        "tempo": "Add speech of this tempo to the training data, by changed speed if need be.",
        "word_class": "Add texts with such words, or bias decoding towards them.",
        "length_limit": "Cut long clips at pauses, and join very short ones with their neighbours.",
        "code_switching": "Use a model that knows both languages, or recognise each part in its own.",
    }
)
"""What to do about each cause, where no number is known."""

_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)  # Hz, of files
_RATE_APART = 0.03  # the speed of a group is known that well
_SOME = 0.2  # of the clips
_LEAST_GAIN, _LEAST_SPEED = 3, 0.05  # dB; natural logarithm


def remedy(context: Context, name: str, members: NDArray[np.int64]) -> str:
    """What to do about a cause of a group of clips, as a sentence.

    Parameters
    ----------
    context
        The whole set.
    name
        Short name of the cause.
    members
        Rows of the group.

    Returns
    -------
    str
        "" for a cause that has none.
    """
    with_number = _WITH_NUMBER.get(name)
    text = with_number(_Numbers.of(context, name, members)) if with_number else ""
    return text or SENTENCES.get(name, "")


@dataclass(frozen=True, eq=False)
class _Numbers:
    """Medians of the clips of a group that show a cause, or of all of them, and of the rest."""

    context: Context
    members: NDArray[np.int64]
    showing: NDArray[np.int64]

    @classmethod
    def of(cls, context: Context, name: str, members: NDArray[np.int64]) -> _Numbers:
        shown = context.shown[members, list(CAUSES).index(name)] if name in CAUSES else np.zeros(1, bool)
        return cls(context, members, members[shown] if shown.any() else members)

    def own(self, name: str) -> float:
        """Median of a measurement in the clips that show the cause; NaN where it is unknown."""
        return self._median(name, self.showing)

    def apart(self, name: str) -> float:
        """Difference to the median of the rest, positive where the clips have more."""
        rest = np.ones(len(self.context.clips), bool)
        rest[self.members] = False
        return self.own(name) - self._median(name, np.flatnonzero(rest))

    def _median(self, name: str, rows: NDArray[np.int64]) -> float:
        values = self.context.clips[name].to_numpy(np.float64)[rows]
        known = values[np.isfinite(values)]
        return float(np.median(known)) if len(known) else np.nan


def _hum(numbers: _Numbers) -> str:
    frequency = numbers.context.clips["hum_frequency"].to_numpy(np.float64)[numbers.showing]
    known = frequency[np.isfinite(frequency)]
    if not len(known):
        return ""
    of_60 = (known > 55).mean()
    if _SOME <= of_60 <= 1 - _SOME:
        return "Notch out 50 or 60 Hz, as each clip has it, and the multiples, and look for a ground loop."
    return f"Notch out {60 if of_60 > 0.5 else 50} Hz and its multiples, and look for a ground loop."


def _quiet(numbers: _Numbers) -> str:
    gain = -numbers.apart("loudness")
    if not gain >= _LEAST_GAIN:
        return ""
    return f"Raise by {fixed(gain)} dB; if noise comes up with it, record again closer to the microphone."


def _loud(numbers: _Numbers) -> str:
    gain = numbers.apart("loudness")
    return f"Lower by {fixed(gain)} dB, and record without a compressor." if gain >= _LEAST_GAIN else ""


def _speed(numbers: _Numbers) -> str:
    moved = (numbers.apart("spectral_shift") + numbers.apart("relative_rate")) / 2
    if not abs(moved) >= _LEAST_SPEED:
        return ""
    times = fixed(float(np.exp(abs(moved))), 1)
    way = "slow" if moved < 0 else "fast"
    text = f"Correct the sampling rate: they were probably played {times} times too {way}"
    rate = numbers.own("file_rate")
    probable = [each for each in _RATES if abs(np.log(each / rate) + moved) <= _RATE_APART]
    if probable:
        text += f", as if {_kilohertz(probable[0])} had been called {_kilohertz(rate)}"
    return f"{text}."


def _narrow(numbers: _Numbers) -> str:
    rate, usual = numbers.own("file_rate"), numbers.own("usual_rate")
    if rate < 0.6 * usual:
        return (
            f"Resample from {_kilohertz(rate)} as the recogniser expects, or train with clips of that rate."
        )
    band = numbers.own("bandwidth")
    if not band > 0:
        return ""
    return (
        f"Record with the full band, or train with such clips: filters bring nothing back above "
        f"{_kilohertz(round(band, -2))}."
    )


def _language(numbers: _Numbers) -> str:
    spoken = numbers.context.clips["language"].to_numpy()[numbers.showing]
    other = commonest(spoken[spoken != numbers.context.language])
    return f"Use a model for {language_name(other)}, or leave these clips out." if other else ""


def _truncated(numbers: _Numbers) -> str:
    start, end = numbers.own("deleted_at_start"), numbers.own("deleted_at_end")
    if not abs(start - end) > 0:
        return ""
    where = "begin earlier" if start > end else "end later"
    return f"Cut the clips anew so that they {where}, or shorten the references."


def _silence(numbers: _Numbers) -> str:
    before, after = numbers.own("lead_silence"), numbers.own("trail_silence")
    if not max(before, after) >= 1:
        return ""
    return f"Trim the silence: {fixed(before, 1)} s before the speech and {fixed(after, 1)} s after it."


def _tempo(numbers: _Numbers) -> str:
    moved = numbers.apart("relative_rate")
    if not abs(moved) >= _LEAST_SPEED:
        return ""
    faster = "faster" if moved > 0 else "slower"
    times = fixed(float(np.exp(abs(moved))), 1)
    return f"Add speech that is {times} times {faster} to the training data, by changed tempo if need be."


def _length(numbers: _Numbers) -> str:
    seconds = numbers.own("duration")
    if seconds >= 20:
        return "Cut the clips at pauses, so that each stays below 28 s."
    return "Join the clips with their neighbours, or pad them with silence." if seconds <= 1 else ""


def _echo(numbers: _Numbers) -> str:
    delay = numbers.own("echo_delay")
    if not delay > 0:
        return ""
    return f"Switch echo cancellation on, or record with headphones: it comes back after {fixed(delay)} ms."


def _dropouts(numbers: _Numbers) -> str:
    length = numbers.own("packet_length")
    if not length > 0:
        return ""
    return f"Look for the place where packets of {fixed(length)} ms are lost, and record again."


def _level_changes(numbers: _Numbers) -> str:
    moved = numbers.own("level_range")
    if not moved >= _LEAST_GAIN:
        return ""
    return (
        f"Even out the level, which moves by {fixed(moved)} dB, and switch automatic gain off when recording."
    )


def _kilohertz(hertz: float) -> str:
    return f"{fixed(hertz / 1000, 2).rstrip('0').rstrip('.')} kHz"


_WITH_NUMBER: Mapping[str, Callable[[_Numbers], str]] = MappingProxyType(
    {
        "hum": _hum,
        "quiet": _quiet,
        "loud": _loud,
        "sampling_rate": _speed,
        "narrow_band": _narrow,
        "foreign_language": _language,
        "truncated": _truncated,
        "long_silence": _silence,
        "tempo": _tempo,
        "echo": _echo,
        "dropouts": _dropouts,
        "level_changes": _level_changes,
        "length_limit": _length,
    }
)
"""Sentences with a number of the group, "" where it is not known."""
