"""Maps of more clips than a browser can draw: it asks for a part of the plane, and gets pixels or its few clips."""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.display.plane import ColouredPixels, Part, Pixels, Plane
from slicecore_app.server.memo import Memo, Same
from slicecore_app.server.right_of_way import right_of_way

MOST_POINTS_OF_A_PART = 20_000
"""Clips in a part of the plane that are drawn one by one."""
MOST_SIDE, MOST_PIXELS = 8192, 1 << 22
"""Of a part that a browser asks for."""
PIXELS, POINTS = 0, 1
"""Kinds of answers."""
FLAGGED, PICKED, LASSOED = 32, 64, 128
"""Marks of a clip beside its colour step, as renderer.js knows them."""

_MOST_MAPS = 64
_MOST_PLANES = 4
_MOST_PARTS = 4
"""Parts whose pixels are remembered, and parts whose colours are; at most 8 bytes a clip and 9 a pixel each."""
_HEAD = struct.Struct("<6I")
_QUICK = 1
"""Level of compression: the next one takes longer than it saves."""


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map as one page shows it.

    Attributes
    ----------
    plane
        Places of the clips.
    steps : (n,) uint8
        Colour step of every clip.
    are_groups
        Whether steps number groups.
    slice_of_clip : (n,)
        Flagged slice of every clip, -1 for none.
    marked
        Rows of the picked clips.
    is_lasso
        Whether they were selected, and the others turn grey.
    """

    plane: Plane
    steps: NDArray[np.uint8]
    are_groups: bool
    slice_of_clip: NDArray[np.int64]
    marked: NDArray[np.int64]
    is_lasso: bool

    def mask(self) -> NDArray[np.bool_]:
        """Marks of all clips, (n,)."""
        mask = np.zeros(len(self.steps), dtype=bool)
        mask[self.marked] = True
        return mask

    def part(self, part: Part, width: int, height: int) -> bytes:
        """A part of the plane as `parts.js` reads it: six numbers, then the pixels, or the clips where they are few.

        The numbers are kind, width, height, clips, most clips of a pixel, and whether some clips are marked. Of every
        pixel there are three bytes, each in an array of its own: the logarithm of the clips as a share of that of the
        most, from 1 to 255, 0 for none; the colour step; the share of marked clips. Of every clip there are its row,
        its place as two floats, and a byte with colour step and marks.
        """
        if self.plane.most_in(part) <= MOST_POINTS_OF_A_PART:  # takes none of the places of parts with many
            return self._points(np.sort(self.plane.rows[self.plane.at(part)]))
        seen = Same(self.plane), part, width, height
        pixels = _pixels.get(seen, lambda: self.plane.pixels(part, width, height))
        rows = pixels.rows
        if len(rows) <= MOST_POINTS_OF_A_PART:
            return self._points(np.sort(rows))
        colours = (*seen, Same(self.steps), self.are_groups)  # of which a pick changes nothing
        coloured = _coloured.get(colours, lambda: pixels.coloured(self.steps, self.are_groups))
        density = coloured.density(self.mask())
        counts, most = density.counts, int(density.counts.max())
        shade = 1 + np.rint(254 * np.log(np.maximum(counts, 1)) / (math.log(most) or 1.0))
        share = np.ceil(255 * density.marked / np.maximum(counts, 1))
        head = _HEAD.pack(PIXELS, width, height, len(rows), most, len(self.marked) > 0)
        planes = (np.where(counts > 0, shade, 0), density.steps, share)
        return head + b"".join(plane.astype(np.uint8).tobytes() for plane in planes)

    def _points(self, rows: NDArray[np.integer]) -> bytes:
        state = self.steps[rows] | np.where(self.slice_of_clip[rows] >= 0, FLAGGED, 0).astype(np.uint8)
        state |= np.where(self.mask()[rows], LASSOED if self.is_lasso else PICKED, 0).astype(np.uint8)
        head = _HEAD.pack(POINTS, 0, 0, len(rows), 1, len(self.marked) > 0)
        places = self.plane.positions[rows].astype("<f4")
        return head + rows.astype("<u4").tobytes() + places.tobytes() + state.tobytes()


_maps: Memo[DrawnMap] = Memo(_MOST_MAPS)
_pixels: Memo[Pixels] = Memo(_MOST_PARTS)
_coloured: Memo[ColouredPixels] = Memo(_MOST_PARTS)
_planes: Memo[Plane] = Memo(_MOST_PLANES)
_tokens: Memo[str] = Memo(_MOST_PLANES)


def plane_of(positions: NDArray[np.float32]) -> tuple[str, Plane]:
    """Name of the places of clips, the same for the same places, and these by cells."""
    token = _tokens.get(Same(positions), lambda: _digest(positions))
    return token, _planes.get(token, lambda: Plane(positions))


def publish_map(name: str, drawn: DrawnMap) -> str:
    """Make a map available; returns the token to ask for its parts by, the same for the same map.

    Parameters
    ----------
    name
        Name of places and flagged slices.
    drawn
        The map.
    """
    what = f"{name} {drawn.are_groups} {drawn.is_lasso} {_digest(drawn.steps)} {_digest(drawn.marked)}"
    token = hashlib.sha256(what.encode()).hexdigest()[:16]
    _maps.get(token, lambda: drawn)
    return token


def part_of_map(token: str, asked: Mapping[str, str]) -> bytes | None:
    """A part of a map, compressed by zlib; None where there is no such map or the numbers make no sense."""
    drawn = _maps.known(token)
    try:
        left, right, bottom, top = (float(asked[name]) for name in ("left", "right", "bottom", "top"))
        width, height = int(asked["width"]), int(asked["height"])
    except (KeyError, ValueError):
        return None
    is_part = math.isfinite(right - left) and math.isfinite(top - bottom) and left < right and bottom < top
    fits = 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS
    if drawn is None or not is_part or not fits:
        return None
    with right_of_way.page():
        return zlib.compress(drawn.part(Part(left, right, bottom, top), width, height), _QUICK)


def clip_at(token: str, asked: Mapping[str, str]) -> Mapping[str, object] | None:
    """The clip nearest to a place, its row None where none is near; None where there is no such map."""
    drawn = _maps.known(token)
    try:
        x, y, across, up = (float(asked[name]) for name in ("x", "y", "across", "up"))
    except (KeyError, ValueError):
        return None
    if drawn is None or not all(map(math.isfinite, (x, y, across, up))) or across <= 0 or up <= 0:
        return None
    row = drawn.plane.nearest(x, y, across, up)
    if row is None:
        return {"row": None}
    return {
        "row": row,
        "at": drawn.plane.positions[row].tolist(),
        "isMarked": bool(np.isin(row, drawn.marked)),
    }


def _digest(array: NDArray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data).hexdigest()[:16]
