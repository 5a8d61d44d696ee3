import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly
from synthetic import RATES, buzz, comb, noise, recording, tone

from slicecore.measurements import CATALOGUE
from slicecore.measurements.clip_sound import measure_sound
from slicecore.measurements.sound_catalogue import SOUND


def measured(*channels, rate=16000):
    return measure_sound(recording(*channels, rate=rate))[0]


@pytest.mark.parametrize("rate", RATES)
def test_tone_of_1_khz_at_minus_20_dbfs(rate):
    values = measured(tone(1000, -20, rate=rate), rate=rate)
    assert values["duration"] == pytest.approx(3, abs=0.001)
    assert values["file_rate"] == rate
    assert values["level"] == pytest.approx(-20, abs=0.05)
    assert values["peak"] == pytest.approx(-16.99, abs=0.05)
    assert values["crest"] == pytest.approx(3.01, abs=0.05)
    # By the standard a sine of 997 Hz at -3.01 dBFS RMS has -3.01 LUFS.
    assert values["loudness"] == pytest.approx(-20, abs=0.2)
    assert values["centroid"] == pytest.approx(1000, abs=15)
    assert values["rolloff"] == pytest.approx(1000, abs=40)
    assert values["flatness"] < -40
    assert values["noise_floor"] == pytest.approx(-20, abs=0.3)
    assert values["dynamics"] == pytest.approx(0, abs=0.3)
    assert values["dc_offset"] < 1e-4
    assert values["flat_top_share"] < 0.01


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("base", [50, 60])
def test_hum_of_50_and_60_hz(rate, base):
    voice = buzz(137, -20, rate=rate) + noise(-60, 4, rate)
    with_hum = measured(voice + comb(base, -30, 4, rate), rate=rate)
    assert with_hum["hum_frequency"] == base
    assert with_hum["hum"] > 20
    # The voice speaks half of the time: 3 dB less than -20 over the whole clip.
    assert with_hum["hum_level"] == pytest.approx(-30 - (-23), abs=2)
    assert measured(voice, rate=rate)["hum"] < 12


