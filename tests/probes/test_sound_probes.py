"""Damaged recordings: every format cut off and changed at many places is sound or a reason of its clip."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
from fuzz.invariant import check_sentence, in_time
from fuzz.sound import seeds

from slicecore.audio import decoding
from slicecore.errors import AudioError

FILES = {repr(seed[1:9])[2:-1] + f" {len(seed)}": seed[1:] for seed in seeds()}
VALUES = (0, 0x8000, 0x7FFFFFFF, 0xFFFFFFFF)


def survived(path, content):
    path.write_bytes(content)
    for start, end in ((0.0, None), (0.02, 0.05)):
        try:
            with in_time(5):
                samples = decoding.load(path, start=start, end=end)
        except AudioError as error:
            check_sentence(str(error))
        else:
            assert samples.dtype == np.float32 and np.isfinite(samples).all() and samples.ndim == 1


@pytest.mark.parametrize("name", FILES)
def test_cut_off_anywhere(tmp_path, name):
    content = FILES[name]
    for length in sorted(
        {0, 1, 4, 8, 11, 12, 16, 20, 36, 43, 44, 45, 64, len(content) // 2, len(content) - 1}
    ):
        survived(tmp_path / "a.wav", content[:length])


@pytest.mark.parametrize("name", FILES)
def test_a_number_of_the_head_is_another(tmp_path, name):
    content = FILES[name]
    for place in range(4, min(60, len(content)), 12):
        for value in VALUES:
            for order in "<>":
                number = struct.pack(f"{order}I", value)
                survived(tmp_path / "a.wav", content[:place] + number + content[place + 4 :])


WAV = next(content for content in FILES.values() if content.startswith(b"RIFF"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"RIFF",
        b"RIFF\xff\xff\xff\xffWAVE",
        WAV[:12] + WAV[36:],
        WAV[:36] + b"LIST\xff\xff\xff\x7f" + WAV[36:],
        WAV[:36] + b"data\0\0\0\0" + WAV[36:],
        WAV + WAV,
        WAV[:20] + b"\x55\0" + WAV[22:],
        WAV[:22] + b"\0\0" + WAV[24:],
        WAV[:22] + b"\xff\xff" + WAV[24:],
        WAV[:24] + b"\0\0\0\0" + WAV[28:],
        WAV[:24] + b"\xff\xff\xff\x7f" + WAV[28:],
        WAV[:24] + b"\1\0\0\0" + WAV[28:],
        WAV[:34] + b"\0\0" + WAV[36:],
        WAV[:34] + b"\xff\0" + WAV[36:],
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100),
        b"ID3\x04\0\0\0\0\0\x0a" + WAV,
        b"\xff\xfb\x90\0" * 100,
        b"fLaC" + b"\xff" * 100,
        b"fLaC\0\0\0\x22" + bytes(34) + bytes(100),
        b"OggS" + b"\xff" * 300,
        b"OggS\0\2" + bytes(20) + b"\1\x1e\1vorbis" + bytes(30),
        b".snd" + b"\xff" * 60,
        b"FORM\0\0\0\x04AIFF",
        b"caff\0\1\0\0" + bytes(60),
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"<?xml version='1.0'?><x/>",
        b"\x7fELF" + bytes(100),
        b"MZ" + bytes(200),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        bytes(100_000),
        b"\xff" * 100_000,
        bytes(range(256)) * 40,
    ],
    ids=lambda content: f"{content[:10]!r} {len(content)}",
)
@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a", "a.raw", "a.m4a", "a.ogg"])
def test_what_is_hardly_sound(tmp_path, name, content):
    survived(tmp_path / name, content)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, 1e10, 1e-45, 2.0, -0.0])
@pytest.mark.parametrize("channels", [1, 2, 7])
def test_samples_of_any_size(tmp_path, value, channels):
    out = io.BytesIO()
    samples = np.zeros((4000, channels), np.float32)
    samples[2000:] = value
    soundfile.write(out, samples, 8000, "FLOAT", format="WAV")
    survived(tmp_path / "a.wav", out.getvalue())


@pytest.mark.parametrize("rate", [1, 7, 8000, 44_100, 192_000, 1_000_000, 2**31 - 1])
def test_rates_of_any_size(tmp_path, rate):
    out = io.BytesIO()
    soundfile.write(out, np.zeros(50), 8000, format="WAV")
    content = out.getvalue()
    survived(tmp_path / "a.wav", content[:24] + struct.pack("<I", rate) + content[28:])


@pytest.mark.parametrize("start", [0.0, 0.05, 0.1, 1e-9, 1e9, 1e300])
@pytest.mark.parametrize("end", [None, 0.0, 0.05, 0.1, 1e-9, 1e9, 1e300])
def test_parts_of_any_size(tmp_path, start, end):
    (tmp_path / "a.wav").write_bytes(WAV)
    try:
        samples = decoding.load(tmp_path / "a.wav", start=start, end=end)
    except AudioError as error:
        check_sentence(str(error))
    else:
        assert np.isfinite(samples).all()
