"""Clips on a map of which there are more than can be drawn: those in a part of the plane, or how many lie where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_STEP = 31
"""Colour step of a clip without a value; the others are smaller."""
_CELLS = 256
"""Columns, and rows, of the cells by which clips are found: as many as the square of it go into 16 bits."""


@dataclass(frozen=True)
class Part:
    """A part of the plane; the right and the upper edge do not belong to it."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, eq=False)
class Density:
    """Clips per pixel of a part of the plane; rows of pixels from the top down.

    Attributes
    ----------
    counts : (height, width) int64
        Clips in every pixel.
    steps : (height, width) uint8
        Their mean colour step, or the most frequent one where steps number groups; `NO_STEP` where none has one.
        Where some clips of a pixel are marked, of these alone.
    marked : (height, width) int64
        Marked clips in every pixel.
    """

    counts: NDArray[np.int64]
    steps: NDArray[np.uint8]
    marked: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pixels:
    """Clips in a part of the plane, and the pixels in which they are: the same whichever clips are marked.

    Attributes
    ----------
    rows : (m,) rows of the clips.
    pixel : (m,) pixel of each, row by row from the top left.
    shape : height and width.
    """

    rows: NDArray[np.integer]
    pixel: NDArray[np.int32]
    shape: tuple[int, int]

    def coloured(self, steps: NDArray[np.uint8], are_groups: bool) -> ColouredPixels:
        """The pixels in the colours of all their clips; parameters as in `Plane.density`."""
        count = self.shape[0] * self.shape[1]
        step = steps[self.rows]
        drawn = step != NO_STEP
        mean = (_most_frequent if are_groups else _mean)(self.pixel[drawn], step[drawn], count)
        return ColouredPixels(self, steps, are_groups, np.bincount(self.pixel, minlength=count), mean)


@dataclass(frozen=True, eq=False)
class ColouredPixels:
    """Pixels in the colours of all their clips.

    Attributes
    ----------
    pixels : the pixels.
    steps, are_groups : see `Plane.density`.
    counts, mean : (pixels,) clips in every pixel, and their colour step where none of them is marked.
    """

    pixels: Pixels
    steps: NDArray[np.uint8]
    are_groups: bool
    counts: NDArray[np.int64]
    mean: NDArray[np.uint8]

    def density(self, marked: NDArray[np.bool_]) -> Density:
        """The pixels where some clips are marked, (n,): only these are counted anew."""
        has_mark = marked[self.pixels.rows]
        pixel, step = self.pixels.pixel[has_mark], self.steps[self.pixels.rows[has_mark]]
        marks = np.bincount(pixel, minlength=len(self.counts))
        drawn = step != NO_STEP
        of_marked = (_most_frequent if self.are_groups else _mean)(
            pixel[drawn], step[drawn], len(self.counts)
        )
        steps, shape = np.where(marks > 0, of_marked, self.mean), self.pixels.shape
        return Density(self.counts.reshape(shape), steps.reshape(shape), marks.reshape(shape))


