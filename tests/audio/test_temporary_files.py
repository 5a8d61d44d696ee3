import shutil
import threading
from pathlib import Path

import pytest

from slicecore.audio.temporary_files import TempFileCache


def writer(text, made=None):
    def write(path):
        if made is not None:
            made.append(text)
        path.write_text(text)

    return write


def test_a_file_is_made_once_even_for_many_threads():
    files, made, seen = TempFileCache(1000), [], []

    def use():
        with files.use("key", writer("content", made)) as path:
            seen.append(path.read_text())

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["content"] * 8
    assert made == ["content"]


def test_the_oldest_go_first_but_none_that_is_in_use():
    files, made = TempFileCache(25), []
    with files.use("a", writer("a" * 10, made)) as first:
        for name in "bcd":
            with files.use(name, writer(name * 10, made)):
                pass
        assert first.read_text() == "a" * 10
        with files.use("d", writer("d" * 10, made)):
            pass
        assert made == ["a" * 10, "b" * 10, "c" * 10, "d" * 10]
        with files.use("b", writer("b" * 10, made)):
            pass
        assert made[-1] == "b" * 10


def test_a_failure_leaves_nothing_behind():
    files = TempFileCache(100)

    def fail(path):
        path.write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), files.use("key", fail):
        pass
    with files.use("key", writer("whole")) as path:
        assert path.read_text() == "whole"


def test_a_file_that_vanished_is_made_again_and_harms_no_other():
    files, made = TempFileCache(100), []
    with files.use("a", writer("first", made)) as path:
        pass
    with files.use("b", writer("other", made)):
        path.unlink()  # by a cleaner of temporary files
    with files.use("a", writer("second", made)) as path:
        assert path.read_text() == "second"
    assert made == ["first", "other", "second"]


def test_a_folder_that_vanished_is_made_again():
    files = TempFileCache(100)
    with files.use("a", writer("first")) as path:
        shutil.rmtree(path.parent)
    for key in "ab":
        with files.use(key, writer("second")) as path:
            assert path.read_text() == "second"


def test_a_use_looks_at_no_other_file(monkeypatch):
    files, looked_at, stat = TempFileCache(100), set(), Path.stat
    paths = []
    for number in range(12):
        with files.use(number, writer("ten bytes!")) as path:
            paths.append(path)
    assert [path.exists() for path in paths] == [False] * 2 + [True] * 10

    def noting(path, **options):
        looked_at.add(path)
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", noting)
    with files.use(5, writer("ten bytes!")), files.use(12, writer("ten bytes!")) as path:
        paths.append(path)
    assert looked_at & set(paths) <= {paths[5], paths[12]}
    assert [path.exists() for path in paths] == [False] * 3 + [True] * 10
