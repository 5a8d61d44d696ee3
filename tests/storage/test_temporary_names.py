"""What killed processes leave beside files is removed by the next that writes there, and nothing else is."""

import os
import subprocess
import sys
import time

import pytest

from slicecore.storage.atomic import write_together, write_whole, write_whole_folder
from slicecore.storage.temporary_names import MARK, OLD_S, temporary_name

KILLED = """
import os, signal, sys
from pathlib import Path
from slicecore.storage.atomic import write_whole, write_whole_folder
folder = Path(sys.argv[1])
def end(part):
    (part / "half" if part.is_dir() else part).write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
(write_whole_folder if sys.argv[2] == "folder" else write_whole)(folder / "slices.csv.gz", end)
"""


def parts(folder):
    return [path for path in folder.iterdir() if path.name.startswith(MARK)]


@pytest.mark.skipif(os.name != "posix", reason="Only there a process can be asked for.")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_goes_with_the_next_write(tmp_path, kind):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path, kind], check=False)
    assert done.returncode == -9 and len(parts(tmp_path)) == 1
    write_whole(tmp_path / "clips.csv", lambda part: part.write_text("whole"))
    assert [path.name for path in tmp_path.iterdir()] == ["clips.csv"]


def test_what_is_under_way_or_of_another_machine_or_the_users_stays(tmp_path):
    mine, theirs, old = (tmp_path / name for name in ("mine", "theirs", "old"))
    for folder in (mine, theirs, old):
        folder.mkdir()
    under_way = temporary_name(tmp_path / "a.csv").name
    users = "1-2-slices.csv"
    elsewhere = f"{MARK}-00000000-1-1.csv"
    for folder, name in ((mine, under_way), (mine, users), (theirs, elsewhere), (old, elsewhere)):
        (folder / name).write_text("half")
    long_ago = time.time() - OLD_S - 60
    os.utime(old / elsewhere, (long_ago, long_ago))
    for folder in (theirs, old):
        write_whole(folder / "b.csv", lambda part: part.write_text("whole"))
    write_together({mine / "b.csv": lambda part: part.write_text("whole")})
    assert {path.name for path in mine.iterdir()} == {under_way, users, "b.csv"}
    assert {path.name for path in theirs.iterdir()} == {elsewhere, "b.csv"}
    assert {path.name for path in old.iterdir()} == {"b.csv"}


def test_a_name_may_be_as_long_as_the_file_system_allows_and_its_suffixes_are_known_to_what_writes(tmp_path):
    seen = []

    def save(part):
        seen.append("".join(part.suffixes))
        part.write_text("whole")

    long = tmp_path / f"{'a' * 248}.csv.gz"
    write_whole(long, save)
    assert long.read_text() == "whole" and seen == [".csv.gz"]
    write_whole_folder(tmp_path / "models", lambda part: (part / "a").write_text("a"))
    assert (tmp_path / "models" / "a").read_text() == "a" and not parts(tmp_path)
