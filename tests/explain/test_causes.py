"""Causes of groups of invented measurements; what real sound gives is in benchmarks/causes.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_clips import BANDS, GROUP, Clips, formants

from slicecore.errors import SlicecoreError
from slicecore.explain.causes import CAUSES, find_causes
from slicecore.measurements.clip_sound import TIMBRE_EDGES

SHOWN = {
    "hum": {"hum": 22, "hum_level": -8, "dynamics": 9, "loudness": -10},
    "quiet": {"peak": -47, "loudness": -60, "dynamics": 12},
    "loud": {"loudness": -9},
    "overdriven": {"flat_top_share": 0.3, "loudness": -6, "dynamics": 12},
    "high_frequency_noise": {"floor_tilt": 14, "floor_high": -3, "dynamics": 8},
    "sampling_rate": {"character_rate": 8, "pitch": 95, "bandwidth": 5000, "top_void": 60},
    "reverberation": {"reverberation": 0.8, "dynamics": 14},
    "channel_cancelled": {"channel_cancellation": 25, "loudness": -52},
    "channel_lost": {"channel_imbalance": 80},
    "coarse_digitisation": {"sample_bits": 4.1, "dynamics": 14, "flat_top_share": 0.03},
    "dropouts": {"gap_rate": 2.5, "click_rate": 3},
    "clicks": {"click_rate": 8, "dynamics": 16},
    "dc_offset": {"dc_offset": 0.05},
    "limited": {"full_scale_share": 0.8, "loudness": -9},
    "compression": {"empty_bands": 0.03, "spectral_holes": 0.01},
    "noise_suppression": {"spectral_holes": 0.03, "dynamics": 14},
    "long_silence": {"trail_silence": 5, "end_level": -60},
    "level_changes": {"level_range": 16},
    "echo": {"echo": -8, "dynamics": 14, "wer": 1, "cer": 0.8, "overlap": 0.05},
    "background_noise": {"dynamics": 11},
    "music": {"held_tones": 0.8, "dynamics": 14, "reverberation": 0.5},
    "wind": {"rumble": 0, "rumble_level": -4, "gusts": 8, "dynamics": 15},
    "voiceless": {"voiced_share": 0.2, "pitch": 90},
    "tempo": {"character_rate": 23, "predicted_rate": 22.5},
    "narrow_band": {"bandwidth": 3500, "top_void": 70},
    "hallucination": {"wer": 2, "repeated_words": 18, "length_ratio": 3},
    "wrong_reference": {"wer": 1, "substitutions": 0.95, "cer": 0.8, "overlap": 0.05},
    "truncated": {"wer": 0.25, "deleted_at_end": 0.25, "end_level": -5},
    "invented_in_silence": {
        "words": 0,
        "length_ratio": 4,
        "wer": 4,
        "speech_seconds": 0,
        "dynamics": 3,
        "peak": -60,
    },
    "recurring_phrase": {"wer": 1, "cer": 0.9, "overlap": 0, "recurring_words": 1},
    "shifted_segment": {"wer": 0.4, "missing_beside": 0.8, "deleted_at_start": 0.2},
    "more_said": {"wer": 0.6, "insertions": 0.55, "character_rate": 8, "predicted_rate": 13},
    "omitted_speech": {
        "wer": 0.5,
        "deletions": 0.5,
        "deleted_in_middle": 0.5,
        "character_rate": 13,
        "predicted_rate": 6,
    },
    "word_class": {"wer": 0.3, "number_errors": 0.9, "number_words": 0.2},
    "length_limit": {"duration": 29},
    "code_switching": {"wer": 0.5, "second_language": 0.4},
    "normalisation": {"wer": 0.3, "normalised_away": 1},
}


CLEAN = Clips().context()


@pytest.mark.parametrize("cause", SHOWN)
def test_a_cause_that_every_clip_shows_is_the_only_one_named(cause):
    clips = Clips().change(GROUP, **SHOWN[cause])
    (named,) = find_causes(clips.context(), GROUP)
    assert named.name == cause
    assert named.label == CAUSES[cause].label
    assert named.rank == 0
    assert named.share_inside > 0.9
    assert named.share_rest < 0.05
    here = "every clip" if named.share_inside == 1 else f"{100 * named.share_inside:.0f} % of the clips"
    assert f"; affects {here} here, " in named.evidence


def test_evidence_has_the_number_of_the_group_and_that_of_the_rest():
    clips = Clips().change(GROUP, peak=-47.3)
    evidence = find_causes(clips.context(), GROUP)[0].evidence
    rest = np.delete(np.arange(200), GROUP)
    usual = f"{np.median(clips.table['peak'][rest]):.1f}".replace("-", "−")
    assert evidence.startswith(f"Peak −47.3 dBFS vs. {usual} dBFS in the rest")


def test_a_cut_at_the_start_is_shown_by_what_is_missing_there():
    clips = Clips().change(GROUP, wer=0.2, deleted_at_start=0.2, start_level=-4)
    (cause,) = find_causes(clips.context(), GROUP)
    assert cause.name == "truncated"
    assert cause.evidence.startswith("Missing at the start 20 % vs. 0 % in the rest")


def test_another_language_is_named_with_both():
    clips = Clips()
    clips.reference[GROUP] = "können Sie mir bitte sagen, wie spät es jetzt ist"
    (cause,) = find_causes(clips.context(), GROUP)
    assert cause.name == "foreign_language"
    assert (
        "References are German; most predictions are English; affects every clip here, none elsewhere"
        in cause.evidence
    )


def test_clips_that_share_a_voice_and_nothing_else():
    clips = Clips()
    clips.vectors[GROUP] += 8 * np.eye(12)[0]
    (cause,) = find_causes(clips.context(), GROUP)
    assert cause.name == "voice"
    assert cause.evidence.endswith("and nothing else was found")
    clips.change(GROUP, **SHOWN["quiet"])
    assert clips.names(GROUP) == ["quiet"]


@pytest.mark.parametrize("factor", [0.8, 1.25, 1.5])
def test_small_changes_of_speed(factor):
    clips = Clips()
    bands = np.log(factor) / np.log(TIMBRE_EDGES[1] / TIMBRE_EDGES[0])
    clips.timbre[GROUP] = formants(bands) + clips.random.normal(0, 2, (len(GROUP), BANDS))
    clips.table.loc[GROUP, ["character_rate", "pitch"]] *= factor
    (cause,) = find_causes(clips.context(), GROUP)
    assert cause.name == "sampling_rate"
    if factor != 1.5:
        # No clip is as far off as to show it by itself: the group does, within a step of half a band.
        ratio = float(cause.evidence.split("formants ")[1].split()[0])
        assert ratio == pytest.approx(factor, rel=0.05)


@pytest.mark.parametrize("moved", ["rate", "formants", "pitch"])
def test_a_fast_speaker_a_small_mouth_or_a_high_voice_is_no_wrong_speed(moved):
    clips = Clips()
    if moved == "formants":
        clips.timbre[GROUP] = formants(3) + clips.random.normal(0, 2, (len(GROUP), BANDS))
    else:
        clips.table.loc[GROUP, "character_rate" if moved == "rate" else "pitch"] *= 1.25
    assert clips.names(GROUP) == []


@pytest.mark.parametrize(
    ("cause", "gradual"),
    [
        ("quiet", {"loudness": -38}),
        ("background_noise", {"dynamics": 19}),
        ("hum", {"hum": 14}),
        ("high_frequency_noise", {"floor_tilt": 5}),
        ("loud", {"loudness": -12.5}),
    ],
)
def test_what_no_clip_shows_by_itself_shows_against_the_rest(cause, gradual):
    clips = Clips().change(GROUP, **gradual)
    assert clips.names(GROUP) == [cause]
    assert not clips.context().shown[GROUP].any()


@pytest.mark.parametrize(
    ("first", "second"), [("hum", "quiet"), ("background_noise", "truncated"), ("quiet", "loud")]
)
def test_two_problems_in_one_group_are_both_named(first, second):
    clips = Clips().change(GROUP[:17], **SHOWN[first]).change(GROUP[17:], **SHOWN[second])
    assert clips.names(GROUP) == [first, second]


def test_a_gradual_problem_beside_one_that_clips_show():
    clips = Clips().change(GROUP[:17], dynamics=19).change(GROUP[17:], **SHOWN["hum"])
    assert clips.names(GROUP) == ["background_noise", "hum"]


def test_a_problem_of_the_whole_set_is_called_everywhere():
    clips = Clips().change(np.arange(200), **SHOWN["narrow_band"])
    (cause,) = find_causes(clips.context(), GROUP)
    assert cause.name == "narrow_band"
    assert cause.evidence.startswith("Everywhere")
    assert cause.everywhere
    (own,) = find_causes(Clips().change(GROUP, **SHOWN["narrow_band"]).context(), GROUP)
    assert not own.everywhere


def test_files_of_8_khz_are_narrow_beside_others_and_not_among_themselves():
    narrow = {"file_rate": 8000, "bandwidth": 3900, "top_void": 40}
    assert Clips().change(GROUP, **narrow).names(GROUP) == ["narrow_band"]
    assert Clips().change(np.arange(200), **narrow).names(GROUP) == []


@pytest.mark.parametrize("rate", [16000, 22050])
def test_nothing_that_a_recogniser_hears_is_missing_beside_files_of_44_khz(rate):
    clips = Clips().change(slice(None), file_rate=44100).change(GROUP, file_rate=rate)
    assert "narrow_band" not in clips.names(GROUP)


def test_deleted_words_at_the_end_of_a_complete_recording_are_no_cut():
    assert Clips().change(GROUP, wer=0.3, deleted_at_end=0.3).names(GROUP) == []
    noisy = {"wer": 0.3, "deleted_at_end": 0.3, "end_level": -12, "dynamics": 13}
    assert Clips().change(GROUP, **noisy).names(GROUP) == ["background_noise"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_random_groups_of_clean_clips_have_no_cause(seed, size):
    rows = np.random.default_rng(seed).choice(200, size, replace=False)
    assert find_causes(CLEAN, rows) == ()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_group_of_any_measurements_is_answered(data):
    n = data.draw(st.integers(1, 30))
    clips = Clips(n, data.draw(st.integers(0, 10**6)))
    clips.table = clips.table.mask(
        clips.random.random(clips.table.shape) < data.draw(st.sampled_from([0, 0.3, 1]))
    )
    clips.timbre[clips.random.random(n) < 0.3] = np.nan
    clips.vectors[clips.random.random(n) < 0.3] = np.nan
    mask = clips.random.random(n) < 0.5
    context = clips.context()
    causes = find_causes(context, mask)
    assert [cause.rank for cause in causes] == list(range(len(causes)))
    assert len({cause.name for cause in causes}) == len(causes)
    assert find_causes(context, np.flatnonzero(mask)) == causes


def test_a_mask_of_another_length_is_refused():
    with pytest.raises(SlicecoreError, match="mask is of 3 clips"):
        find_causes(CLEAN, np.zeros(3, bool))


def test_a_recurring_phrase_is_quoted():
    clips = Clips().change(GROUP, **SHOWN["recurring_phrase"])
    clips.reference[:] = [f"{row}a {row}b {row}c {row}d" for row in range(len(clips.reference))]
    clips.prediction[GROUP] = "Thanks for watching!"
    evidence = find_causes(clips.context(), GROUP)[0].evidence
    assert evidence.startswith(
        "Recurring phrases 100 % vs. 0 % in the rest, such as “thanks for watching”; affects"
    )


def test_words_left_out_where_a_recording_breaks_off_are_a_cut():
    left_out = {"wer": 0.5, "deletions": 0.5, "deleted_at_end": 0.5, "predicted_rate": 6}
    usual = {"character_rate": 13}
    assert Clips().change(GROUP, **left_out, **usual).names(GROUP) == ["omitted_speech"]
    assert Clips().change(GROUP, **left_out, **usual, end_level=-5).names(GROUP) == ["truncated"]
    (cause,) = find_causes(Clips().change(GROUP, **left_out, **usual).context(), GROUP)
    assert cause.evidence.startswith("Missing at the end 50 % vs. 0 % in the rest")


def test_a_clip_with_another_one_glued_on_is_not_cut_off():
    glued = {"wer": 0.7, "insertions": 0.6, "deletions": 0.1, "deleted_at_end": 0.1, "end_level": -4}
    clips = Clips().change(GROUP, **glued, character_rate=7, predicted_rate=13.5)
    assert clips.names(GROUP) == ["more_said"]


@pytest.mark.parametrize("damage", ["hum", "background_noise", "overdriven", "reverberation", "dropouts"])
def test_what_damage_may_bring_about_is_not_named_beside_it(damage):
    texts = SHOWN["wrong_reference"] | SHOWN["word_class"] | {"wer": 1, "deletions": 0.9, "predicted_rate": 8}
    assert Clips().change(GROUP, **texts, **SHOWN[damage]).names(GROUP) == [damage]


def test_a_reference_is_not_called_wrong_where_the_clip_sounds_unlike_all_others():
    strange = {"snr": 3, "dynamics": 45}
    clips = Clips().change(GROUP, **SHOWN["wrong_reference"])
    assert clips.names(GROUP) == ["wrong_reference"]
    assert "wrong_reference" not in clips.change(GROUP, **strange).names(GROUP)


def test_a_model_that_has_some_words_in_their_places_has_the_right_reference():
    badly = SHOWN["wrong_reference"] | {"substitutions": 0.7, "deletions": 0.05}
    assert Clips().change(GROUP, **badly).names(GROUP) == []
