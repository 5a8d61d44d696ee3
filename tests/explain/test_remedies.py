"""Remedies of causes, each a sentence with the group's own number."""

import numpy as np
import pandas as pd
import pytest

from slicecore.explain.causes import CAUSES, Cause, build_context
from slicecore.explain.causes.remedies import SENTENCES, remedy
from slicecore.explain.explainer import Explanation
from slicecore.measurements import CATALOGUE, Measurements

GROUP = np.arange(10)
LATER = [  # causes that have a sentence whether or not there is a rule yet
    "reverberation", "echo", "dropouts", "compression", "noise_suppression", "coarse_digitisation",
    "channel_cancelled", "channel_lost", "level_changes", "limited", "long_silence", "more_said",
    "omitted_speech", "invented_in_silence", "recurring_phrase", "shifted_segment", "other_talker",
    "music", "wind", "dc_offset", "clicks", "small_vocal_tract", "voiceless", "tempo", "word_class",
    "length_limit", "code_switching",
]  # fmt: skip


def context(reference="the train to the coast leaves at half past nine", **group):
    """Forty clips; those of the group have these measurements, the others usual ones."""
    usual = {
        "file_rate": 16000,
        "loudness": -22,
        "character_rate": 14,
        "bandwidth": 7500,
        "hum_frequency": 50,
        "duration": 4,
    }
    table = pd.DataFrame({name: [usual.get(name, np.nan)] * 40 for name in CATALOGUE}, dtype=float)
    for name, value in group.items():
        table.loc[GROUP, name] = value
    timbre = np.full((40, 60), np.nan, np.float32)
    said = ["the train to the coast leaves at half past nine"] * 40
    return build_context(
        Measurements(table, timbre, np.full(40, "", object)),
        [reference if row in GROUP else said[row] for row in range(40)],
        said,
    )


@pytest.mark.parametrize("name", sorted({*CAUSES, *LATER}))
def test_every_cause_has_a_sentence_that_fits_on_a_line(name):
    text = SENTENCES[name]
    assert text[0].isupper()
    assert text.endswith(".")
    assert len(text) <= 110


@pytest.mark.parametrize(
    ("name", "group", "expected"),
    [
        ("hum", {"hum_frequency": 60}, "Notch out 60 Hz and its multiples"),
        ("quiet", {"loudness": -47}, "Raise by 25 dB;"),
        ("loud", {"loudness": -10}, "Lower by 12 dB,"),
        ("narrow_band", {"file_rate": 8000}, "Resample from 8 kHz "),
        ("narrow_band", {"bandwidth": 3420}, "above 3.4 kHz."),
        (
            "truncated",
            {"deleted_at_start": 0, "deleted_at_end": 0.3},
            "Cut the clips anew so that they end later",
        ),
        (
            "truncated",
            {"deleted_at_start": 0.3, "deleted_at_end": 0},
            "Cut the clips anew so that they begin earlier",
        ),
        (
            "long_silence",
            {"lead_silence": 4.02, "trail_silence": 0.2},
            "Trim the silence: 4.0 s before the speech and 0.2 s",
        ),
        ("tempo", {"character_rate": 21}, "Add speech that is 1.5 times faster"),
        ("echo", {"echo_delay": 182}, "comes back after 182 ms."),
        ("dropouts", {"packet_length": 20}, "packets of 20 ms are lost"),
        ("level_changes", {"level_range": 18}, "moves by 18 dB"),
        ("length_limit", {"duration": 29}, "each stays below 28 s"),
        ("length_limit", {"duration": 0.4}, "Join the clips with their neighbours"),
    ],
)
def test_a_sentence_has_the_number_of_the_group(name, group, expected):
    assert expected in remedy(context(**group), name, GROUP)


def test_a_number_that_is_not_known_is_left_out():
    assert remedy(context(hum_frequency=np.nan), "hum", GROUP) == SENTENCES["hum"]
    assert remedy(context(), "quiet", GROUP) == SENTENCES["quiet"]
    assert remedy(context(), "no_cause_of_this_name", GROUP) == ""


def test_a_wrong_rate_says_by_how_much_and_which_rate_it_may_be():
    slow = context(character_rate=14 * 16 / 22.05)
    slow.clips.loc[GROUP, "spectral_shift"] = np.log(16 / 22.05)
    slow.clips["spectral_shift"] = slow.clips["spectral_shift"].fillna(0)
    assert remedy(slow, "sampling_rate", GROUP) == (
        "Correct the sampling rate: they were probably played 1.4 times too slow, as if 22.05 kHz had been called "
        "16 kHz."
    )


def test_another_language_is_named():
    german = context("können Sie mir bitte sagen, wie spät es jetzt ist")
    assert remedy(german, "foreign_language", GROUP) == "Use a model for German, or leave these clips out."


def test_of_several_problems_the_remedy_of_one_is_not_given_for_all():
    parts = tuple(
        Cause(name, name, "", 0.3, 0, rank, remedy=SENTENCES[name])
        for rank, name in enumerate(("hum", "quiet", "overdriven"))
    )
    assert "one by one" in Explanation(parts, (), (), None, "", "rest", 0).remedy
    assert Explanation(parts[:1], (), (), None, "", "rest", 0).remedy == SENTENCES["hum"]
