"""Limits of the environment: what holds, and what is no limit."""

from pathlib import Path

import pytest
import soundfile

from slicecore import limits
from slicecore.audio import decoding
from slicecore.errors import AudioError, SlicecoreError
from slicecore_app import launch
from slicecore_app.server.registry import Registry
from slicecore_app.server.sources import Source


@pytest.mark.parametrize("limit", limits.ALL, ids=lambda limit: limit.variable)
def test_every_limit_is_documented_and_takes_its_example(limit, monkeypatch):
    page = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"| `{limit.variable}` |" in page
    assert limit.value() == limit.default
    monkeypatch.setenv(limit.variable, limit.unit.value)
    assert limit.value() == {"500MB": 5e8, "90": 90, "8": 8}[limit.unit.value]
    monkeypatch.setenv(limit.variable, "")
    assert limit.value() == limit.default


@pytest.mark.parametrize(
    "text",
    [
        "lots",
        "-1",
        "0",
        "nan",
        "inf",
        "1e400",
        "9" * 400,
        "1;2",
        "0x10",
        "5 apples",
        "²",
        "\N{ARABIC-INDIC DIGIT FIVE}MB",
    ],
)
@pytest.mark.parametrize("limit", limits.ALL, ids=lambda limit: limit.variable)
def test_what_is_no_limit_is_a_sentence_at_the_start(limit, text, monkeypatch):
    monkeypatch.setenv(limit.variable, text)
    with pytest.raises(SlicecoreError, match=f"^{limit.variable}=.* is no limit. Write it like"):
        limits.check()


def test_a_count_is_whole(monkeypatch):
    monkeypatch.setenv(limits.TABLES.variable, "2.5")
    with pytest.raises(SlicecoreError, match="no limit"):
        limits.check()


def test_sizes_are_read():
    sizes = ["2GB", "1.5 mb", "700", "3T", "10k"]
    assert [limits.bytes_of(size) for size in sizes] == [2 * 10**9, 1_500_000, 700, 3 * 10**12, 10_000]
    with pytest.raises(SlicecoreError, match="Invalid size “much”"):
        limits.bytes_of("much")


def test_a_recording_above_the_limit_is_not_opened(tmp_path, monkeypatch):
    soundfile.write(tmp_path / "long.wav", [0.1] * 16000, 16000)
    monkeypatch.setenv(limits.RECORDING.variable, "10kB")
    with pytest.raises(AudioError, match="Larger than 10 kB, the limit"):
        decoding.load(tmp_path / "long.wav")


def test_no_more_tables_than_the_environment_says_stay_in_memory(tmp_path, monkeypatch):
    monkeypatch.setenv(limits.TABLES.variable, "2")
    registry = Registry()
    for number in range(4):
        (tmp_path / f"{number}.csv").write_text("reference,prediction\na,b\n")
        registry.open(Source(str(tmp_path / f"{number}.csv")))
    assert len(registry) == 2


def test_the_upload_of_the_page_takes_the_limit(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda options, **_: given.extend(options))
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path))
    monkeypatch.setenv(launch.VIEW_VARIABLE, "{}")
    monkeypatch.setenv(limits.UPLOAD.variable, "50MB")
    launch.run()
    assert given[given.index("--server.maxUploadSize") + 1] == "48"
