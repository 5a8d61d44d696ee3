"""Marks of processing: pieces of the spectrum that are left out, and pauses that are cut to nothing."""

from __future__ import annotations

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.measurements.faults.gating import gated_pauses
from slicecore.measurements.faults.spectral_holes import Pieces, find_empty_bands, find_holes
from slicecore.wording import fixed

_SAME_S = 1e-9  # rounding


def bands_left_out(sound: Sound) -> list[Mark]:
    """Bands that a codec leaves out where the speech is loud."""
    return _pieces(find_empty_bands(sound.acoustics), "left out")


def suppressed(sound: Sound) -> list[Mark]:
    """Holes that noise suppression leaves, and pauses that are cut to nothing at once."""
    pauses = [
        Mark(f"cut to nothing {fixed(float(end - start), 2)} s", float(start), float(end))
        for start, end in gated_pauses(sound.acoustics)
    ]
    return [*_pieces(find_holes(sound.acoustics), "hole"), *pauses]


def _pieces(pieces: Pieces | None, text: str) -> list[Mark]:
    """A mark for every run of pieces of one band."""
    last: dict[float, Mark] = {}  # of each band
    found: list[Mark] = []
    for start, end, low, high in pieces.places().tolist() if pieces is not None else ():
        before = last.get(low)
        goes_on = before is not None and before.end is not None and start - before.end <= _SAME_S
        if before is not None and goes_on:
            found.remove(before)
        last[low] = Mark(text, before.start if before is not None and goes_on else start, end, low, high)
        found.append(last[low])
    return found
