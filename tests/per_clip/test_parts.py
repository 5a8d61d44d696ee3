import fsspec
import numpy as np
import pytest

from slicecore.audio.clip import Clip
from slicecore.errors import StorageError
from slicecore.per_clip.parts import Parts, divide
from slicecore.per_clip.work import Finished
from slicecore.storage.outcome import Label, Outcome
from slicecore.storage.stamp import Stamp

CLIPS = [Clip(f"/clips/{number}.wav", start=number / 4) for number in range(10)]
TODO = [(clip, Stamp(clip.path, 10, "1")) for clip in CLIPS]


def finished(part):
    outcomes = [
        Outcome(np.arange(5, dtype=np.float32) + row, labels=(Label("hum", 0.5),))
        if row
        else Outcome(None, "No")
        for row in range(len(part.clips))
    ]
    return [
        Finished(clip, stamp, bytes([row]) * 16, outcome, True)
        for row, ((clip, stamp), outcome) in enumerate(zip(part.clips, outcomes, strict=True))
    ]


@pytest.fixture(params=["folder", "memory"])
def parts(request, tmp_path):
    if request.param == "folder":
        return Parts(tmp_path / "parts")
    fsspec.filesystem("memory").store.clear()
    return Parts("memory://bucket/parts/")


def test_what_is_written_is_read(parts):
    (part,) = divide(CLIPS, TODO[:4], "key", 5)
    assert parts.names() == set()
    parts.check()
    parts.write(part.name, "key on the worker", finished(part))
    assert parts.names() == {part.name}
    key, read = parts.read(part)
    assert key == "key on the worker"
    assert [clip.clip for clip in read] == CLIPS[:4]
    assert [clip.digest for clip in read] == [bytes([row]) * 16 for row in range(4)]
    assert read[0].outcome.vector is None
    assert read[0].outcome.reason == "No"
    for row in range(1, 4):
        assert np.array_equal(read[row].outcome.vector, np.arange(5) + row)
        assert read[row].outcome.labels == (Label("hum", 0.5),)


def test_parts_stay_the_same_when_others_are_finished():
    every = divide(CLIPS, TODO, "key", 3)
    assert [len(part.clips) for part in every] == [3, 3, 3, 1]
    assert len({part.name for part in every}) == 4
    assert [p.name for p in divide(CLIPS, TODO[3:6] + TODO[9:], "key", 3)] == [every[1].name, every[3].name]
    changed = [(clip, Stamp(stamp.path, 11, "2")) for clip, stamp in TODO]
    assert not {p.name for p in divide(CLIPS, changed, "key", 3)} & {p.name for p in every}
    assert not {p.name for p in divide(CLIPS, TODO, "other", 3)} & {p.name for p in every}


@pytest.mark.parametrize("damage", ["cut", "bits", "gone"])
def test_a_damaged_part_is_not_read(tmp_path, damage):
    parts = Parts(tmp_path)
    (part,) = divide(CLIPS, TODO, "key", 10)
    parts.write(part.name, "key", finished(part))
    (path,) = tmp_path.glob("*.parquet")
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        at = content.index(np.arange(5, dtype="<f4").tobytes()[4:12])
        content[at] ^= 1
        path.write_bytes(content)
    assert parts.read(part) is None


def test_no_changed_bit_gives_other_results(tmp_path):
    """Those of what describes the pages included, of which Parquet has no checksum."""
    parts = Parts(tmp_path)
    (part,) = divide(CLIPS, TODO, "key", 10)
    parts.write(part.name, "key", finished(part))
    (path,) = tmp_path.glob("*.parquet")
    content = path.read_bytes()
    key, expected = parts.read(part)
    for at in range(0, len(content), 5):
        changed = bytearray(content)
        changed[at] ^= 1 << at // 5 % 8
        path.write_bytes(changed)
        read = parts.read(part)
        if read is not None:
            assert read[0] == key
            assert [made.digest for made in read[1]] == [made.digest for made in expected]
            assert all(
                made.outcome.reason == other.outcome.reason
                and np.array_equal(made.outcome.vector, other.outcome.vector)
                for made, other in zip(read[1], expected, strict=True)
            )


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="can't be written"):
        Parts(tmp_path / "file" / "parts").check()
