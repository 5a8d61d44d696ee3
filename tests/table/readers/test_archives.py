"""Archives of recordings in the way of WebDataset: read where they are, and faults named."""

import gzip
import io
import json
import tarfile

import pytest
from little_table import PREDICTIONS, REFERENCES, ROWS, seconds, write_sounds

from slicecore.embedding import embed
from slicecore.errors import TableError
from slicecore.table.dataset import read
from slicecore.table.readers.registry import format_of


def write_archives(folder, rows=ROWS, parts=2):
    """The table in the way of WebDataset, without ids: those are the names of the files."""
    write_sounds(folder)
    for part in range(parts):
        with tarfile.open(folder / f"clips-{part}.tar", "w") as archive:
            for number in range(part, len(rows), parts):
                row = {
                    name: cell for name, cell in rows[number].items() if name not in ("id", "audio", "text")
                }
                files = {"json": json.dumps(row).encode(), "txt": f"{rows[number]['text']}\n".encode()}
                files["wav"] = (folder / f"{number}.wav").read_bytes()
                files |= {"seg.npy": b"\x93NUMPY\xff"}
                for ending, content in files.items():
                    member = tarfile.TarInfo(f"calls/{rows[number]['id']}.{ending}")
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
    for number in range(len(ROWS)):
        (folder / f"{number}.wav").unlink()


def test_recordings_inside_archives_are_read_from_there(tmp_path, cache):
    write_archives(tmp_path)
    assert format_of(tmp_path).name == format_of(tmp_path / "clips-0.tar").name == "webdataset"
    data = read(tmp_path)
    order = [0, 2, 4, 1, 3, 5]
    assert data.ids.tolist() == [f"calls/{ROWS[row]['id']}" for row in order]
    assert data.reference.tolist() == [REFERENCES[row] for row in order]
    assert data.prediction.tolist() == [PREDICTIONS[row] for row in order]
    assert data.metadata == ("speaker", "snr") and data.notes == ()
    assert [seconds(clip) for clip in data.clips] == [(row + 1) / 10 for row in order]
    assert len(embed(data, cache=cache).reasons) == 0
    assert len(read(tmp_path / "clips-1.tar")) == 3
    whole = (tmp_path / "clips-0.tar").read_bytes()
    (tmp_path / "clips-0.tar").write_bytes(whole[:2000])
    assert "breaks off" in embed(data, cache=cache / "other").reasons[2]
    with pytest.raises(TableError, match="can't be read as a tar archive"):
        read(tmp_path)
    (tmp_path / "clips-0.tar").unlink()
    assert "archive that held it is gone" in embed(data, cache=cache / "third").reasons[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"words", "no recordings in “t.tar”"),
        ("a.json", b"{", "“a.json” in “t.tar” is no JSON"),
    ],
)
def test_faults_of_archives_are_named(tmp_path, name, content, message):
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    with pytest.raises(TableError, match=message):
        read(tmp_path / "t.tar")
    (tmp_path / "t.tgz").write_bytes(gzip.compress((tmp_path / "t.tar").read_bytes()))
    with pytest.raises(TableError, match="compressed one has to be unpacked"):
        read(tmp_path / "t.tgz")
