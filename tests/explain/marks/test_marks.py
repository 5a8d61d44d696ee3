"""Marks of faults at places that are known, because they were put there."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import butter, istft, sosfiltfilt, stft
from synthetic import RATES, buzz, comb, noise, recording, tone

from slicecore.audio.clip import Clip
from slicecore.explain.causes.rules import CAUSES
from slicecore.explain.marks import FINDERS, Mark, marks, marks_of_clip, thinned

RATE = 16000
SENTENCE = Path(__file__).parents[3] / "sample_data" / "clips" / "0004.flac"


def marked(cause, *channels, rate=RATE):
    found = marks(recording(*channels, rate=rate), [cause])
    assert all(mark.cause == cause and mark.text for mark in found)
    return found


def test_only_causes_that_there_are_have_places():
    assert set(FINDERS) <= set(CAUSES)
    assert marks(recording(tone()), ["voice", "wrong_reference", "no such cause"]) == ()


@pytest.mark.parametrize("base", [50, 60])
def test_every_line_of_hum_is_marked_at_its_frequency(base):
    found = marked("hum", comb(base, level=-30, lines=5) + noise(-60))
    assert [mark.low for mark in found] == [mark.high for mark in found] == [base * k for k in range(1, 6)]
    assert found[0].text == f"{base} Hz"
    assert not marked("hum", noise(-30))


@pytest.mark.parametrize("rate", RATES)
def test_nothing_is_marked_above_the_end_of_the_band(rate):
    wave = noise(-20, rate=rate)
    closed = sosfiltfilt(butter(12, 3000, fs=rate, output="sos"), wave)
    (mark,) = marked("narrow_band", closed, rate=rate)
    assert mark.low == pytest.approx(3000, abs=700)
    assert mark.high == 8000
    open_ = marked("narrow_band", wave, rate=rate)
    assert [mark.low for mark in open_] == ([pytest.approx(4000, abs=100)] if rate == 8000 else [])


def test_hiss_is_marked_where_it_lies():
    (mark,) = marked("high_frequency_noise", buzz() + noise(-30, 4, band=(4000, 6500)))
    assert mark.low == pytest.approx(4000, abs=300)
    assert mark.high == pytest.approx(6500, abs=300)
    assert marked("high_frequency_noise", noise(-30))[0].high == 8000


@pytest.mark.parametrize("rate", RATES)
def test_clipped_stretches_are_marked_in_time_in_any_channel(rate):
    quiet = noise(-30, rate=rate)
    time = np.arange(len(quiet)) / rate
    loud = (time >= 1) & (time < 1.5)
    clipped = np.where(loud, np.clip(10 * tone(rate=rate), -0.5, 0.5), quiet)
    (mark,) = marked("overdriven", quiet, clipped, rate=rate)
    assert (mark.start, mark.end) == (pytest.approx(1, abs=0.01), pytest.approx(1.5, abs=0.01))
    assert not marked("overdriven", buzz(rate=rate), rate=rate)


def test_noise_is_marked_where_nobody_speaks_or_where_it_is_quietest():
    spoken, _ = soundfile.read(SENTENCE)
    loud = np.flatnonzero(np.abs(spoken) > 0.02 * np.abs(spoken).max())
    spoken = spoken[loud[0] : loud[-1] + 1]
    pause = np.zeros(RATE // 2)
    sound = np.concatenate([spoken, pause, spoken])
    found = marked("background_noise", sound + noise(-40, len(sound) / RATE)[: len(sound)])
    longest = max(found, key=lambda mark: mark.end - mark.start)
    start = len(spoken) / RATE
    assert longest.start < start + 0.3
    assert longest.end > start + 0.2
    assert longest.text == "noise \u221240 dBFS"
    (quietest,) = marked("background_noise", np.concatenate([noise(-20), noise(-35, 0.4), noise(-20)]))
    assert 3 <= quietest.start <= quietest.end <= 3.4
    assert quietest.text == "never below \u221235 dBFS"


@pytest.mark.parametrize("rate", RATES)
def test_gaps_and_repeated_pieces_are_marked_where_they_are(rate):
    wave = noise(-20, 2, rate)
    gap, copy = slice(round(0.5 * rate), round(0.52 * rate)), round(1.2 * rate)
    wave[gap] = 0
    piece = round(0.03 * rate)
    wave[copy : copy + piece] = wave[copy - piece : copy]
    found = [(mark.text, mark.start, mark.end) for mark in marked("dropouts", wave, rate=rate)]
    assert found == [
        ("gap 20 ms", pytest.approx(0.5, abs=0.001), pytest.approx(0.52, abs=0.001)),
        ("repeat 30 ms", pytest.approx(1.2, abs=0.001), pytest.approx(1.23, abs=0.001)),
    ]


@pytest.mark.parametrize(("cause", "text"), [("noise_suppression", "hole"), ("compression", "left out")])
def test_pieces_that_are_left_out_of_the_spectrum_are_marked_in_time_and_frequency(cause, text):
    wave = noise(-15)
    _, _, spectrum = stft(wave, RATE, nperseg=512)
    spectrum[92:111, 90:95] = 0  # 2.9 to 3.4 kHz from 1.44 s on
    _, holed = istft(spectrum, RATE, nperseg=512)
    found = marked(cause, holed)
    assert found
    for mark in found:
        assert mark.text == text
        assert 2900 <= mark.low < mark.high <= 3600
        assert 1.42 <= mark.start < mark.end <= 1.54
    assert not marked(cause, wave)


def test_pauses_that_are_cut_to_nothing_are_marked():
    wave = noise(-30)
    wave[RATE : RATE + 4800] = 0
    (mark,) = marked("noise_suppression", wave)
    assert mark.text == "cut to nothing 0.30 s"
    assert (mark.start, mark.end) == (pytest.approx(1, abs=0.01), pytest.approx(1.3, abs=0.01))


def test_every_click_is_marked():
    wave = noise(-40)
    places = [0.5, 1.1, 2.4]
    wave[[round(place * RATE) for place in places]] += 0.5
    found = marked("clicks", wave)
    assert [mark.start for mark in found] == [pytest.approx(place, abs=0.002) for place in places]
    assert all(mark.text == "click" and mark.end == mark.start for mark in found)


def test_stretches_at_full_scale_are_marked():
    wave = noise(-30)
    wave[RATE : 2 * RATE] = tone(level=-4, duration=1)
    wave[round(1.5 * RATE) : round(1.56 * RATE)] /= 20  # between two syllables
    (mark,) = marked("limited", wave)
    assert (mark.start, mark.end) == (pytest.approx(1, abs=0.02), pytest.approx(2, abs=0.02))


def test_a_tail_is_marked_after_the_sound_that_lingers():
    time = np.arange(RATE) / RATE
    burst = np.where(time < 0.4, 1, 10 ** (-3 * (time - 0.4) / 0.9)) * noise(-20, 1)  # 60 dB in 0.9 s
    (mark,) = marked("reverberation", np.concatenate([burst, np.zeros(RATE)]))
    assert mark.start == pytest.approx(0.4, abs=0.2)
    assert mark.end - mark.start == pytest.approx(0.3, abs=0.1)
    dry = np.where(time < 0.4, 1, 0) * noise(-20, 1) + noise(-70, 1)
    assert not marked("reverberation", dry)


def test_an_echo_is_marked_from_a_sound_to_where_it_comes_again():
    dry, delay = np.zeros(4 * RATE), RATE // 4
    for start in (0.5, 1.3, 2.9):
        at = round(start * RATE)
        dry[at : at + 2400] = noise(-20, 0.15, seed=at)
    found = marked("echo", dry + 0.5 * np.concatenate([np.zeros(delay), dry[:-delay]]))
    assert {mark.text for mark in found} == {"echo after 250 ms"}
    assert [mark.start for mark in found] == [pytest.approx(start, abs=0.06) for start in (0.5, 1.3, 2.9)]
    assert all(mark.end - mark.start == pytest.approx(0.25, abs=0.005) for mark in found)


def test_what_the_whole_recording_has_is_said_without_a_place():
    wave = buzz()
    silent = marked("channel_lost", wave, 0 * wave)
    cancelled = marked("channel_cancelled", wave, 0.05 * noise(-40, 4) - wave)
    few = marked("coarse_digitisation", np.round(8 * wave) / 8)
    held = marked("coarse_digitisation", np.repeat(noise(-20, 2, 8000), 2))
    assert [mark.text for mark in silent] == ["channel 2 is silent"]
    assert cancelled[0].text.endswith("dB when mixed")
    assert few[0].text.endswith("bits in use")
    assert held[0].text == "100 % of the steps held"
    assert all(
        mark.start is mark.end is mark.low is mark.high is None for mark in (*silent, *cancelled, *few, *held)
    )
    assert [mark.text for mark in marked("dc_offset", wave + 0.05)] == ["offset 5.00 % of full scale"]
    assert not marked("channel_lost", wave)
    assert not marked("coarse_digitisation", noise())


def test_held_tones_are_marked_in_time_at_their_frequency():
    wave = np.concatenate([noise(-20, 2.5), tone(500, level=-40, duration=1.5)])
    found = marked("music", wave)
    assert found
    for mark in found:
        assert mark.low == mark.high == pytest.approx(500, abs=32)
        assert 2.4 <= mark.start < mark.end <= 4
    assert sum(mark.end - mark.start for mark in found) == pytest.approx(1.5, abs=0.3)
    assert not marked("music", noise())


def test_gusts_of_wind_are_marked():
    wave = buzz() + noise(-60, 4)
    for start in (0.6, 2.2):
        gust = slice(round(start * RATE), round((start + 0.5) * RATE))
        wave[gust] += tone(47, level=-12, duration=0.5)
    first, second = marked("wind", wave)
    assert (first.start, first.end) == (pytest.approx(0.6, abs=0.06), pytest.approx(1.1, abs=0.06))
    assert (second.start, second.end) == (pytest.approx(2.2, abs=0.06), pytest.approx(2.7, abs=0.06))


def test_long_silence_is_marked_before_and_after_the_speech():
    spoken, _ = soundfile.read(SENTENCE)
    sound = np.concatenate([np.zeros(3 * RATE), spoken, np.zeros(2 * RATE)]) + noise(
        -75, 5 + len(spoken) / RATE
    )
    before, after = marked("long_silence", sound)
    assert (before.start, before.end) == (0, pytest.approx(3, abs=0.6))
    assert after.end == pytest.approx(len(sound) / RATE)
    assert after.end - after.start == pytest.approx(2, abs=0.6)
    assert before.text.startswith("silence 3.")
    assert not marked("long_silence", spoken)


def test_it_is_marked_where_nobody_speaks():
    spoken, _ = soundfile.read(SENTENCE)
    (mark,) = marked("invented_in_silence", noise(-40))
    assert (mark.text, mark.start, mark.end) == ("nobody speaks", 0, pytest.approx(3))
    sound = np.concatenate([spoken, np.zeros(2 * RATE), spoken])
    longest = max(marked("invented_in_silence", sound), key=lambda mark: mark.end - mark.start)
    assert longest.start <= len(spoken) / RATE + 0.3
    assert longest.end >= len(spoken) / RATE + 1.7


def test_where_speech_sags_is_marked_with_how_much():
    wave = buzz(duration=8, on=0.8)
    time = np.arange(len(wave)) / RATE
    (mark,) = marked("level_changes", np.where((time > 3) & (time < 5), 0.25 * wave, wave))
    assert (mark.start, mark.end) == (pytest.approx(3, abs=0.6), pytest.approx(5, abs=0.6))
    assert mark.text == "12 dB quieter"
    assert not marked("level_changes", wave)


def test_edges_are_marked_where_the_clip_begins_or_ends_in_a_sound():
    wave = np.concatenate([np.zeros(RATE), tone(level=-20, duration=1)]) + noise(-60, 2)
    (mark,) = marked("truncated", wave)
    assert (mark.start, mark.end) == (pytest.approx(1.97, abs=0.01), 2)
    assert marked("truncated", wave[::-1])[0].start == 0
    assert not marked("truncated", np.concatenate([wave, np.zeros(RATE)]))


def test_a_long_clip_is_marked_in_pieces_whose_marks_join(tmp_path):
    rate, seconds = 8000, 130
    wave = comb(50, -30, seconds, rate, lines=2) + noise(-40, seconds, rate)
    loud = slice(100 * rate, 101 * rate)
    wave[loud] = np.clip(20 * tone(200, duration=1, rate=rate), -0.5, 0.5)
    soundfile.write(tmp_path / "long.wav", wave, rate)
    found = marks_of_clip(Clip(tmp_path / "long.wav", 0.0, None), ["hum", "overdriven", "truncated"])
    hum = [mark for mark in found if mark.cause == "hum"]
    assert {mark.low for mark in hum} >= {50, 100}
    assert (hum[0].start, hum[0].end) == (0, pytest.approx(seconds))
    clipped = [mark for mark in found if mark.cause == "overdriven"]
    assert [(mark.start, mark.end) for mark in clipped] == [
        (pytest.approx(100, abs=0.01), pytest.approx(101, abs=0.01))
    ]
    # Pieces have edges of their own, which are none of the clip.
    assert {mark.text for mark in found if mark.cause == "truncated"} <= {
        "begins in mid-sound",
        "ends in mid-sound",
    }
    assert sum(mark.cause == "truncated" for mark in found) <= 2


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=80), st.integers(1, 60))
def test_as_many_marks_are_kept_as_there_is_room_for(starts, most):
    found = [Mark("gap", start, start) for start in starts]
    kept = thinned(found, most)
    assert len(kept) == min(most, len(found))
    rest = list(found)
    for mark in kept:
        rest.remove(mark)  # none twice
    whole = sum(start is None for start in starts)
    assert sum(mark.start is None for mark in kept) == min(whole, most)
