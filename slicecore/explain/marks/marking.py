"""Marks of faults in a recording, by the causes that are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from slicecore.audio import decoding
from slicecore.audio.clip import Clip
from slicecore.audio.decoding import Recording
from slicecore.explain.marks import band, beside, levels, losses, pauses, processing, room, whole
from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound

LONGEST_S = 600.0
"""So far into a clip faults are marked: what is longer is not looked at as a whole by anybody."""

_PIECE_S = 60.0

FINDERS: Mapping[str, Callable[[Sound], Sequence[Mark]]] = MappingProxyType(
    {
        "invented_in_silence": pauses.no_speech,
        "channel_cancelled": whole.cancelled_channels,
        "channel_lost": whole.silent_channel,
        "hum": band.hum_lines,
        "coarse_digitisation": whole.coarse_values,
        "overdriven": levels.clipped_stretches,
        "dropouts": losses.lost_pieces,
        "high_frequency_noise": band.hiss_band,
        "sampling_rate": band.missing_band,
        "music": beside.tones,
        "wind": beside.gusts,
        "echo": room.echoes,
        "reverberation": room.tails,
        "compression": processing.bands_left_out,
        "noise_suppression": processing.suppressed,
        "long_silence": pauses.outer_silence,
        "limited": levels.full_scale_stretches,
        "dc_offset": whole.offset,
        "clicks": losses.clicks,
        "level_changes": levels.quieter_stretches,
        "background_noise": pauses.noise_alone,
        "truncated": pauses.cut_edges,
        "narrow_band": band.missing_band,
    }
)
"""By the name of a cause, what finds its places in a sound; causes without a place are not in it."""


def marks(recording: Recording, causes: Iterable[str]) -> tuple[Mark, ...]:
    """Places of faults in a recording.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    causes
        Names of the causes that are looked for; those that have no place, or show nowhere, give no mark.

    Returns
    -------
    tuple of Mark
        In the order of the causes, those of one in the order of time.
    """
    return _marked(Sound(recording), causes)


def marks_of_clip(clip: Clip, causes: Sequence[str]) -> tuple[Mark, ...]:
    """Places of faults in a clip, up to `LONGEST_S`; a long one is looked at in pieces of a minute at most.

    Raises
    ------
    AudioError
        If it can't be decoded.
    """
    if not any(cause in FINDERS for cause in causes):
        return ()
    duration = decoding.info(clip.path, start=clip.start, end=clip.end).duration
    pieces = decoding.pieces(clip, duration, _PIECE_S)
    if len(pieces) == 1:
        return marks(decoding.recording(clip.path, start=clip.start, end=clip.end), causes)
    length = duration / len(pieces)
    whole: list[Mark] = []
    for number, piece in enumerate(pieces):
        at = number * length
        if at >= LONGEST_S:
            break
        sound = Sound(
            decoding.recording(piece.path, start=piece.start, end=piece.end),
            is_first=number == 0,
            is_last=number == len(pieces) - 1,
        )
        whole += [mark.later(at).within(at, at + length) for mark in _marked(sound, causes)]
    return tuple(
        joined
        for cause in dict.fromkeys(causes)
        for joined in _joined([m for m in whole if m.cause == cause])
    )


def thinned(found: Sequence[Mark], most: int) -> tuple[Mark, ...]:
    """At most `most` marks: those of the whole recording, and of the others as many at even distances."""
    whole = [mark for mark in found if mark.start is None][:most]
    parts = [mark for mark in found if mark.start is not None]
    room = min(most - len(whole), len(parts))
    return (*whole, *(parts[i * len(parts) // room] for i in range(room)))


def _marked(sound: Sound, causes: Iterable[str]) -> tuple[Mark, ...]:
    return tuple(
        replace(mark, cause=cause)
        for cause in dict.fromkeys(causes)
        if cause in FINDERS
        for mark in FINDERS[cause](sound)
    )


def _joined(found: Sequence[Mark]) -> list[Mark]:
    """Marks of one cause in neighbouring pieces that say the same as one."""
    joined = []
    for _, same in groupby(sorted(found, key=lambda mark: (mark.text, mark.start or 0.0)), lambda m: m.text):
        run: Mark | None = None
        for mark in same:
            if run is not None and run.end is not None and mark.start is not None and mark.end is not None:
                if mark.start - run.end <= 1e-6:
                    run = replace(run, end=mark.end)
                    continue
                joined.append(run)
            run = mark
        if run is not None:
            joined.append(run)
    return sorted(joined, key=lambda mark: (mark.start or 0.0, mark.low or 0.0))
