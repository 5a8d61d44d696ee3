"""Paths that are no table, giant cells and stray quotes: a sentence, a note, or all rows; never a wait."""

import errno
import os
from pathlib import Path

import pytest

from slicecore.errors import TableError, TableWarning
from slicecore.table.dataset import read
from slicecore.table.readers.registry import names

HEADER = "id,audio,reference,prediction\n"


def written(tmp_path, text):
    path = tmp_path / "clips.csv"
    path.write_text(HEADER + text, newline="")
    return path


@pytest.mark.parametrize("name", [None, *names()])
def test_what_is_no_file_is_not_opened(tmp_path, name):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(TableError, match="device or a pipe"):
            read(path, format=name)


@pytest.mark.parametrize("path", ["a" * 300 + ".csv", "a" * 5000, "x/" * 3000, "a\0b"])
@pytest.mark.parametrize("name", [None, "csv", "parquet"])
def test_a_path_that_nothing_can_have_is_a_sentence(tmp_path, path, name):
    with pytest.raises(TableError):
        read(tmp_path / path, format=name)


def test_a_folder_that_may_not_be_entered_is_a_sentence(tmp_path, monkeypatch):
    def refused(path, *arguments, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    path = written(tmp_path, "u0,a.wav,x,y\n")
    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(TableError, match="Permission denied"):
        read(path)


def test_a_giant_cell_is_read(tmp_path):
    giant = "word " * 200_000
    data = read(written(tmp_path, f'u0,a.wav,"{giant}",y\nu1,b.wav,x,y\n'))
    assert data.reference.tolist() == [giant, "x"]


def test_rows_that_stray_quotes_make_one_cell_are_noted(tmp_path):
    path = written(
        tmp_path, 'u0,a.wav,"hello,x\nu1,b.wav,y",z\nu2,c.wav,"hi, you",there\nu3,d.wav,"a\nb",c\n'
    )
    with pytest.warns(TableWarning, match=r"row 2 \(column “reference”\)\. If a quote"):
        data = read(path)
    assert data.ids.tolist() == ["u0", "u2", "u3"]
    assert len(data.notes) == 1


def test_many_such_rows_are_counted(tmp_path):
    rows = "".join(f'u{n},a.wav,"hello,x\nv{n},b.wav,y",z\n' for n in range(9))
    with pytest.warns(TableWarning, match="row 2 .*, row 3 .*, row 4 .* and 6 more"):
        read(written(tmp_path, rows))


@pytest.mark.parametrize("text", ['"two\nlines"', '"a, b\r\n c"', '"a, b, c, d, e"', '"\n"'])
def test_texts_of_several_lines_are_no_such_rows(tmp_path, text):
    assert read(written(tmp_path, f"u0,a.wav,{text},y\n\nu1,b.wav,x,y\n")).notes == ()