class Plane:
    """Places of clips, in the order of cells: what is asked of a part of the plane reads the clips near it alone.

    Parameters
    ----------
    positions
        (n, 2); clips without a finite place are nowhere.
    """

    def __init__(self, positions: NDArray[np.float32]) -> None:
        self.positions = positions
        rows = np.flatnonzero(np.isfinite(positions).all(axis=1))
        places = positions[rows]
        low, high = (places.min(0), places.max(0)) if len(rows) else (np.zeros(2), np.zeros(2))
        self.box = Part(float(low[0]), float(high[0]), float(low[1]), float(high[1]))
        """The part of the plane that all clips take, its edges included."""
        cell = self._row_of_cells(places[:, 1]) * _CELLS + self._column_of_cells(places[:, 0])
        order = np.argsort(cell.astype(np.uint16), kind="stable")
        self.rows: NDArray[np.int64] = rows[order]
        """(m,) rows of the clips that have a place, in the order of the cells."""
        self.x, self.y = np.ascontiguousarray(places[order].T, dtype=np.float64)
        self._start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=_CELLS**2))])

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, part: Part) -> NDArray[np.int64]:
        """Places in `rows` of the clips in a part of the plane."""
        x_cells = self._column_of_cells(np.array([part.left, part.right]))
        y_cells = self._row_of_cells(np.array([part.bottom, part.top]))
        runs = [
            np.arange(self._start[row * _CELLS + x_cells[0]], self._start[row * _CELLS + x_cells[1] + 1])
            for row in range(y_cells[0], y_cells[1] + 1)
        ]
        near = np.concatenate(runs)
        x, y = self.x[near], self.y[near]
        inside = (x >= part.left) & (x < part.right) & (y >= part.bottom) & (y < part.top)
        return near[inside]

    def most_in(self, part: Part) -> int:
        """Number of clips in the cells that a part of the plane touches: those in it, and some beside it."""
        first, last = self._column_of_cells(np.array([part.left, part.right]))
        low, high = self._row_of_cells(np.array([part.bottom, part.top]))
        rows = np.arange(low, high + 1) * _CELLS
        return int((self._start[rows + last + 1] - self._start[rows + first]).sum())

    def inside(self, corners: Sequence[Sequence[float]]) -> NDArray[np.int64]:
        """Rows of the clips inside a polygon, sorted; by the even-odd rule, as the page draws a lasso."""
        inside = np.zeros(len(self), dtype=bool)
        points = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
        for (x1, y1), (x2, y2) in zip(points, np.roll(points, 1, axis=0), strict=True):
            # An edge says nothing about clips above or below it, and clips lie row by row.
            first, last = self._row_of_cells(np.array(sorted((y1, y2))))
            near = slice(self._start[first * _CELLS], self._start[(last + 1) * _CELLS])
            x, y = self.x[near], self.y[near]
            crossed = (y1 > y) != (y2 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                inside[near] ^= crossed & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return np.sort(self.rows[inside])

    def nearest(self, x: float, y: float, across: float, up: float) -> int | None:
        """Row of the clip nearest to a place, at most so far `across` or `up`; None where none is so near."""
        at = self.at(Part(x - across, np.nextafter(x + across, np.inf), y - up, np.nextafter(y + up, np.inf)))
        distance = ((self.x[at] - x) / across) ** 2 + ((self.y[at] - y) / up) ** 2
        near = np.flatnonzero(distance <= 1)
        return int(self.rows[at[near[np.argmin(distance[near])]]]) if len(near) else None

    def density(
        self,
        part: Part,
        width: int,
        height: int,
        steps: NDArray[np.uint8],
        marked: NDArray[np.bool_],
        are_groups: bool = False,
    ) -> Density:
        """Count the clips in every pixel of a part of the plane.

        Parameters
        ----------
        part
            The part.
        width, height
            Pixels across and up.
        steps
            (n,) colour step of every clip, `NO_STEP` for none.
        marked
            (n,) whether a clip is marked.
        are_groups
            Whether steps number groups rather than being places on a scale.
        """
        return self.pixels(part, width, height).coloured(steps, are_groups).density(marked)

    def pixels(self, part: Part, width: int, height: int) -> Pixels:
        """The pixels of a part of the plane, so many across and up, and the clips in each."""
        at = self.at(part)
        column = ((self.x[at] - part.left) * (width / (part.right - part.left))).astype(np.int64)
        row = ((part.top - self.y[at]) * (height / (part.top - part.bottom))).astype(np.int64)
        # A place just inside an edge may be rounded on to it.
        pixel = np.clip(row, 0, height - 1) * width + np.clip(column, 0, width - 1)
        rows = self.rows if len(at) == len(self) else self.rows[at].astype(np.int32)
        return Pixels(rows, pixel.astype(np.int32), (height, width))

    def _column_of_cells(self, x: NDArray) -> NDArray[np.int64]:
        return _cells(x, self.box.left, self.box.right)

    def _row_of_cells(self, y: NDArray) -> NDArray[np.int64]:
        return _cells(y, self.box.bottom, self.box.top)


def _cells(values: NDArray, low: float, high: float) -> NDArray[np.int64]:
    """Cells of places on an axis: never falling as places rise, so that those between two lie in cells between."""
    share = (np.asarray(values, dtype=np.float64) - low) * (_CELLS / ((high - low) or 1.0))
    return np.clip(share, 0, _CELLS - 1).astype(np.int64)


def _mean(pixel: NDArray[np.int32], step: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    counts = np.bincount(pixel, minlength=pixels)
    sums = np.bincount(pixel, step, minlength=pixels)
    mean = np.divide(sums, counts, out=np.full(pixels, float(NO_STEP)), where=counts > 0)
    return np.rint(mean).astype(np.uint8)


def _most_frequent(pixel: NDArray[np.int32], step: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    """Most frequent step of every pixel, of equally frequent ones the smallest."""
    most, best = np.zeros(pixels, dtype=np.int64), np.full(pixels, NO_STEP, dtype=np.uint8)
    for each in np.unique(step).tolist():
        counts = np.bincount(pixel[step == each], minlength=pixels)
        is_more = counts > most
        most[is_more], best[is_more] = counts[is_more], each
    return best
