"""Files that are written whole, also where Windows refuses to replace one that is open."""

from pathlib import Path

import pytest

from slicecore.storage import atomic
from slicecore.storage.atomic import write_together, write_whole, write_whole_folder


@pytest.fixture
def refusing(monkeypatch):
    """Lets `Path.replace` refuse some times, as on Windows while a file is in use; gives the calls."""
    replace = Path.replace
    monkeypatch.setattr(atomic.time, "sleep", lambda seconds: None)

    def refuse(times, number=32):
        calls = []

        def replace_or_not(part, path):
            calls.append(path)
            if len(calls) > times:
                return replace(part, path)
            error = PermissionError(13, "The process cannot access the file", str(path))
            if number is not None:
                error.winerror = number
            raise error

        monkeypatch.setattr(Path, "replace", replace_or_not)
        return calls

    return refuse


@pytest.mark.parametrize("number", [5, 32])
def test_a_file_that_somebody_reads_is_replaced_when_he_is_done(tmp_path, refusing, number):
    path = tmp_path / "a.csv"
    path.write_text("old")
    refused = refusing(3, number)
    write_whole(path, lambda part: part.write_text("new"))
    assert path.read_text() == "new" and len(refused) == 4
    write_together({path: lambda part: part.write_text("newer")})
    assert path.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_stays_open_is_an_error_and_stays_as_it_was(tmp_path, refusing):
    path = tmp_path / "a.csv"
    path.write_text("old")
    refused = refusing(10_000)
    with pytest.raises(PermissionError):
        write_whole(path, lambda part: part.write_text("new"))
    assert path.read_text() == "old" and 10 < len(refused) < 100
    assert list(tmp_path.iterdir()) == [path]


def test_where_nobody_may_write_nothing_is_waited_for(tmp_path, refusing):
    refused = refusing(10_000, None)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "a.csv", lambda part: part.write_text("new"))
    assert len(refused) == 1


def test_a_folder_that_another_process_made_meanwhile_is_taken(tmp_path, refusing):
    folder = tmp_path / "model"

    def save(part):
        (part / "weights").write_text("mine")
        folder.mkdir()
        (folder / "weights").write_text("theirs")

    refusing(10_000, 5)
    write_whole_folder(folder, save)
    assert (folder / "weights").read_text() == "theirs" and list(tmp_path.iterdir()) == [folder]
