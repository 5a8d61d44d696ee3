import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import RATES, buzz, noise, recording, seconds, tone

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.faults import dropouts
from slicecore.measurements.faults.dropouts import find_gaps, find_repeats, packet_length

PACKET = 0.02


def speech(rate, duration=3):
    """A voice with some breath, whose pitch moves."""
    time = seconds(duration, rate)
    phase = 2 * np.pi * np.cumsum(140 + 40 * np.sin(2 * np.pi * 0.7 * time)) / rate
    wave = sum(np.sin(k * phase + k) / k for k in range(1, 12)) * (0.8 + 0.2 * np.sin(2 * np.pi * 3 * time))
    return 0.1 * wave + noise(-50, duration, rate)[: len(wave)]


def lost(wave, rate, packets, repeated=False):
    """Packets of 20 ms that are silent, or the one before once more; as 16 bits."""
    size, damaged = round(PACKET * rate), wave.copy()
    for packet in packets:
        at = slice(packet * size, (packet + 1) * size)
        damaged[at] = wave[(packet - 1) * size : packet * size] if repeated else 0
    return np.round(damaged * 32767)[:, None] / 32768


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("repeated", [False, True])
def test_lost_packets_are_found_where_they_are(rate, repeated):
    packets = [10, 33, 50, 51, 97, 120]
    samples = lost(speech(rate), rate, packets, repeated)
    # Two in a row are one gap, but a copy of a copy is two repeats or one, as the wave has it.
    alone = [(n * PACKET, (n + 1) * PACKET) for n in packets if n not in (50, 51)]
    places = (find_repeats if repeated else find_gaps)(samples, rate)
    for start, end in alone:
        assert np.abs(places - [start, end]).max(axis=1).min() < 0.001
    sound = recording(samples[:, 0], rate=rate)
    values = dropouts.measure(sound, acoustics_of(sound))
    assert values["repeat_rate" if repeated else "gap_rate"] == pytest.approx(5.5 / 3, abs=0.2)
    assert values["gap_rate" if repeated else "repeat_rate"] == 0
    assert values["packet_length"] == 20


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(3, 140), unique=True), st.booleans(), st.integers(0, 10**6))
def test_every_gap_and_repeat_lies_where_a_packet_was_lost(packets, repeated, seed):
    rate = 16000
    samples = lost(speech(rate) + noise(-60, 3, rate, seed), rate, packets, repeated)
    gaps, repeats = find_gaps(samples, rate), find_repeats(samples, rate)
    assert len(repeats if not repeated else gaps) == 0
    damaged = np.zeros(len(samples), bool)
    for packet in packets:
        damaged[packet * 320 : (packet + 1) * 320] = True
    for start, end in np.concatenate([gaps, repeats]):
        assert damaged[round(start * rate) + 4 : round(end * rate) - 4].all()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "make",
    [
        lambda rate: buzz(100, duration=3, rate=rate, on=1),  # exactly periodic
        lambda rate: tone(400, duration=3, rate=rate),
        lambda rate: np.clip(20 * speech(rate), -0.99, 0.99),
        lambda rate: np.round(speech(rate) * 40) / 40,
        lambda rate: speech(rate) * (np.sin(2 * np.pi * 2 * seconds(3, rate)).clip(0) ** 2),
        np.zeros,
        lambda rate: np.zeros(1),
    ],
    ids=["buzz", "tone", "clipped", "few bits", "faded", "silence", "one sample"],
)
def test_tones_flat_tops_few_bits_and_pauses_are_no_dropouts(make, rate):
    samples = np.round(make(rate) * 32767)[:, None] / 32768
    assert len(find_gaps(samples, rate)) == 0
    assert len(find_repeats(samples, rate)) == 0


def test_the_channel_that_has_most_counts():
    whole, damaged = lost(speech(16000), 16000, []), lost(speech(16000), 16000, [20, 60, 90])
    assert len(find_gaps(np.hstack([whole, damaged]), 16000)) == 3


@pytest.mark.parametrize(
    ("starts", "length"),
    [
        ([0.1, 0.16, 0.3, 0.74], 20),
        ([0.12, 0.24, 0.6, 0.66], 60),
        ([0.1, 0.13, 0.31], np.nan),
        ([0.1, 0.113, 0.2, 0.307], np.nan),
    ],
)
def test_packet_length_is_that_of_the_grid(starts, length):
    assert packet_length(np.array(starts)) == pytest.approx(length, nan_ok=True)
