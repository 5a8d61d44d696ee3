"""Causes that lie in who speaks and how, on invented measurements."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_clips import BANDS, GROUP, Clips, formants

from slicecore.explain.causes import find_causes
from slicecore.explain.causes.speed import small_tract, tempo_alone
from slicecore.measurements.clip_sound import TIMBRE_EDGES


def higher(factor, rate=1.0):
    """Clips of which a group has formants and pitch moved by a factor, and the rate of speech by another."""
    clips = Clips()
    bands = np.log(factor) / np.log(TIMBRE_EDGES[1] / TIMBRE_EDGES[0])
    clips.timbre[GROUP] = formants(bands) + clips.random.normal(0, 2, (len(GROUP), BANDS))
    clips.table.loc[GROUP, "pitch"] *= factor
    clips.table.loc[GROUP, ["character_rate", "predicted_rate"]] *= rate
    return clips


def paced(factor):
    clips = Clips()
    rates = ["character_rate", "predicted_rate"]
    # Both rates are of the same speech.
    clips.table["predicted_rate"] = clips.table["character_rate"]
    clips.table.loc[GROUP, rates] *= factor
    return clips


@pytest.mark.parametrize("factor", [0.6, 0.75, 1.35, 1.6])
def test_fast_and_slow_speech_at_the_usual_pitch(factor):
    (cause,) = find_causes(paced(factor).context(), GROUP)
    assert cause.name == "tempo"
    rate = float(cause.evidence.removeprefix("Speaking rate ").split()[0])
    assert rate == pytest.approx(13.5 * factor, rel=0.2)


def test_a_rate_of_the_reference_alone_is_no_tempo():
    assert "tempo" not in Clips().change(GROUP, character_rate=7).names(GROUP)


def test_formants_and_pitch_of_a_child():
    (cause,) = find_causes(higher(1.35).context(), GROUP)
    assert cause.name == "small_vocal_tract"
    assert cause.evidence.startswith("Pitch 2") and ", formants 1.3" in cause.evidence


def test_a_voice_of_the_other_sex_is_no_child():
    clips = higher(1.14)
    clips.table.loc[GROUP, "pitch"] *= 1.4
    assert clips.names(GROUP) == []


def test_a_child_that_is_a_wrong_speed_is_called_that():
    assert higher(1.35, rate=1.35).names(GROUP) == ["sampling_rate"]


def test_half_whispered_clips_show_against_the_rest():
    clips = Clips()
    clips.table["voiced_share"] = clips.random.normal(0.95, 0.03, len(clips.table))
    assert clips.change(GROUP, voiced_share=0.58).names(GROUP) == ["voiceless"]
    assert clips.change(GROUP, voiced_share=0.75).names(GROUP) == []
    # Noise has no period either.
    assert clips.change(GROUP, voiced_share=0.2, dynamics=9).names(GROUP) == ["background_noise"]


LOGARITHMS = st.floats(-1, 1)


@given(LOGARITHMS, LOGARITHMS, LOGARITHMS)
def test_neither_is_more_than_what_it_is_made_of(shift, pitch, rate):
    arrays = [np.array([value]) for value in (shift, pitch, rate)]
    assert 0 <= small_tract(*arrays)[0] <= max(min(shift, pitch), 0)
    assert 0 <= tempo_alone(arrays[2], arrays[1], arrays[0])[0] <= min(abs(rate), abs(pitch))
    # What moves everything by one factor is a speed.
    assert small_tract(arrays[0], arrays[0], arrays[0])[0] == 0
    assert tempo_alone(arrays[0], arrays[0], arrays[0])[0] == 0


def test_wind_blows_in_the_pauses_as_well():
    rumble = {"rumble": -2, "rumble_level": -6, "gusts": 9}
    assert Clips().change(GROUP, **rumble, dynamics=19).names(GROUP) == ["wind"]
    assert Clips().change(GROUP, **rumble).names(GROUP) == []


def test_a_cause_that_shows_in_two_ways_is_named_once():
    assert Clips().change(GROUP, dynamics=18).names(GROUP) == ["background_noise"]
    silent = {"lead_silence": 1.6, "trail_silence": 1.4}
    clips = Clips().change(np.arange(200), lead_silence=0.1, trail_silence=0.1).change(GROUP, **silent)
    assert clips.names(GROUP) == ["long_silence"]


def test_a_single_gap_is_no_gate():
    assert Clips().change(GROUP, gate_rate=0.6, duration=4).names(GROUP) == ["noise_suppression"]
    assert Clips().change(GROUP, gate_rate=0.3, duration=3.3).names(GROUP) == []
