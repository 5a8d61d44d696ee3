"""Long recordings, which are decoded in pieces: their measurements are such as one recording could have."""

import numpy as np
import pytest
import soundfile
from synthetic import buzz, comb, noise, tone

import slicecore as sc
from slicecore.measurements import measure
from slicecore.per_clip import preparation

SECONDS = 8


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Measures one wave as a whole, and in two pieces of `SECONDS`."""

    def both(wave):
        soundfile.write(tmp_path / "a.wav", wave, 16000, subtype="FLOAT")
        (tmp_path / "a.csv").write_text("audio,text,pred\na.wav,a b,a c\n")
        data = sc.read(tmp_path / "a.csv")
        whole = measure(data, cache=tmp_path / "whole").table.iloc[0]
        monkeypatch.setattr(preparation, "LONGEST_S", SECONDS)
        return whole, measure(data, cache=tmp_path / "pieces").table.iloc[0]

    return both


def voice(level=-20):
    return buzz(level=level, duration=SECONDS) + noise(level - 45, SECONDS)


def test_hum_has_a_frequency_of_the_mains(measured):
    wave = np.concatenate([voice() + comb(50, -25, SECONDS), voice() + comb(60, -35, SECONDS)])
    assert measured(wave)[1]["hum_frequency"] in (50, 60)


def test_levels_are_means_of_power(measured):
    whole, pieces = measured(np.concatenate([voice(-60), voice(-10)]))
    assert pieces["level"] == pytest.approx(whole["level"], abs=0.1)
    assert pieces["loudness"] == pytest.approx(whole["loudness"], abs=0.5)
    assert pieces["crest"] == pytest.approx(pieces["peak"] - pieces["level"], abs=1e-4)
    assert pieces["noise_floor"] == pytest.approx(whole["noise_floor"], abs=6)
    assert pieces["dynamics"] == pytest.approx(whole["dynamics"], abs=6)


def test_the_centre_of_the_spectrum_is_weighted_by_energy(measured):
    whole, pieces = measured(np.concatenate([tone(500, -10, SECONDS), tone(4000, -40, SECONDS)]))
    assert pieces["centroid"] == pytest.approx(whole["centroid"], rel=0.02)
    assert pieces["hum_level"] == pytest.approx(whole["hum_level"], abs=3)


def test_pieces_without_speech_count_as_silence(measured, spoken):
    silence = np.zeros(16000 * SECONDS) + 1e-6
    inner = np.resize(np.concatenate([spoken, np.zeros(8000)]), 16000 * SECONDS)
    whole, pieces = measured(np.concatenate([silence, inner]))
    assert pieces["lead_silence"] == pytest.approx(whole["lead_silence"], abs=0.1)
    assert pieces["lead_silence"] >= SECONDS
    whole, pieces = measured(np.concatenate([inner, silence]))
    assert pieces["trail_silence"] == pytest.approx(whole["trail_silence"], abs=0.1)
    assert pieces["speech_share"] == pytest.approx(pieces["speech_seconds"] / pieces["duration"])


def test_the_level_at_an_edge_is_against_the_loud_frames_of_the_whole(measured):
    whole, pieces = measured(np.concatenate([voice(-40), voice(-10)]))
    assert pieces["start_level"] == pytest.approx(whole["start_level"], abs=2)
    assert pieces["end_level"] == pytest.approx(whole["end_level"], abs=2)
