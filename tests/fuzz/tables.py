"""Table readers: every format of the registry, by bytes and by structure."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from fuzz.invariant import in_time, result_or_sentence
from slicecore.table.dataset import read
from slicecore.table.readers.registry import FORMATS, names

NAMES = (None, *names())
FOLDERS = ("kaldi", "audiofolder", "librispeech", "webdataset", "sounds")
_SPLIT = b"\n=== "
"""Between the files of a folder: their name stands on the line of it."""

_ROWS = [
    {
        "audio_filepath": "0.wav",
        "text": "good day",
        "pred_text": "god day",
        "duration": 1.5,
        "offset": 0,
        "id": "a",
    },
    {"audio_filepath": "1.wav", "text": "", "pred_text": "x", "duration": 2, "offset": 0.5, "id": "b"},
]
_CUT = {
    "id": "c",
    "start": 0,
    "duration": 0.1,
    "channel": 0,
    "type": "MonoCut",
    "custom": {"snr": 0.5, "pred_text": "good"},
    "supervisions": [
        {"id": "s", "recording_id": "r", "start": 0.0, "duration": 0.1, "text": "good", "speaker": "x"}
    ],
    "recording": {
        "id": "r",
        "sampling_rate": 16000,
        "num_samples": 1600,
        "duration": 0.1,
        "sources": [{"type": "file", "channels": [0], "source": "0.wav"}],
    },
}
_SEGMENT = {"session_id": "5", "speaker": "A", "start_time": 0.1, "end_time": 0.2, "words": "a", "hyp": "a"}


def run(data: bytes) -> None:
    """Read a table: the first byte chooses the format that is given; the rest is its file, or the files of a folder."""
    name = NAMES[data[0] % len(NAMES)] if data else None
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        _read(_written(folder, data[1:]), name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, content: bytes) -> Path:
    """Path of a table with this content: a file, or a folder where it names files."""
    if not content.startswith(_SPLIT):
        (folder / "t").write_bytes(content)
        return folder / "t"
    top = folder / "t"
    top.mkdir()
    for part in content.split(_SPLIT)[1:]:
        name, _, text = part.partition(b"\n")
        parts = [
            each for each in name.decode("utf-8", "replace").replace("\0", "_").split("/") if each.strip(". ")
        ]
        path = top.joinpath(*(each[:40] for each in parts[:3])) if parts else top / "x"
        if not path.exists() and all(parent.is_dir() or not parent.exists() for parent in path.parents):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    return top


def _read(path: Path, name: str | None) -> None:
    with warnings.catch_warnings(), in_time():
        warnings.simplefilter("ignore")
        for labelled in (True, False):
            data = result_or_sentence(lambda labelled=labelled: read(path, format=name, labelled=labelled))
            if data is None:
                continue
            assert len(data.ids) == len(data.clips) == len(data.table) > 0
            assert len(set(data.ids)) == len(data)
            list(data.clips[:3])
            texts = [data.reference, *data.predictions.values()] if labelled and data.roles.reference else []
            assert all(isinstance(text, str) for column in texts for text in column)


def seeds() -> list[bytes]:
    """A small table of every format, with and without its name."""
    lines = "".join(json.dumps(row) + "\n" for row in _ROWS).encode()
    frame = pd.DataFrame(_ROWS)
    wav = _wav()
    files = {
        "csv": frame.to_csv(index=False).encode(),
        "tsv": frame.to_csv(index=False, sep="\t").encode(),
        "json": json.dumps(_ROWS).encode(),
        "nemo": lines,
        "gz": gzip.compress(lines),
        "lhotse": (json.dumps(_CUT) + "\n").encode(),
        "seglst": json.dumps([_SEGMENT]).encode(),
        "trn": b"good day (u1)\nbad day (u2)\n",
        "stm": b"5 1 anna 0.0 0.25 <o,f0> good day\n5 1 bob 0.25 0.6 hello\n",
        "ctm": b"5 1 0.30 0.2 yellow\n5 1 0.10 0.12 day .9\n",
        "common_voice": b'client_id\tpath\tsentence\tpred\nx\ta\t"Yes" he said\ty\n',
        "transcripts": b"u1 good day\nu2 bad day\n",
        "parquet": _parquet(frame, wav),
        "arrow": _arrow(frame),
        "webdataset": _archive(wav),
        "kaldi": _folder(
            {"wav.scp": b"u1 1.wav\n", "text": b"u1 a b\n", "segments": b"u1 u1 0 1\n", "utt2spk": b"u1 s\n"}
        ),
        "audiofolder": _folder({"test/metadata.csv": b"file_name,text,pred\n0.wav,a,b\n", "test/0.wav": wav}),
        "librispeech": _folder({"7/12/7-12.trans.txt": b"7-12-0 A B\n", "7/12/7-12-0.flac": wav}),
        "sounds": _folder({"a/0.wav": wav, "b.flac": wav}),
        "saved": _folder(
            {
                "dataset_info.json": b"{}",
                "state.json": b'{"_data_files":[{"filename":"d.arrow"}]}',
                "d.arrow": _arrow(frame),
            }
        ),
        "parts": _folder({"part-0.parquet": _parquet(frame, wav), "part-1.parquet": _parquet(frame, wav)}),
        "tars": _folder({"0.tar": _archive(wav)}),
    }
    numbers = {name: NAMES.index(name) for name in NAMES if name}
    return [
        bytes([number]) + content for name, content in files.items() for number in {0, numbers.get(name, 0)}
    ]


def _folder(files: dict[str, bytes]) -> bytes:
    return b"".join(_SPLIT + name.encode() + b"\n" + content for name, content in files.items())


def _wav() -> bytes:
    out = io.BytesIO()
    soundfile.write(out, [0.1, -0.1] * 20, 16000, format="WAV")
    return out.getvalue()


def _parquet(frame: pd.DataFrame, wav: bytes) -> bytes:
    out = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame.drop(columns="audio_filepath"))
    sound = pa.array([{"bytes": wav, "path": "p"}] * len(frame))
    parquet.write_table(table.append_column("audio", sound), out)
    return out.getvalue().to_pybytes()


def _arrow(frame: pd.DataFrame) -> bytes:
    out = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame)
    with pa.ipc.new_stream(out, table.schema) as file:
        file.write_table(table)
    return out.getvalue().to_pybytes()


def _archive(wav: bytes) -> bytes:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in (("0.wav", wav), ("0.json", b'{"text": "a", "pred": "b"}'), ("1.txt", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


# ---------------------------------------------------------------------------------------------------------------
# By structure
_KEYS = st.sampled_from(
    [
        *{*_ROWS[0], *_CUT, *_SEGMENT, *_CUT["recording"], *_CUT["supervisions"][0]},
        "tracks",
        "cut",
        "file_name",
        "\ud800",
        "",
    ]
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        ["MixedCut", "PaddingCut", "command", "memory", "file", "0.wav", "\0", "\ud800", "1e999", "a" * 300]
    ),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


def _changed(base: object) -> st.SearchStrategy:
    """Strategy of values like a value, with any part of it another, gone, or more."""
    if isinstance(base, dict):
        kept = st.fixed_dictionaries({}, optional={name: _changed(value) for name, value in base.items()})
        return st.one_of(
            kept,
            kept,
            st.tuples(kept, st.dictionaries(_KEYS, _VALUES, max_size=2)).map(
                lambda two: {**two[0], **two[1]}
            ),
            _VALUES,
        )
    if isinstance(base, list):
        return st.one_of(st.lists(st.one_of(*map(_changed, base)), max_size=3), _VALUES)
    return st.one_of(st.just(base), st.just(base), _VALUES)


_RECORDS = st.one_of(*(st.lists(_changed(base), max_size=4) for base in (_ROWS[0], _CUT, _SEGMENT)))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    _RECORDS, st.sampled_from(["lines", "array", "gzip", "csv", "parquet"]), st.sampled_from((None, *names()))
)
def structured(records: list, form: str, name: str | None) -> None:
    """Tables of records whose fields are of any type, in the forms that hold records."""
    number = bytes([NAMES.index(name)])
    texts = [json.dumps(record) for record in records]
    if form == "lines":
        run(number + "".join(text + "\n" for text in texts).encode("utf-8", "surrogatepass"))
    elif form == "array":
        run(number + f"[{','.join(texts)}]".encode("utf-8", "surrogatepass"))
    elif form == "gzip":
        run(number + gzip.compress("\n".join(texts).encode("utf-8", "surrogatepass")))
    else:
        rows = [record for record in records if isinstance(record, dict)]
        cells = [{_text(key): _text(value) for key, value in row.items()} for row in rows]
        columns = list(dict.fromkeys(key for row in cells for key in row))
        if form == "csv":
            out = io.StringIO()
            pd.DataFrame(cells, columns=columns).to_csv(out, index=False)
            run(number + out.getvalue().encode())
        else:
            sink = pa.BufferOutputStream()
            parquet.write_table(pa.Table.from_pylist(cells), sink)
            run(number + sink.getvalue().to_pybytes())


def _text(value: object) -> str:
    """A value as text that its library can write: half a character is none."""
    return str(value).encode("utf-8", "ignore").decode()


assert set(FOLDERS) <= set(names()) and FORMATS
