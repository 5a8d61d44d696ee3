"""Parts of a map as the browser reads them: pixels from afar, clips closer up, and nothing for what makes no sense."""

import struct
import zlib

import numpy as np
import pytest

from slicecore.display.plane import Part, Plane
from slicecore_app.server import drawn_maps
from slicecore_app.server.drawn_maps import DrawnMap, clip_at, part_of_map, plane_of, publish_map

EVERYTHING = {"left": -9.0, "right": 9.0, "bottom": -9.0, "top": 9.0, "width": 60, "height": 40}


@pytest.fixture
def drawn():
    positions = np.random.default_rng(1).normal(size=(900, 2)).astype(np.float32)
    positions[3] = np.nan
    steps = np.arange(900, dtype=np.uint8) % 31
    slices = np.where(np.arange(900) < 100, 0, -1)
    return DrawnMap(plane_of(positions)[1], steps, False, slices, np.arange(50, 70), False)


def ask(token, **more):
    content = part_of_map(token, {name: str(value) for name, value in {**EVERYTHING, **more}.items()})
    return None if content is None else zlib.decompress(content)


def test_few_clips_come_one_by_one(drawn):
    content = ask(publish_map("a", drawn))
    kind, _, _, count, _, has_marks = struct.unpack("<6I", content[:24])
    assert (kind, count, has_marks) == (drawn_maps.POINTS, 899, 1)
    rows = np.frombuffer(content, "<u4", count, 24)
    places = np.frombuffer(content, "<f4", 2 * count, 24 + 4 * count).reshape(-1, 2)
    states = np.frombuffer(content, np.uint8, count, 24 + 12 * count)
    assert rows.tolist() == [row for row in range(900) if row != 3]
    assert np.array_equal(places, drawn.plane.positions[rows])
    assert np.array_equal(states & 31, drawn.steps[rows])
    assert np.array_equal((states & drawn_maps.FLAGGED) > 0, rows < 100)
    assert rows[(states & drawn_maps.PICKED) > 0].tolist() == list(range(50, 70))
    assert not (states & drawn_maps.LASSOED).any()


def test_many_clips_come_as_pixels(drawn, monkeypatch):
    monkeypatch.setattr(drawn_maps, "MOST_POINTS_OF_A_PART", 100)
    content = ask(publish_map("b", drawn))
    kind, width, height, count, most, _ = struct.unpack("<6I", content[:24])
    assert (kind, width, height, count) == (drawn_maps.PIXELS, 60, 40, 899)
    shade, _, share = np.frombuffer(content, np.uint8, offset=24).reshape(3, -1)
    assert shade.max() == 255 and most > 1
    assert (shade[shade > 0] > 0).sum() < 899
    assert 0 < np.count_nonzero(share) <= 20
    assert not share[shade == 0].any()
    closer = ask(publish_map("b", drawn), left=-0.1, right=0.1, bottom=-0.1, top=0.1)
    assert struct.unpack("<I", closer[:4]) == (drawn_maps.POINTS,)


def test_a_map_is_drawn_as_its_pick_and_colours_are_whatever_was_drawn_before(drawn, monkeypatch):
    monkeypatch.setattr(drawn_maps, "MOST_POINTS_OF_A_PART", 100)
    others = [drawn.steps, drawn.steps[::-1].copy()]
    picks = [np.arange(50, 70), np.arange(0), np.arange(400)]
    maps = [
        DrawnMap(drawn.plane, steps, are_groups, drawn.slice_of_clip, marked, False)
        for steps in others
        for are_groups in (False, True)
        for marked in picks
    ]
    part = Part(-9, 9, -9, 9)
    for at, each in enumerate(maps):
        _, colour, share = np.frombuffer(ask(publish_map(f"g{at}", each)), np.uint8, offset=24).reshape(3, -1)
        alone = Plane(drawn.plane.positions).density(part, 60, 40, each.steps, each.mask(), each.are_groups)
        assert np.array_equal(colour, alone.steps.ravel())
        assert np.array_equal(share > 0, alone.marked.ravel() > 0)


def test_another_pick_is_another_map_and_the_same_is_the_same(drawn):
    other = DrawnMap(drawn.plane, drawn.steps, False, drawn.slice_of_clip, np.arange(5), False)
    assert publish_map("c", drawn) == publish_map("c", drawn)
    assert len({publish_map("c", drawn), publish_map("c", other), publish_map("d", drawn)}) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"left": "nan"}, {"right": -9}, {"top": "inf"}, {"bottom": 10}, {"width": 0}, {"height": -3}, {"width": 10**9},
        {"width": 8000, "height": 8000}, {"left": "x"}, {"width": "1.5"}, {"left": -1e308, "right": 1e308},
    ],
)  # fmt: skip
def test_what_makes_no_sense_has_no_answer(drawn, wrong):
    token = publish_map("e", drawn)
    assert ask(token, **wrong) is None
    assert ask("unknown") is None
    assert part_of_map(token, {}) is None


def test_the_clip_at_a_place(drawn):
    token = publish_map("f", drawn)
    x, y = (float(value) for value in drawn.plane.positions[60])
    found = clip_at(token, {"x": str(x), "y": str(y), "across": "0.01", "up": "0.01"})
    assert (found["row"], found["isMarked"]) == (60, True)
    assert found["at"] == pytest.approx([x, y])
    assert clip_at(token, {"x": "80", "y": "80", "across": "0.1", "up": "0.1"}) == {"row": None}
    for wrong in ({"x": "nan"}, {"across": "0"}, {"up": "-1"}, {"y": "z"}):
        assert clip_at(token, {"x": "0", "y": "0", "across": "1", "up": "1", **wrong}) is None
    assert clip_at("unknown", {"x": "0", "y": "0", "across": "1", "up": "1"}) is None
