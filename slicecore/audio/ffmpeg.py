"""Recordings that libsndfile can't read and FFmpeg can, where it is installed: M4A, WebM, AAC, AMR, WMA."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slicecore.audio.temporary_files import TempFileCache
from slicecore.errors import AudioError, NoDecoderError

_MISSING_ALLOWED_S = 0.25
"""Containers give their length in coarse steps, and encoders pad."""

_conversions = TempFileCache(most_bytes=4 << 30)


@dataclass(frozen=True)
class Container:
    """A kind of file: where its `mark` is, its name for people, the usual ending, FFmpeg's name for it."""

    offset: int
    mark: bytes
    name: str
    ending: str
    demuxer: str


CONTAINERS = (
    Container(4, b"ftyp", "MP4 or M4A", "m4a", "mov"),
    Container(0, b"\x1aE\xdf\xa3", "WebM or Matroska", "webm", "matroska"),
    Container(0, b"0&\xb2u\x8ef\xcf\x11", "Windows Media", "wma", "asf"),
    Container(0, b"#!AMR", "AMR", "amr", "amr"),
    # ADTS: MPEG-4 and MPEG-2, each without and with a checksum in every frame.
    *(
        Container(0, mark, "AAC", "aac", "aac")
        for mark in (b"\xff\xf1", b"\xff\xf0", b"\xff\xf9", b"\xff\xf8")
    ),
)


def container(first_bytes: bytes) -> Container | None:
    """Entry of `CONTAINERS` that a file with these first bytes (at least 16) belongs to; None for any other file."""
    return next((kind for kind in CONTAINERS if first_bytes[kind.offset :].startswith(kind.mark)), None)


@contextlib.contextmanager
def converted(
    path: Path, container: Container, start: float = 0.0, end: float | None = None
) -> Iterator[Path]:
    """Give a 16-bit WAV file of a recording or a part of it, with its own rate and channels.

    Raises
    ------
    AudioError
        If there is no FFmpeg, or it can't decode the file.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise NoDecoderError(
            f"{container.name} can't be decoded without FFmpeg. Install it, or convert the file to WAV or FLAC, for "
            f"example: ffmpeg -i in.{container.ending} out.flac"
        )
    status = path.stat()
    key = (path, status.st_size, status.st_mtime_ns, start, end)
    with _conversions.use(
        key, lambda target: _convert(program, path, container, start, end, target), ".wav"
    ) as wav:
        yield wav


def _convert(
    program: str, path: Path, container: Container, start: float, end: float | None, target: Path
) -> None:
    part = [] if not start else ["-ss", f"{start:.6f}"]
    part += [] if end is None else ["-to", f"{end:.6f}"]
    # The kind of file is given and only files may be opened: a playlist must not make FFmpeg read something else.
    command = [program, "-nostdin", "-hide_banner", "-threads", "1", "-protocol_whitelist", "file"]
    command += ["-f", container.demuxer, *part, "-i", f"file:{path}", "-map", "0:a:0", "-c:a", "pcm_s16le"]
    command += ["-f", "wav", "-rf64", "auto", "-y", f"file:{target}"]
    ended = subprocess.run(command, capture_output=True, check=False)
    log = ended.stderr.decode(errors="replace")
    if ended.returncode:
        raise AudioError(f"{container.name} that FFmpeg can't decode: {_reason(log)}")
    length = _seconds(re.search(r"Duration: (\d+):(\d+):([\d.]+)", log))
    if length is None:
        return
    if start >= length > 0:
        raise AudioError(f"The clip starts at {start:g} s, but the recording has only {length:.1f} s")
    if end is not None and end - length > _MISSING_ALLOWED_S:
        raise AudioError(f"The clip ends at {end:g} s, but the recording has only {length:.1f} s")
    got, expected = _written(target), (length if end is None else min(end, length)) - start
    if expected - got > _MISSING_ALLOWED_S:
        raise AudioError(f"Breaks off after {start + got:.1f} of {length:.1f} s")


def _written(wav: Path) -> float:
    import soundfile

    header = soundfile.info(str(wav))
    return float(header.frames / header.samplerate)


def _seconds(match: re.Match[str] | None) -> float | None:
    return None if match is None else 3600 * int(match[1]) + 60 * int(match[2]) + float(match[3])


def _reason(log: str) -> str:
    """The line of FFmpeg's log that says most, without the address of its own object before it."""
    lines = [re.sub(r"^(\[[^\]]*\] ?)+", "", line).strip() for line in log.splitlines()]
    telling = [
        line
        for line in lines
        if re.search(r"not found|invalid|matches no streams|could not|error", line, re.I)
    ]
    return (telling or lines or ["no reason given"])[0][:150]
