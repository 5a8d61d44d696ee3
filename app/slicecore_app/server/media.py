"""HTTP routes for the sound of a clip: the recording itself, its spectrogram, the numbers around both, and its marks.

A clip is named by data set token and row, and its file is looked up in the table that this process has open: no part
of a request becomes part of a path.
"""

from __future__ import annotations

import functools
import json
import math
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from slicecore.audio import decoding, spectrogram
from slicecore.audio.clip import Clip
from slicecore.audio.drawing import MelDrawing, PeakDrawing
from slicecore.audio.file_checks import check_file
from slicecore.errors import AudioError, NotFoundError
from slicecore.measurements import LoudnessMeter
from slicecore.per_clip.identity import stamp_of
from slicecore_app.server import registry
from slicecore_app.server.marks import marks_json
from slicecore_app.server.memo import Memo
from slicecore_app.server.sources import is_allowed

CACHING = {"Cache-Control": "private, max-age=600"}
WAVEFORM_POINTS = 1000
MOST_PICTURES = 400
MOST_RECORDINGS = 24

# Types of audio that current browsers play: by the first bytes where libsndfile can't read a file, else by its names.
_MARKS = (
    (4, b"ftyp", "audio/mp4"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
)
_PLAYABLE = {
    **{("WAV", encoding): "audio/wav" for encoding in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT")},
    **{("FLAC", encoding): "audio/flac" for encoding in ("PCM_S8", "PCM_16", "PCM_24")},
    **{("OGG", encoding): "audio/ogg" for encoding in ("VORBIS", "OPUS")},
    ("MP3", "MPEG_LAYER_III"): "audio/mpeg",
}
_BLOCK = 1 << 18


class ClipUrls(TypedDict):
    """Addresses of a clip's sound, of its picture and of the numbers behind that."""

    audio: str
    picture: str
    sound: str


def clip_urls(dataset: str, row: int) -> ClipUrls:
    """Addresses of a clip's sound, as the player takes them.

    Relative to the review page: the app may be served below any path.
    """
    base = f"api/clips/{dataset}/{row}"
    return ClipUrls(audio=f"{base}/audio", picture=f"{base}/picture.png", sound=f"{base}/sound.json")


def marks_url(name: str) -> str:
    """Address of the marks of clips, `{row}` in the place of the row, by the name of `OpenTable.open_causes`."""
    return f"api/marks/{name}/{{row}}"


async def audio(request: Request) -> Response:
    """The file as it is where browsers play it, else decoded: with `?as=wav`, a part of a file, a remote file.

    Answers Range requests.
    """
    return await _answer(
        request, functools.partial(_recording, as_wav=request.query_params.get("as") == "wav")
    )


async def picture(request: Request) -> Response:
    """The spectrogram of a clip."""
    return await _answer(request, lambda clip: Response(_drawn(clip).picture, 200, CACHING, "image/png"))


async def sound(request: Request) -> Response:
    """The numbers around the spectrogram of a clip."""
    return await _answer(
        request, lambda clip: Response(_drawn(clip).numbers, 200, CACHING, "application/json")
    )


async def marks(request: Request) -> Response:
    """Marks of the causes that a page has opened for a clip."""
    marked = registry.causes(request.path_params["name"], request.path_params["row"])
    clip, causes = marked or (None, ())
    return await _answer_of(
        clip, lambda clip: Response(marks_json(clip, causes), 200, CACHING, "application/json")
    )


async def _answer(request: Request, make: Callable[[Clip], Response]) -> Response:
    return await _answer_of(_clip_of(request), make)


async def _answer_of(clip: Clip | None, make: Callable[[Clip], Response]) -> Response:
    if clip is None or not is_allowed(clip.path):  # it may have become a link meanwhile
        return _refusal(404, "There is no such clip")
    try:
        return await run_in_threadpool(make, clip)
    except (FileNotFoundError, NotFoundError):
        return _refusal(404, "File not found")
    except (AudioError, OSError) as error:
        return _refusal(415, (isinstance(error, OSError) and error.strerror) or str(error))


def _clip_of(request: Request) -> Clip | None:
    data = registry.dataset(request.path_params["dataset"])
    row = request.path_params["row"]
    return data.clips[row] if data is not None and row < len(data.clips) else None


def _refusal(status: int, reason: str) -> Response:
    return JSONResponse({"reason": reason}, status, {"Cache-Control": "no-store"})


# ---------------------------------------------------------------------------------------------------------------
# Pictures and numbers
@dataclass(frozen=True)
class _Drawing:
    picture: bytes  # PNG, grey
    numbers: bytes  # JSON


def _draw(clip: Clip) -> _Drawing:
    """Decode once for both: the page asks for them at the same time. Block by block, since a clip may last hours."""
    rate = decoding.SAMPLING_RATE
    with decoding.opened(clip.path, clip.start, clip.end) as part:
        facts = part.info
        expected = math.ceil(facts.duration * rate)
        mel = MelDrawing(expected, rate, spectrogram.MEL_BANDS, spectrogram.MEL_WIDTH)
        peaks, level, length = PeakDrawing(expected, WAVEFORM_POINTS), LoudnessMeter(rate), 0
        for block in part.mono_blocks(rate):
            for drawing in (mel, peaks, level):
                drawing.add(block)
            length += len(block)
    if not length:
        raise AudioError("No samples")
    numbers = {
        "duration": length / rate,
        "sampling_rate": facts.sampling_rate,
        "channels": facts.channels,
        "peaks": peaks.peaks().astype(float).round(5).tolist(),
        "ticks": spectrogram.mel_axis(),
        "loudness": level.value(),
    }
    return _Drawing(spectrogram.png(mel.picture()), json.dumps(numbers, allow_nan=False).encode())


def _drawn(clip: Clip) -> _Drawing:
    return _drawings.get((clip, stamp_of(clip.path)), lambda: _draw(clip))


# A file that can't be decoded is the reason itself: the answer stays the same until the file changes.
_drawings: Memo[_Drawing] = Memo(MOST_PICTURES, lasting=(AudioError,))


# ---------------------------------------------------------------------------------------------------------------
# Recordings
def _recording(clip: Clip, *, as_wav: bool) -> Response:
    path, media_type = clip.path, None
    if isinstance(path, Path) and not clip.is_part and not as_wav:
        check_file(path)
        media_type = _media_type(path)
    if media_type is None:
        path, media_type = _decoded(clip), "audio/wav"
    return FileResponse(path, headers=CACHING, media_type=media_type)


def _media_type(path: Path) -> str | None:
    """Media type for the browser, by content; None if it has to be decoded for browsers."""
    with path.open("rb") as file:
        head = file.read(12)
    for offset, mark, media_type in _MARKS:
        if head[offset : offset + len(mark)] == mark:
            return media_type
    import soundfile

    try:
        header = soundfile.info(path)
    except soundfile.LibsndfileError:
        return None
    return _PLAYABLE.get((header.format.removesuffix("EX"), header.subtype))


def _decode(clip: Clip) -> Path:
    """Write the clip as a 16-bit WAV file, with its own rate and channels."""
    import soundfile

    with (
        decoding.readable(clip.path, clip.start, clip.end) as (file, start, end),
        tempfile.NamedTemporaryFile(dir=_folder(), suffix=".wav", delete=False) as target,
    ):
        try:
            with soundfile.SoundFile(file) as source:
                first, last = decoding.frames(source, start, end)
                source.seek(min(first, source.frames))
                rate, channels = source.samplerate, source.channels
                with soundfile.SoundFile(target, "w", rate, channels, "PCM_16", format="WAV") as wav:
                    for block in source.blocks(_BLOCK, frames=last - first, dtype="float32", always_2d=True):
                        wav.write(block)
        except soundfile.LibsndfileError as error:
            decoding.load(clip.path, start=clip.start, end=clip.end)  # says why
            raise AudioError("It can't be decoded") from error
    return Path(target.name)


_folder_lock = threading.Lock()
_folders: list[tempfile.TemporaryDirectory] = []


def _folder() -> Path:
    """Folder of the decoded recordings: one, which goes away with the process."""
    with _folder_lock:
        if not _folders:
            _folders.append(tempfile.TemporaryDirectory(prefix="slicecore-", ignore_cleanup_errors=True))
        return Path(_folders[0].name)


def _decoded(clip: Clip) -> Path:
    return _files.get((clip, stamp_of(clip.path)), lambda: _decode(clip))


_files: Memo[Path] = Memo(
    MOST_RECORDINGS, drop=lambda file: file.unlink(missing_ok=True), lasting=(AudioError,)
)
