"""Sound of a clip in a report: compressed, as every browser plays it, with a small spectrogram."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.audio import decoding
from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.audio.spectrogram import mel_picture
from slicecore.errors import AudioError
from slicecore.report.html.content import Sound

if TYPE_CHECKING:
    from slicecore.audio.clip import Clip

# Chromium, Firefox and every Safari play MP3; Safari before 18.4 plays no Ogg. At 16 kHz the whole band of what
# slicecore looks at is kept.
_FORMAT, _ENCODING = "MP3", "MPEG_LAYER_III"


@dataclass(frozen=True)
class Compression:
    """How sounds and pictures are compressed; docs/report.md has the sizes that chose it.

    Attributes
    ----------
    kilobits : per second of sound, constant, so that the size of a report is known beforehand.
    width, bands : of the picture, in pixels.
    quality : of the JPEG.
    """

    kilobits: int = 32
    width: int = 560
    bands: int = 80
    quality: int = 60


COMPRESSION = Compression()
_PICTURE_BYTES = 6000  # what a picture has at most, expected before it is made
# libsndfile takes the rate as a place between the lowest and the highest that MPEG-2 Layer III has at 16 kHz.
_LOWEST_KILOBITS, _HIGHEST_KILOBITS = 8, 160


def sound_of(clip: Clip, seconds: float, duration: float | None = None) -> Sound:
    """Sound and picture of the first seconds of a clip.

    Parameters
    ----------
    clip
        Where the sound is.
    seconds
        Longest part that is taken.
    duration
        Length of the clip in seconds, if it is known.

    Raises
    ------
    AudioError
        With the reason in plain words.
    """
    if duration is None:
        duration = decoding.info(clip.path, start=clip.start, end=clip.end).duration
    end = clip.start + seconds if duration > seconds else clip.end
    samples = decoding.load(clip.path, start=clip.start, end=end)
    audio, picture = _mp3(samples), _picture(samples)
    return Sound(
        audio=_data_address("audio/mpeg", audio),
        picture=_data_address("image/jpeg", picture),
        seconds=len(samples) / SAMPLING_RATE,
        duration=max(duration, len(samples) / SAMPLING_RATE),
    )


def length_of(clip: Clip) -> float | None:
    """Length of a clip in seconds by its file's header; None where that is not known before it is decoded."""
    if clip.end is not None:
        return clip.end - clip.start
    if isinstance(clip.path, str):
        return None  # asking every storage takes too long
    try:
        return decoding.info(clip.path, start=clip.start).duration
    except (AudioError, OSError):
        return None


def bytes_of(seconds: float) -> float:
    """Expected size of sound and picture of so many seconds in a report, in bytes."""
    return (1000 / 8 * COMPRESSION.kilobits * seconds + _PICTURE_BYTES) * 4 / 3


def _mp3(samples: NDArray[np.float32]) -> bytes:
    import soundfile

    level = 1 - (COMPRESSION.kilobits - _LOWEST_KILOBITS) / (_HIGHEST_KILOBITS - _LOWEST_KILOBITS)
    target = io.BytesIO()
    try:
        soundfile.write(
            target,
            np.clip(samples, -1, 1),
            SAMPLING_RATE,
            format=_FORMAT,
            subtype=_ENCODING,
            compression_level=level,
            bitrate_mode="CONSTANT",
        )
    except (ValueError, soundfile.LibsndfileError) as error:
        raise AudioError("This machine's libsndfile writes no MP3: install release 1.1 or later") from error
    return target.getvalue()


def _picture(samples: NDArray[np.float32]) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    grey = mel_picture(samples, bands=COMPRESSION.bands, width=COMPRESSION.width)
    Image.fromarray(grey).save(target, "JPEG", quality=COMPRESSION.quality, optimize=True)
    return target.getvalue()


def _data_address(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
