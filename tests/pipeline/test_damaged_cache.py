"""A cache that was damaged, in any file and any way, gives the results of an undamaged one."""

import random
import shutil

import pytest

from slicecore import find_slices


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Forty clips, the last ten loud and badly recognised."""
    import numpy as np
    import soundfile

    folder, rng = tmp_path_factory.mktemp("table"), np.random.default_rng(0)
    lines = ["audio,sentence,prediction"]
    for number in range(40):
        bad = number >= 30
        soundfile.write(folder / f"{number}.wav", rng.normal(0, 0.3 if bad else 0.01, 4000), 16000)
        lines.append(f"{number}.wav,one two three,{'won too' if bad else 'one two three'}")
    (folder / "clips.csv").write_text("\n".join(lines))
    return folder / "clips.csv"


def answers(table, cache):
    result = find_slices(table, min_support=3, cache=cache)
    frame = result.to_frame()
    assert len(frame)
    return frame.to_csv(), result.scanner.scan().overall


def one_bit(content, rng):
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def some_bytes(content, rng):
    for _ in range(20):
        content[rng.randrange(len(content))] = rng.randrange(256)


def zeros(content, rng):
    quarter = len(content) // 4
    content[quarter : 3 * quarter] = bytes(2 * quarter)


def cut(content, rng):
    del content[rng.randrange(len(content)) :]


def other_file(content, rng):
    content[:] = b"PK\x03\x04" + rng.randbytes(200)


@pytest.fixture(scope="module")
def undamaged(table, tmp_path_factory):
    cache = tmp_path_factory.mktemp("undamaged")
    return answers(table, cache), cache


DAMAGES = (one_bit, some_bytes, zeros, cut, other_file)


@pytest.mark.parametrize("seed", range(2))
def test_every_file_of_the_cache_is_damaged(table, undamaged, tmp_path, seed):
    expected, whole = undamaged
    cache, rng = tmp_path / "cache", random.Random(seed)
    shutil.copytree(whole, cache)
    files = sorted(path for path in cache.rglob("*") if path.is_file() and path.stat().st_size)
    assert {path.parent.name for path in files} >= {"cache", "trees", "counts", "shuffles"}
    for number, path in enumerate(files, start=seed):
        content = bytearray(path.read_bytes())
        DAMAGES[number % len(DAMAGES)](content, rng)
        path.write_bytes(content)
    assert answers(table, cache) == expected


def test_a_file_of_another_entry_is_not_taken(table, undamaged, tmp_path):
    expected, whole = undamaged
    cache = tmp_path / "cache"
    shutil.copytree(whole, cache)
    for folder in ("counts", "shuffles", "trees"):
        first, *others = sorted((cache / folder).iterdir())
        for other in others:
            shutil.copyfile(first, other)
    assert answers(table, cache) == expected
