import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt

from slicecore.measurements.acoustics import SCALARS, SIZE, describe, measure, standardise

RATE = 16000
RANDOM = np.random.default_rng(0)


def tone(frequency=1000.0, level=-20.0, seconds=3.0):
    """A sine whose RMS is `level` dBFS."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (np.sqrt(2) * 10 ** (level / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def noise(level=-40.0, seconds=3.0, seed=0):
    values = np.random.default_rng(seed).normal(0, 10 ** (level / 20), int(seconds * RATE))
    return values.astype(np.float32)


def voice(pitch=120.0, seconds=3.0, level=-20.0, pause=0.5):
    """Harmonics of a pitch, falling by 6 dB an octave, spoken half of each second."""
    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * pitch * k * time + k) / k for k in range(1, int(3500 / pitch)))
    wave = np.where(time % 1 < pause, wave, 0)
    return (wave * 10 ** (level / 20) / np.sqrt((wave**2).mean())).astype(np.float32)


def test_tone_of_known_level():
    values = measure(tone(level=-20))
    assert values["level"] == pytest.approx(-20, abs=0.05)
    assert values["peak"] == pytest.approx(-17, abs=0.05)
    assert values["crest"] == pytest.approx(3.01, abs=0.05)
    # A sine of 997 Hz at -3.01 dBFS RMS is -3.01 LUFS by the standard.
    assert values["loudness"] == pytest.approx(-20, abs=0.2)
    assert values["dynamics"] == pytest.approx(0, abs=0.2)
    assert values["centroid"] == pytest.approx(1000, abs=10)
    assert values["rolloff"] == pytest.approx(1000, abs=40)
    assert values["flatness"] < -40
    assert values["dropout_share"] == values["flat_top_share"] == 0
    assert values["hum"] < 6


def test_loudness_leaves_pauses_out():
    steady = measure(tone(level=-20))["loudness"]
    assert measure(np.concatenate([tone(level=-20), tone(level=-90)]))["loudness"] == pytest.approx(
        steady, abs=0.3
    )


def test_noise_floor_and_dynamics():
    values = measure(np.concatenate([tone(level=-20), noise(level=-50)]))
    assert values["noise_floor"] == pytest.approx(-50, abs=1)
    assert values["dynamics"] == pytest.approx(30, abs=1.5)


def test_white_noise_is_flat():
    values = measure(noise())
    assert values["flatness"] > -1
    assert values["centroid"] == pytest.approx(4000, abs=200)
    assert values["rolloff"] == pytest.approx(7600, abs=150)
    assert values["bandwidth"] > 7900
    assert values["high_band"] == pytest.approx(10 * np.log10(4000 / 3900), abs=0.5)
    assert abs(values["floor_tilt"]) < 1
    assert values["harmonicity"] < 0.5


def test_floor_tilt_sees_high_frequency_noise():
    high = sosfiltfilt(butter(8, 3000, "high", fs=RATE, output="sos"), noise(level=-30)).astype(np.float32)
    assert measure(voice() + high)["floor_tilt"] > 15
    low = sosfiltfilt(butter(8, 2000, "low", fs=RATE, output="sos"), noise(level=-30)).astype(np.float32)
    assert measure(voice() + low)["floor_tilt"] < -15


@pytest.mark.parametrize("limit", [3400, 5000])
def test_bandwidth(limit):
    spectrum = np.fft.rfft(noise(level=-20))
    spectrum[np.fft.rfftfreq(3 * RATE, 1 / RATE) > limit] = 0
    values = measure(np.fft.irfft(spectrum).astype(np.float32))
    assert values["bandwidth"] == pytest.approx(limit, rel=0.05)
    assert values["top_void"] > 50
    assert measure(noise(level=-20))["top_void"] < 3


def test_low_band():
    assert measure(tone(150) + tone(1000))["low_band"] == pytest.approx(0, abs=0.5)
    assert measure(tone(150, level=-30) + tone(1000))["low_band"] == pytest.approx(-10, abs=0.5)


@pytest.mark.parametrize("mains", [50, 60])
def test_hum(mains):
    lines = sum(tone(mains * k, level=-45) for k in (1, 2, 3))
    values = measure(voice() + lines + noise(level=-60))
    assert values["hum"] > 15
    assert values["hum_level"] == pytest.approx(-45 + 10 * np.log10(3) + 20, abs=3)
    assert measure(voice() + noise(level=-60))["hum"] < 10


@pytest.mark.parametrize("attenuation", [1.0, 0.05])
def test_flat_tops_are_found_at_any_level(attenuation):
    whole = voice()
    clipped = np.clip(4 * whole, -whole.max(), whole.max()) * np.float32(attenuation)
    assert measure(clipped)["flat_top_share"] > 0.03
    assert measure(whole * np.float32(attenuation))["flat_top_share"] < 0.003


def test_constant_part():
    assert measure(tone(level=-20) + np.float32(0.1))["dc_offset"] == pytest.approx(np.sqrt(0.5), abs=0.01)
    assert measure(tone(level=-20))["dc_offset"] < 0.001
    assert measure(tone(level=-20) + np.float32(0.1))["level"] == pytest.approx(-20, abs=0.1)


def test_dropouts():
    samples = noise(level=-30)
    samples[RATE : RATE + RATE // 2] = 0
    assert measure(samples)["dropout_share"] == pytest.approx(0.5 / 3, abs=0.02)


@pytest.mark.parametrize("pitch", [80, 120, 210, 330])
def test_pitch(pitch):
    values = measure(voice(pitch) + noise(level=-45))
    assert values["pitch"] == pytest.approx(pitch, rel=0.03)
    assert values["harmonicity"] > 0.9


def test_decay_is_slow_in_a_reverberant_room():
    pulses = noise(level=-20)
    pulses[np.arange(len(pulses)) % RATE > RATE // 5] = 0
    time = np.arange(RATE) / RATE

    def room(seconds):
        """Impulse response whose level falls by 60 dB in this time."""
        return np.random.default_rng(1).normal(size=RATE) * 10 ** (-3 * time / seconds)

    slow, fast = (
        measure(np.convolve(pulses, room(seconds))[: len(pulses)].astype(np.float32))["decay"]
        for seconds in (1.0, 0.3)
    )
    assert slow == pytest.approx(60, rel=0.4)
    assert fast > 2 * slow


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE),
        np.full(RATE, 0.3),
        np.zeros(1),
        np.ones(1),
        noise(seconds=0.02),
        np.sign(tone(level=0)),
        tone(level=-90),
        np.eye(1, RATE)[0],
    ],
    ids=["silence", "constant", "one zero", "one sample", "20 ms", "square", "quiet", "click"],
)
def test_odd_recordings_have_finite_descriptors(samples):
    samples = samples.astype(np.float32)
    descriptor = describe(samples)
    assert descriptor.shape == (SIZE,)
    assert descriptor.dtype == np.float32
    assert np.isfinite(descriptor).all()
    assert list(measure(samples)) == [scalar.name for scalar in SCALARS]


@given(st.integers(1, 4000), st.sampled_from([8000, 16000, 44100]), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_any_length_and_rate(length, rate, seed):
    assert np.isfinite(describe(np.random.default_rng(seed).normal(0, 0.1, length), rate)).all()


def test_shape_and_spread_do_not_depend_on_level_or_pauses():
    samples = voice() + noise(level=-50)
    whole = describe(samples)
    assert describe(samples * np.float32(0.25))[:192] == pytest.approx(whole[:192], abs=0.5)


def test_standardise_gives_every_block_the_same_weight():
    scaled = standardise(RANDOM.normal(3, RANDOM.uniform(0.1, 50, SIZE), (500, SIZE)))
    assert scaled.dtype == np.float32
    energy = (scaled.astype(float) ** 2).mean(axis=0)
    for block in np.split(energy, [64, 128, 192]):
        assert block.sum() == pytest.approx(1, abs=0.01)
    assert np.abs(scaled.mean(axis=0)).max() < 1e-3


def test_standardise_takes_constants_outliers_and_few_rows():
    values = RANDOM.normal(size=(2000, SIZE))
    values[:, 5] = 1e4
    values[0, 7] = 1e6
    scaled = standardise(values)
    assert (scaled[:, 5] == 0).all()
    assert np.abs(scaled).max() <= 6 / np.sqrt(23) + 1e-5
    assert standardise(values[:1]).tolist() == [[0.0] * SIZE]
    assert standardise(values[:0]).shape == (0, SIZE)


def test_defects_lie_apart_in_the_vectors():
    """Clips of a voice with one of five defects each, pitch, level and noise varied: every nearest neighbour agrees."""
    random = np.random.default_rng(3)
    telephone = butter(6, [300, 3400], "band", fs=RATE, output="sos")
    defects = {
        "none": lambda x: x,
        "hum": lambda x: x + sum(tone(50 * k, -35, 2) for k in (1, 2, 3, 4)),
        "clipped": lambda x: np.clip(x * 20, -0.3, 0.3),
        "quiet": lambda x: x * 0.01,
        "telephone": lambda x: sosfiltfilt(telephone, x),
    }
    descriptors, kinds = [], []
    for seed in range(60):
        kind = list(defects)[seed % len(defects)]
        speech = voice(random.uniform(90, 240), 2, random.uniform(-26, -18), random.uniform(0.4, 0.7))
        speech = speech + noise(random.uniform(-65, -55), 2, seed)
        descriptors.append(describe(np.asarray(defects[kind](speech), np.float32)))
        kinds.append(kind)
    vectors = standardise(np.array(descriptors)).astype(float)
    distances = ((vectors[:, None] - vectors[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    assert [kinds[i] for i in nearest] == kinds
