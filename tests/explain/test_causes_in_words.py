"""Wording of causes: nothing that a listener would reject, and the number that is the evidence."""

import numpy as np
import pytest
from invented_clips import BANDS, GROUP, Clips, formants

from slicecore.explain.causes import find_causes
from slicecore.explain.effects import Effects
from slicecore.explain.sentences import sentence
from slicecore.measurements.clip_sound import TIMBRE_EDGES
from slicecore.wording import percent

NO_EFFECTS = Effects((), (), None)


def mixed(*problems, each=10, clean=0, n=400):
    """Clips of which the first have problems, as many with each, and the group of these and some clean ones."""
    clips = Clips(n)
    for part, problem in enumerate(problems):
        clips.change(np.arange(part * each, (part + 1) * each), **problem)
    return clips, np.arange(len(problems) * each + clean)


PROBLEMS = (
    {"hum": 22, "hum_level": -8},
    {"peak": -47, "loudness": -50},
    {"flat_top_share": 0.3},
    {"floor_tilt": 14, "floor_high": -3},
    {"wer": 2, "repeated_words": 18, "length_ratio": 3},
    {"wer": 0.3, "normalised_away": 1},
)
NAMES = ["hum", "quiet", "overdriven", "high_frequency_noise", "hallucination", "normalisation"]


def test_the_evidence_is_the_measurement_that_fired():
    clips = Clips().change(GROUP, loudness=-52)
    evidence = find_causes(clips.context(), GROUP)[0].evidence
    assert evidence.startswith("Loudness −52.0 LUFS vs. ")


def test_lost_packets_have_their_length():
    clips = Clips().change(GROUP, gap_rate=0, repeat_rate=3.1, packet_length=20)
    evidence = find_causes(clips.context(), GROUP)[0].evidence
    assert evidence.startswith(
        "Repeated pieces 3.1 per second vs. 0.0 per second in the rest, in packets of 20 ms"
    )
    clips.change(GROUP[5:], packet_length=np.nan)
    assert "packets" not in find_causes(clips.context(), GROUP)[0].evidence


def test_an_echo_has_its_delay_where_the_clips_have_one():
    clips = Clips().change(GROUP, echo=-8, echo_delay=230)
    assert ", 230 ms later; affects " in find_causes(clips.context(), GROUP)[0].evidence
    clips.table.loc[GROUP, "echo_delay"] = np.linspace(100, 400, len(GROUP))
    assert "later" not in find_causes(clips.context(), GROUP)[0].evidence


def test_of_few_bits_and_held_samples_the_evidence_is_what_is_there():
    few = Clips().change(GROUP, sample_bits=4.1, held_samples=0.3)
    assert find_causes(few.context(), GROUP)[0].evidence.startswith("Bits in use 4.1 bits vs. 13.7 bits")
    held = Clips().change(GROUP, held_samples=1)
    assert find_causes(held.context(), GROUP)[0].evidence.startswith("Held samples 100 % vs. 0 % in the rest")


def test_a_problem_of_half_a_group_is_described_on_that_half():
    clips, group = mixed(*PROBLEMS[:2])
    first, second = sorted(find_causes(clips.context(), group), key=lambda cause: cause.name)
    assert first.evidence.startswith("Hum 22.0 dB vs. ")
    assert second.evidence.startswith(("Peak −47.0 dBFS vs. ", "Loudness −50.0 LUFS vs. "))


@pytest.mark.parametrize("clean", [0, 20])
def test_a_group_of_many_problems_says_which(clean):
    clips, group = mixed(*PROBLEMS, clean=clean)
    causes = find_causes(clips.context(), group)
    assert sorted(cause.name for cause in causes) == sorted(NAMES)
    told = sentence(causes, NO_EFFECTS)
    assert told.startswith("Several problems among these clips: ")
    assert told.count(percent(10 / len(group))) == len(NAMES)


def test_two_problems_are_told_one_after_the_other():
    clips, group = mixed(*PROBLEMS[:2])
    told = sentence(find_causes(clips.context(), group), NO_EFFECTS)
    assert "Several problems" not in told
    assert told.startswith("Mains hum: ")
    assert ". Also very quiet: " in told


def test_a_cause_that_few_clips_of_a_group_share_with_the_rest_is_not_named():
    clips, group = mixed(*PROBLEMS[:1], clean=90)
    clips.change(np.arange(200, 212), **PROBLEMS[0])
    assert find_causes(clips.context(), group) == ()


@pytest.mark.parametrize("changed", [{"lead_silence": 4}, {"trail_silence": 6}, {"speech_share": 0.2}])
def test_clips_that_are_alike_for_another_reason_share_no_voice(changed):
    clips = Clips()
    for name in changed:
        clips.table[name] = clips.random.normal(
            0.5 if "silence" in name or "share" in name else -35, 0.1, 200
        )
    clips.vectors[GROUP] += 8 * np.eye(12)[0]
    assert clips.names(GROUP) == ["voice"]
    clips.change(GROUP, **changed)
    assert "voice" not in clips.names(GROUP)


def test_a_wrong_speed_is_not_told_by_its_sides():
    clips = Clips()
    bands = np.log(1.5) / np.log(TIMBRE_EDGES[1] / TIMBRE_EDGES[0])
    clips.timbre[GROUP] = formants(bands) + clips.random.normal(0, 2, (len(GROUP), BANDS))
    clips.table.loc[GROUP, ["character_rate", "predicted_rate", "pitch"]] *= 1.5
    clips.table.loc[GROUP[:9], "character_rate"] /= 1.4  # of some clips the rate of speech is not that clear
    assert clips.names(GROUP) == ["sampling_rate"]
