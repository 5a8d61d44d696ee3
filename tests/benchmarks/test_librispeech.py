"""Slices searched on half of the speakers: what is truly worse holds on the others."""

import numpy as np
import pandas as pd
import pytest
from slice_finding import librispeech, librispeech_tables

SPEAKERS, CLIPS = 12, 60


@pytest.fixture(scope="module")
def speech(tmp_path_factory):
    """Clips of 12 speakers; the slowest tenth of everybody's is three times as bad."""
    rng = np.random.default_rng(3)
    n = SPEAKERS * CLIPS
    table = pd.DataFrame({name: rng.normal(size=n).round(4) for name in librispeech.SEARCHED})
    slow = np.tile(np.arange(CLIPS) < CLIPS // 10, SPEAKERS)
    table.loc[slow, "speed_rate_word"] += 6
    references = [" ".join(f"w{i}" for i in range(12))] * n
    table.insert(0, "file", [f"{i}.flac" for i in range(n)])
    table.insert(1, "speaker_id", np.repeat(np.arange(SPEAKERS), CLIPS))
    table.insert(2, "gender", np.where(table["speaker_id"] % 2, "F", "M"))
    table.insert(3, "text", references)
    for model in librispeech.MODELS:
        wrong = rng.binomial(12, np.where(slow, 0.45, 0.15))
        table[model] = [" ".join("x" if i < count else f"w{i}" for i in range(12)) for count in wrong]
    path = tmp_path_factory.mktemp("speech") / "table.csv"
    table.to_csv(path, index=False)
    return librispeech.Speech.read(path)


@pytest.fixture(scope="module")
def found(speech):
    """Slices of a half of the speakers, among the others."""
    return librispeech.split(speech, 0)


def test_slices_are_looked_up_among_other_speakers(found):
    held_out = found.words > 0
    assert held_out.sum() == SPEAKERS // 2
    for kind in (librispeech.CLUSTERS, librispeech.METADATA):
        slices = found.slices["hubert_base", kind]
        assert slices
        for held in slices:
            assert not held.words[~held_out].any()
        worst = max(slices, key=lambda held: held.value)
        everyone = np.ones((1, SPEAKERS))
        drop = worst.value_held(everyone) - found.overall("hubert_base", everyone)
        assert worst.by_clips
        assert drop[0] >= librispeech_tables.HOLDS * worst.drop
    (described,) = found.slices["wav2vec2_base", librispeech.SEARCH]
    assert described.support >= 0.03 * SPEAKERS * CLIPS / 2
    assert described.drop > 0.1


def test_tables_have_a_row_per_model_and_kind(speech, found):
    text = librispeech_tables.tables(speech, [found])
    for model in librispeech.MODELS:
        assert f"| {model} | {librispeech.CLUSTERS} | all | " in text
        assert f"| {model} | {librispeech.METADATA} | confirmed, clips shuffled | " in text
    assert "100% (" in text


def test_slices_of_others_are_looked_up_like_ours(speech, found):
    (data,) = (each for each in librispeech.data_sets(speech, [4]) if "hubert_large" in each.name)
    worst = data.costs.numerator / data.costs.denominator
    answers = {"theirs": {data.name: [np.argsort(-worst)[: data.min_support]]}}
    others = librispeech.Rivals(built_in=("plain",), answers=answers)
    splits = [librispeech.split(speech, 4, others), found]
    (theirs,) = splits[0].slices["hubert_large", "theirs"]
    assert theirs.support == data.min_support
    assert theirs.value == pytest.approx(data.costs.value(np.argsort(-worst)[: data.min_support]))
    assert theirs.words[splits[0].words == 0].sum() == 0
    text = librispeech_tables.tables(speech, splits)
    assert "| plain rule, our tree | 1 | " in text
    assert f"| {librispeech.METADATA} | 2 | " in text