@pytest.mark.parametrize("rate", RATES)
def test_noise_at_10_db_below_speech(rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    level = 10 * np.log10(np.mean(speech**2))
    values = measured(
        np.pad(speech, rate // 2)
        + noise(level - 10, len(speech) / rate + 1, rate)[: len(speech) + 2 * (rate // 2)],
        rate=rate,
    )
    assert values["snr"] == pytest.approx(10, abs=3)
    assert values["noise_floor"] == pytest.approx(level - 10, abs=1.5)
    assert (
        measured(np.pad(speech, rate // 2) + noise(level - 40, len(speech) / rate + 1, rate), rate=rate)[
            "snr"
        ]
        > 25
    )


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("gain", [1, 0.1])
def test_half_clipped_speech_also_after_attenuation(rate, gain, spoken):
    speech = resample_poly(spoken, rate, 16000)
    limit = np.median(np.abs(speech))
    clipped = measured(gain * np.clip(speech, -limit, limit), rate=rate)
    assert clipped["flat_top_share"] == pytest.approx(0.5, abs=0.12)
    assert measured(gain * speech, rate=rate)["flat_top_share"] < 0.005


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_speech_of_8_khz_upsampled_has_a_band_of_4_khz(rate, spoken):
    telephone = resample_poly(spoken, 1, 2)
    values = measured(resample_poly(telephone, rate, 8000), rate=rate)
    assert values["bandwidth"] == pytest.approx(4000, abs=400)
    assert values["top_void"] > 50


def test_a_file_of_8_khz_is_full_up_to_its_own_limit():
    values = measured(noise(-20, rate=8000), rate=8000)
    assert values["bandwidth"] == pytest.approx(4000, abs=100)
    assert values["top_void"] < 15
    assert values["flatness"] > -2
    assert np.isnan(values["high_band"])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("pitch", [80, 130, 240, 400])
def test_pitch(rate, pitch):
    values = measured(buzz(pitch, rate=rate) + noise(-60, 4, rate), rate=rate)
    assert values["pitch"] == pytest.approx(pitch, rel=0.03)
    assert values["pitch_range"] < 1
    assert values["harmonicity"] > 0.8


def test_pitch_range_of_a_glide():
    time = np.arange(48000) / 16000
    phase = 2 * np.pi * np.cumsum(100 * 2 ** (time / 3)) / 16000
    glide = sum(np.sin(k * phase) / k for k in range(1, 12))
    # Four fifths of an octave lie between the 10th and the 90th percentile.
    assert measured(0.1 * glide)["pitch_range"] == pytest.approx(0.8 * 12, abs=1)


def test_high_frequency_noise_and_level_of_the_hiss():
    hissing = measured(buzz() + noise(-30, 4, band=(3200, 7800)))
    assert hissing["floor_tilt"] > 20
    assert hissing["floor_high"] == pytest.approx(-30 + 23, abs=1.5)
    assert measured(buzz() + noise(-30, 4, band=(100, 2000)))["floor_tilt"] < -20


def test_treble_and_bass_of_white_noise():
    values = measured(noise(-20))
    assert values["high_band"] == pytest.approx(10 * np.log10(4000 / 3900), abs=0.5)
    assert values["low_band"] == pytest.approx(10 * np.log10(260 / 3720), abs=1)
    assert values["bandwidth"] > 7900
    assert values["centroid"] == pytest.approx(4000, abs=200)
    assert values["rolloff"] == pytest.approx(7600, abs=150)
    assert abs(values["floor_tilt"]) < 1.5
    assert values["flatness"] > -1


def test_tones_in_the_pauses_make_the_floor_less_flat():
    even, humming = (
        measured(buzz() + added)["floor_flatness"] for added in (noise(-45, 4), comb(180, -45, 4))
    )
    assert even > -1.5
    assert humming < -15


def test_a_constant_part_is_no_loud_edge():
    centred, moved = (measured(np.pad(buzz(on=1), 16000) + noise(-60, 6) + offset) for offset in (0, 0.05))
    for edge in ("start_level", "end_level"):
        assert moved[edge] == pytest.approx(centred[edge], abs=1)


def test_dc_offset_is_a_share_of_full_scale():
    assert measured(tone() + 0.05)["dc_offset"] == pytest.approx(0.05, abs=0.001)


def test_channels():
    left, right = tone(level=-20), tone(level=-26)
    values = measured(left, right)
    assert values["channel_imbalance"] == pytest.approx(6, abs=0.1)
    assert values["peak"] == pytest.approx(-17, abs=0.1)
    assert np.isnan(measured(left)["channel_imbalance"])


def test_speech_and_silence(spoken):
    values = measured(np.pad(spoken, (16000, 24000)) + noise(-75, len(spoken) / 16000 + 2.5))
    inner = measured(spoken + noise(-75, len(spoken) / 16000))
    assert values["lead_silence"] == pytest.approx(1 + inner["lead_silence"], abs=0.12)
    assert values["trail_silence"] == pytest.approx(1.5 + inner["trail_silence"], abs=0.12)
    assert values["speech_seconds"] == pytest.approx(inner["speech_seconds"], abs=0.25)
    assert values["speech_share"] == pytest.approx(values["speech_seconds"] / values["duration"])


def test_quiet_speech_is_heard_as_speech(spoken):
    assert measured(spoken * 0.002)["speech_share"] == pytest.approx(
        measured(spoken)["speech_share"], abs=0.08
    )


def test_a_cut_in_mid_word_shows_at_the_end(spoken):
    loudest = np.abs(spoken).argmax()
    cut = measured(spoken[:loudest])
    assert cut["end_level"] > -15
    assert measured(np.pad(spoken, 4000))["end_level"] < -40
    assert measured(spoken[loudest:])["start_level"] > -15


def test_without_the_speech_model_the_level_says_where_speech_is(spoken, monkeypatch):
    from slicecore.measurements import speech

    padded = np.pad(spoken, 16000) + noise(-75, len(spoken) / 16000 + 2)
    with_model = measured(padded)
    monkeypatch.setattr(speech, "_model_file", lambda: None)
    by_level = measured(padded)
    assert speech.detector() == "level"
    assert by_level["speech_seconds"] == pytest.approx(with_model["speech_seconds"], rel=0.25)
    assert by_level["lead_silence"] == pytest.approx(with_model["lead_silence"], abs=0.2)


def test_timbre_moves_up_by_half_an_octave_when_a_voice_does():
    low, high = (measure_sound(recording(noise(-20, band=(f, 1.3 * f))))[1] for f in (800, 800 * 2**0.5))
    # Bands are a factor of 1.0736 apart: half an octave is 4.88 of them.
    assert high.argmax() - low.argmax() == pytest.approx(4.88, abs=1.2)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 4000),
    st.sampled_from(RATES),
    st.sampled_from(["silence", "noise", "constant", "click", "full"]),
)
def test_everything_is_a_number_or_unknown(length, rate, kind):
    wave = {
        "silence": np.zeros(length),
        "noise": np.random.default_rng(length).normal(0, 0.1, length),
        "constant": np.full(length, 0.5),
        "click": np.eye(1, length, length // 2)[0],
        "full": np.where(np.arange(length) % 2, 1.0, -1.0),
    }[kind]
    values, timbre = measure_sound(recording(wave, wave, rate=rate))
    assert set(values) == {measurement.name for measurement in SOUND}
    assert not any(np.isinf(value) for value in values.values())
    assert timbre.shape == (60,)
    assert not np.isinf(timbre).any()


def test_every_measurement_says_what_it_is():
    assert all(measurement.label and measurement.description for measurement in CATALOGUE.values())
    assert CATALOGUE["peak"].show(-49.23) == "−49.2 dBFS"
    assert CATALOGUE["speech_share"].show(0.514) == "51 %"
    assert CATALOGUE["peak"].show(np.nan) == "unknown"
