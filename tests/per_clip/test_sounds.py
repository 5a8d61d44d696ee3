"""Hashes of the sound of clips, without reading a recording."""

import shutil
from pathlib import Path

import pytest
import soundfile
from tones import tone

from slicecore.audio.clip import Clip
from slicecore.measurements import measure
from slicecore.per_clip import sounds
from slicecore.per_clip.identity import sound_key
from slicecore.per_clip.sounds import known_sounds
from slicecore.table.dataset import read


@pytest.mark.parametrize("at_once", [1, sounds.AT_ONCE])
def test_a_sound_is_known_once_it_was_worked_on_and_goes_by_its_content(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(sounds, "AT_ONCE", at_once)
    for name, pitch in (("a", 440), ("b", 660)):
        soundfile.write(tmp_path / f"{name}.wav", tone(pitch), 16_000)
    (tmp_path / "table.csv").write_text("audio,sentence,prediction\na.wav,hi,hi\nb.wav,hi,ho\n")
    data, cache = read(tmp_path / "table.csv"), tmp_path / "cache"
    assert known_sounds(data.clips, cache) == [b"", b""]
    measure(data, cache=cache)
    first, second = known_sounds(data.clips, cache)
    assert first and second and first != second
    file = Path(data.clips[0].path)
    shutil.copy2(file, tmp_path / "copy.wav")
    parts = [Clip(file, 0.1, 0.5), Clip(file, 0.5), Clip(tmp_path / "gone.wav"), None]
    assert len({first, *known_sounds(parts[:2], cache)}) == 3
    assert known_sounds(parts[2:], cache) == [b"", b""]
    file.write_bytes(b"other")
    assert known_sounds(data.clips, cache) == [b"", second]


def test_a_recording_behind_a_url_goes_by_its_url_and_nobody_is_asked(tmp_path):
    urls = [Clip("https://example.invalid/a.wav"), Clip("https://example.invalid/b.wav"), None]
    first, second, none = known_sounds(urls, tmp_path)
    assert first and second and first != second and none == b""


def test_a_part_that_ends_beyond_any_recording_has_a_key():
    far, farther = (sound_key(b"0" * 16, Clip(Path("a.wav"), 1.0, end)) for end in (1e14, 1e300))
    assert far == farther != sound_key(b"0" * 16, Clip(Path("a.wav"), 1.0))
