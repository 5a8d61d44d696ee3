"""Steps of recipes, an entry of `STEPS` per cause that can be made of clean clips, and why others can't.

Names and arguments are those of audiomentations 0.43 and of NeMo's `parts/preprocessing/perturb.py` (2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.recipes.noise import floor_of, hum_of
from slicecore.recipes.recipe import Measured, Sounds, Step, Transform

if TYPE_CHECKING:
    from slicecore.explain.causes import Cause
    from slicecore.recipes.group import Group

Make = Callable[["Group", "Cause", float], Step | None]

_TELEPHONE = (3000, 4000)  # Hz: the band that NeMo's G.711 leaves open ends between
_STEEP = 96  # dB per octave: what lies above is gone, as with a rate that was too low
_ROLLOFF = 0.92  # of the bandwidth, which ends 45 dB below: where a filter so steep is 3 dB down
_HIGH_LOW_END = 150  # Hz: where a voice begins, it is no lower end of a telephone's
_LOW_STEEP = 48  # dB per octave
_LOW_ROLLOFF = 1.2  # of the lower end, which is 20 dB down: where a filter so steep is 3 dB down
_FULL_SCALE = -0.1  # dBFS


def _hum(group: Group, cause: Cause, share: float) -> Step | None:
    ratio = group.measured("hum_ratio")
    frequencies = group.values("hum_frequency")[group.rows]
    frequency = 60.0 if np.nanmedian(frequencies) > 55 else 50.0
    sounds = hum_of(group.sounds, frequency)
    note = f"noise/hum/hum.wav is a hum of {frequency:.0f} Hz with the lines of the slice's own recordings."
    return _mixed(cause, share, ratio, (group.measured("hum"), group.measured("hum_level")), sounds, note)


def _hiss(group: Group, cause: Cause, share: float) -> Step | None:
    sounds = floor_of(group.sounds, "hiss")
    return _mixed(
        cause, share, group.measured("noise_ratio"), (group.measured("floor_tilt"),), sounds, _OF_FLOOR
    )


def _background(group: Group, cause: Cause, share: float) -> Step | None:
    sounds = floor_of(group.sounds, "background")
    note = f"{_OF_FLOOR} It is steady: for voices put recordings of voices into the folder instead."
    return _mixed(cause, share, group.measured("noise_ratio"), (group.measured("dynamics"),), sounds, note)


_OF_FLOOR = "The noise has the spectrum of the quietest frames of the slice's own recordings."


def _mixed(
    cause: Cause,
    share: float,
    ratio: Measured | None,
    seen: tuple[Measured | None, ...],
    sounds: Sounds | None,
    note: str,
) -> Step | None:
    """Sounds mixed in at the ratio that was measured."""
    if ratio is None or sounds is None:
        return None
    arguments = {"min_snr_db": _tenth(ratio.low), "max_snr_db": _tenth(ratio.high)}
    return Step(
        cause=cause.name,
        label=cause.label,
        share=share,
        measured=(ratio, *_known(*seen)),
        transforms=(Transform("AddBackgroundNoise", arguments),),
        perturbations=(Transform("noise", arguments),),
        notes=(note,),
        folder=f"noise/{_FOLDERS[cause.name]}",
        sounds=sounds,
    )


_FOLDERS = {"hum": "hum", "high_frequency_noise": "hiss", "background_noise": "background"}


def _quiet(group: Group, cause: Cause, share: float) -> Step | None:
    peak = group.measured("peak")
    if peak is None:
        return None
    arguments = {"min_gain_db": _tenth(peak.low), "max_gain_db": _tenth(peak.high)}
    return Step(
        cause.name,
        cause.label,
        share,
        measured=(peak, *_known(group.measured("loudness"))),
        transforms=(Transform("Normalize"), Transform("Gain", arguments)),
        perturbations=_gain(peak),
        notes=(
            "Save changed clips in 16 bits, if at all, as the slice's are: what they lose by that belongs to it.",
        ),
        nemo_notes=(_RELATIVE,),
    )


def _loud(group: Group, cause: Cause, share: float) -> Step | None:
    loudness, peak = group.measured("loudness"), group.measured("peak")
    if loudness is None or peak is None:
        return None
    level = {"min_lufs": _tenth(loudness.low), "max_lufs": _tenth(loudness.high)}
    limit = {
        "min_threshold_db": _tenth(min(peak.low, _FULL_SCALE)),
        "max_threshold_db": _tenth(min(peak.high, _FULL_SCALE)),
        "threshold_mode": "absolute",
    }
    return Step(
        cause.name,
        cause.label,
        share,
        measured=(loudness, peak),
        transforms=(Transform("LoudnessNormalization", level), Transform("Limiter", limit)),
        perturbations=_gain(loudness),
        notes=("Both transforms of audiomentations need packages: pip install loudness numpy-audio-limiter",),
        nemo_notes=(_RELATIVE,),
    )


_RELATIVE = (
    "NeMo's gain is against the clip as it is; the range is that of the slice less the median of the rest."
)


def _gain(level: Measured) -> tuple[Transform, ...]:
    if not np.isfinite(level.rest):
        return ()
    low, high = _tenth(level.low - level.rest), _tenth(level.high - level.rest)
    return (Transform("gain", {"min_gain_dbfs": low, "max_gain_dbfs": high}),)


def _overdriven(group: Group, cause: Cause, share: float) -> Step | None:
    """Turned up until as many samples of clean clips are above full scale, cut off there, turned down again.

    `ClippingDistortion` cuts off as many samples at either side, not both sides at one level as an input does: where a
    wave is lopsided, flat tops are near the peak on one side only.
    """
    flat, peak = group.measured("flat_top_share"), group.measured("peak")
    gains = None if flat is None else group.gains_to_clip((flat.low, flat.high))
    if flat is None or peak is None or gains is None:
        return None
    return Step(
        cause.name,
        cause.label,
        share,
        (flat, peak),
        transforms=(
            Transform("Normalize"),
            Transform("Gain", {"min_gain_db": _tenth(gains[0]), "max_gain_db": _tenth(gains[1])}),
            Transform("Clip", {"a_min": -1.0, "a_max": 1.0}),
            Transform("Gain", {"min_gain_db": _tenth(peak.low), "max_gain_db": _tenth(peak.high)}),
        ),
        notes=("The first gain leaves as many samples of the median clip of the rest above full scale.",),
    )


def _speed(group: Group, cause: Cause, share: float) -> Step | None:
    speed = group.speed()
    if speed is None:
        return None
    rates = {
        "min_sample_rate": round(SAMPLING_RATE / speed.high),
        "max_sample_rate": round(SAMPLING_RATE / speed.low),
    }
    perturbation = {
        "sr": SAMPLING_RATE,
        "resample_type": "fft",  # which needs no further package
        "min_speed_rate": round(1 / speed.high, 3),
        "max_speed_rate": round(1 / speed.low, 3),
        "num_rates": -1,
    }
    return Step(
        cause.name,
        cause.label,
        1.0,  # a few clips only seem to have the usual speed
        (speed, *_known(group.measured("character_rate"))),
        transforms=(Transform("Resample", rates),),
        perturbations=(Transform("speed", perturbation),),
        notes=(
            f"Resample is from {SAMPLING_RATE:,} Hz, and the result is taken for {SAMPLING_RATE:,} Hz again: more "
            "samples are slower speech.",
            "If the files have a wrong rate, mending that is better than any recipe.",
        ),
        nemo_notes=("NeMo's speed rate is a length: above 1 is slower.",),
    )


def _narrow(group: Group, cause: Cause, share: float) -> Step | None:
    band = group.measured("bandwidth")
    if band is None or band.low <= 0:
        return None
    arguments = {
        "min_cutoff_freq": round(_ROLLOFF * band.low),
        "max_cutoff_freq": round(_ROLLOFF * band.high),
        "min_rolloff": _STEEP,
        "max_rolloff": _STEEP,
    }
    low_cut = _low_cut(group.low_end())
    telephone = _TELEPHONE[0] <= band.median <= _TELEPHONE[1]
    notes: tuple[str, ...] = ()
    if telephone:
        notes = ("NeMo's transcode_aug is a telephone line by G.711, 300 to 3400 Hz; it needs sox.",)
    return Step(
        cause.name,
        cause.label,
        share,
        (band, *(each for each, _ in low_cut)),
        transforms=(Transform("LowPassFilter", arguments), *(each for _, each in low_cut)),
        perturbations=(Transform("transcode_aug", {"codecs": ["g711"]}),) if telephone else (),
        nemo_notes=notes,
    )


def _low_cut(low_end: Measured | None) -> list[tuple[Measured, Transform]]:
    """The filter for a band that begins higher than that of the rest, with what was measured; else nothing."""
    if low_end is None or not low_end.median >= max(_HIGH_LOW_END, 2 * low_end.rest):
        return []
    arguments = {
        "min_cutoff_freq": round(_LOW_ROLLOFF * low_end.low),
        "max_cutoff_freq": round(_LOW_ROLLOFF * low_end.high),
        "min_rolloff": _LOW_STEEP,
        "max_rolloff": _LOW_STEEP,
    }
    return [(low_end, Transform("HighPassFilter", arguments))]


STEPS: Mapping[str, Make] = MappingProxyType(
    {
        "sampling_rate": _speed,
        "background_noise": _background,
        "high_frequency_noise": _hiss,
        "hum": _hum,
        "loud": _loud,
        "overdriven": _overdriven,
        "narrow_band": _narrow,
        "quiet": _quiet,
    }
)
"""Steps by cause, in the order in which sound goes from a mouth to a file."""

WITHOUT: Mapping[str, str] = MappingProxyType(
    {
        "foreign_language": "No augmentation makes another language: add recordings in it.",
        "hallucination": "No augmentation repairs runaway output: limit repetitions and length in decoding, and add "
        "clips without speech, whose reference is empty.",
        "wrong_reference": "No augmentation repairs references: correct them (slicecore relabel).",
        "truncated": "Words of the reference are not in the recording: more such clips would teach a model to write "
        "what nobody speaks. Cut the recordings anew, or shorten the references.",
        "compression": "Which codec it was can't be heard: send clean clips through it, if it is known.",
        "noise_suppression": "Send clean clips with noise through the same suppression.",
        "music": "Mix recordings of music into clean clips (AddBackgroundNoise).",
        "wind": "Mix recordings of wind into clean clips (AddBackgroundNoise).",
        "voiceless": "No augmentation whispers as people do: add recordings of whispered speech.",
        "small_vocal_tract": "No augmentation makes a child: add recordings of children or other high voices.",
        "tempo": "Slow and fast talkers speak otherwise than stretched sound: add recordings of such speakers.",
        "long_silence": "Silence is no lesson: cut it off the recordings before they go to the model.",
        "level_changes": "Even out the level of the recordings, or record them anew.",
        "normalisation": "Only spellings differ: choose another normalisation, or unify the references.",
        "channel_cancelled": "No augmentation repairs channels: use one of them, or turn one round.",
        "channel_lost": "No augmentation repairs channels: use the one that sounds.",
        "clicks": "AddShortNoises of audiomentations mixes clicks in, to be cut from the slice's own recordings.",
        "dc_offset": "An offset is taken out, not learned: subtract the mean of each recording.",
        "limited": "Which compressor made it is not known: Limiter of audiomentations is one of many.",
        "coarse_digitisation": "BitCrush of audiomentations makes few bits; nothing there holds samples. Better: "
        "find where the recordings lose their resolution.",
        "dropouts": "No transform of audiomentations loses packets as a network does: add recordings made over it.",
        "echo": "No transform of audiomentations makes a single echo: add the clip to itself, as much later and "
        "weaker as was measured.",
        "reverberation": "How long a room rings is known, not how: add rooms with ApplyImpulseResponse of "
        "audiomentations and impulse responses of rooms like the slice's.",
        "invented_in_silence": "Nobody speaks in these clips: add them as they are, with empty references.",
        "code_switching": "No augmentation mixes languages: add recordings in which speakers go from one to the other.",
        "recurring_phrase": "No augmentation takes a phrase out of a model: look for it in the training texts, and add "
        "clips without speech, whose reference is empty.",
        "shifted_segment": "The segments are cut at the wrong places: cut them anew.",
        "more_said": "The references are too short for the recordings: complete them, or cut the recordings.",
        "omitted_speech": "The recordings have nothing that could be imitated: add them with their references.",
        "word_class": "No augmentation makes numbers or names: add recordings, or synthetic speech, that have them.",
        "length_limit": "No transform is needed: join or cut training clips to such lengths.",
        "voice": "No augmentation makes a voice or an accent: add recordings of such speakers.",
    }
)
"""Why no recipe is made of a cause."""


def _known(*measured: Measured | None) -> tuple[Measured, ...]:
    return tuple(each for each in measured if each is not None)


def _tenth(number: float) -> float:
    return round(float(number), 1) + 0.0
