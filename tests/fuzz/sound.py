"""Recordings: files that libsndfile and FFmpeg read, those inside Parquet files and tar archives, and their names."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from fuzz.invariant import in_time, result_or_sentence
from slicecore.audio import decoding, remote

_PARTS = ((0.0, None), (0.0, 0.01), (0.01, None), (0.005, 0.02), (1e9, None), (0.0, 1e300))
_KINDS = (
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAV", "ULAW"),
    ("WAV", "MS_ADPCM"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
    ("AIFF", "PCM_16"),
    ("AU", "PCM_16"),
    ("CAF", "ALAC_16"),
    ("W64", "PCM_16"),
    ("RF64", "PCM_16"),
    ("NIST", "PCM_16"),
    ("VOC", "PCM_U8"),
)


def run(data: bytes) -> None:
    """Decode a file with these bytes after the first, which chooses a part of it; then draw it."""
    start, end = _PARTS[data[0] % len(_PARTS)] if data else (0.0, None)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, in_time():
        path = Path(folder) / "a.wav"
        path.write_bytes(data[1:])
        _decode(path, start, end)


def _decode(path: Path | str, start: float, end: float | None) -> None:
    info = result_or_sentence(lambda: decoding.info(path, start=start, end=end))
    if info is not None and info.duration * info.sampling_rate * info.channels > 1 << 26:
        _decode_blocks(path, start, end)  # hours of zeros are read block by block, as pictures are
        return
    recording = result_or_sentence(lambda: decoding.recording(path, start=start, end=end))
    if recording is None:
        return
    assert recording.samples.ndim == 2 and np.isfinite(recording.samples).all()
    mono = result_or_sentence(recording.mono)
    assert mono is None or (mono.dtype == np.float32 and np.isfinite(mono).all())


def _decode_blocks(path: Path | str, start: float, end: float | None) -> None:
    def read() -> None:
        with decoding.opened(path, start, end) as part:
            for number, _ in enumerate(part.blocks()):
                if number > 16:
                    return

    result_or_sentence(read)


def seeds() -> list[bytes]:
    """A tenth of a second in every form that libsndfile writes, and beginnings of what only FFmpeg reads."""
    random = np.random.default_rng(0)
    made = []
    for number, (kind, encoding) in enumerate(_KINDS):
        for channels in (1, 2):
            out = io.BytesIO()
            try:
                soundfile.write(out, random.normal(0, 0.1, (800, channels)), 8000, encoding, format=kind)
            except soundfile.LibsndfileError:  # a build without it, or of one channel only
                continue
            made.append(bytes([number % len(_PARTS)]) + out.getvalue())
    starts = [
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0",
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01",
        b"#!AMR\n\x3c\0",
        b"\xff\xf1P\x80\x04?\xfc",
        b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa",
    ]
    return made + [b"\0" + start for start in starts]


def run_names(data: bytes) -> None:
    """Ask for recordings by any name: paths, URLs, places in archives and Parquet files."""
    text = data.decode("utf-8", "surrogateescape")
    name, _, rest = text.partition("\n")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, in_time():
        archive = Path(folder) / "t"
        archive.write_bytes(rest.encode("utf-8", "surrogateescape"))
        name = name.replace("HERE", str(archive))
        if name.startswith(("/", "file:")) or (
            "://" in name and not name.startswith(("tar://", "parquet://", "memory://", "zip://", "data:"))
        ):
            return  # neither files of this machine nor its network
        _decode(name if remote.is_url(name) else Path(folder) / name, 0.0, None)


def name_seeds() -> list[bytes]:
    """A name of every kind, with the content of its file."""
    import pandas as pd

    from fuzz.tables import _ROWS, _archive, _parquet, _wav

    wav = _wav()
    return [
        b"tar://HERE?offset=512&size=124\n" + _archive(wav),
        b"tar://HERE?offset=0&size=99999999999999\n" + wav,
        b"parquet://HERE?column=audio.bytes&row=1\n" + _parquet(pd.DataFrame(_ROWS), wav),
        b"parquet://HERE?column=text&row=-1\n" + _parquet(pd.DataFrame(_ROWS), wav),
        b"zip://a::memory://b\n",
        b"memory://x.wav\n",
        b"t\n" + wav,
        b"touch x |\n",
        b"a.ark:17\n",
        b"a\0b\n",
    ]
