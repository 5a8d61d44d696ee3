"""Pictures of a recording as numbers: spectrogram and waveform."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.audio.drawing import MelDrawing
from slicecore.audio.mel import mels

MEL_BANDS = 128
MEL_WIDTH = 1200

_TICKS = (250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)


def mel_picture(
    samples: np.ndarray, sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS, width: int = MEL_WIDTH
) -> np.ndarray:
    """Draw a mel spectrogram.

    Parameters
    ----------
    samples
        (samples,) at `sampling_rate` Hz.
    bands
        Rows of the picture.
    width
        Most columns it may have; a long recording gets wider steps, each the mean over its time.

    Returns
    -------
    (bands, columns) uint8
        Power in dB: 255 is the loudest spot, 0 is 80 dB below it or less. The last row is the lowest band.
    """
    drawing = MelDrawing(len(samples), sampling_rate, bands, width)
    drawing.add(samples)
    return drawing.picture()


def png(picture: np.ndarray) -> bytes:
    """Return a picture, (rows, columns) uint8, as a greyscale PNG."""
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(picture).save(target, "PNG", compress_level=3)
    return target.getvalue()


def mel_axis(
    sampling_rate: int = SAMPLING_RATE, ticks: Sequence[float] = _TICKS
) -> list[tuple[float, float]]:
    """Places of frequencies on `mel_picture`.

    Returns
    -------
    list of (frequency, place)
        Frequency in Hz, and its place as a fraction of the picture's height from the top; only ticks below half
        the sampling rate.
    """
    places = [(tick, mel_place(tick, sampling_rate)) for tick in ticks]
    return [(tick, place) for tick, place in places if 0 <= place <= 1]


def mel_place(frequency: float, sampling_rate: int = SAMPLING_RATE, bands: int = MEL_BANDS) -> float:
    """Place of a frequency in Hz on `mel_picture`, as a fraction of its height from the top; 0 to 1 within it."""
    place = mels(frequency) / mels(sampling_rate / 2) * (bands + 1) - 0.5
    return float(1 - place / bands)
