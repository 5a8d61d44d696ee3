"""Judgement of a probe, by made costs and made predictions."""

import json

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import DefinitionError, TableError
from slicecore.metrics import Costs
from slicecore.recipes.probing.about import DAMAGE, REMEDY, About
from slicecore.recipes.probing.judging import CANT_BE_TOLD, CONFIRMED, NOT_CONFIRMED, judged

WORDS = 10


def about(kind=REMEDY):
    return About("Hum", "hum", "Mains hum", kind, "notch filter", "clips", "wer", "basic")


def drawn(rng, rate, n):
    return rng.binomial(WORDS, rate, n).astype(float)


def costs(errors):
    return Costs(errors, np.full(len(errors), float(WORDS)), name="WER", unit="words")


def sums(errors):
    return np.stack([errors, np.full(len(errors), float(WORDS))], axis=1)


def judgement(before, after, kind=REMEDY, n=20, seed=0, units=None, table=None, slice_rate=0.7, rest=0.1):
    """Judgement of clips with these error rates, unchanged and changed."""
    rng = np.random.default_rng(seed)
    first, second = (drawn(rng, rate, n) if np.isscalar(rate) else rate for rate in (before, after))
    return judged(
        about(kind),
        costs(first),
        costs(second),
        units or [str(i) for i in range(n)],
        sums(first if table is None else table),
        sums(drawn(rng, slice_rate, 30)),
        sums(drawn(rng, rest, 60)),
    )


def test_clips_that_are_mended_confirm_the_cause_with_the_share_of_the_drop():
    made = judgement(0.7, 0.4)
    assert made.verdict == CONFIRMED
    assert made.effect == pytest.approx(0.3, abs=0.1)
    assert made.effect_interval[0] > 0
    assert made.share == pytest.approx(0.5, abs=0.15)
    assert made.share_interval[0] < made.share < made.share_interval[1]
    assert made.sentence.startswith("Confirmed (mains hum): mended clips (notch filter) have WER ")
    assert " % of the drop of the slice (" in made.sentence


def test_clean_clips_that_become_as_bad_confirm_it_too():
    made = judgement(0.1, 0.7, DAMAGE)
    assert made.verdict == CONFIRMED
    assert made.share == pytest.approx(1, abs=0.2)
    assert "damaged clips" in made.sentence
    assert "all of the drop of the slice" in judgement(0.1, 0.9, DAMAGE).sentence


def test_no_change_or_a_change_for_the_worse_does_not_confirm_it():
    rng = np.random.default_rng(1)
    same = drawn(rng, 0.7, 40)
    assert judgement(same, same, n=40).verdict == NOT_CONFIRMED
    assert judgement(0.5, 0.9).verdict == NOT_CONFIRMED
    assert "the remedy does not take it away" in judgement(same, same, n=40).sentence
    clean = drawn(rng, 0.1, 40)
    assert "This alone" in judgement(clean, clean, DAMAGE, n=40).sentence


def test_a_small_part_of_the_drop_is_called_a_part():
    made = judgement(0.7, 0.6, n=200)
    assert made.verdict == CONFIRMED
    assert made.sentence.endswith("Most of the drop has another reason.")


def test_few_or_contradictory_clips_tell_nothing():
    assert judgement(0.7, 0.1, n=5).verdict == CANT_BE_TOLD
    before, after = np.array([9.0, 1, 9, 1, 9, 1, 9, 1]), np.array([1.0, 9, 1, 9, 1, 8, 1, 9])
    made = judgement(before, after, n=8)
    assert made.verdict == CANT_BE_TOLD
    assert made.sentence.endswith("More clips would tell.")


def test_shares_are_not_given_where_the_slice_is_no_worse_than_the_rest():
    made = judgement(0.1, 0.1, slice_rate=0.1, rest=0.1)
    assert np.isnan(made.share)
    assert "share" not in made.sentence
    assert made.verdict == CANT_BE_TOLD


def test_clips_of_few_speakers_count_as_clips_and_of_many_as_speakers():
    assert judgement(0.7, 0.2, units=["one"] * 20).change.units == 20
    assert judgement(0.7, 0.2, units=[f"s{i % 7}" for i in range(20)]).change.units == 7


def test_another_recogniser_is_noticed():
    rng = np.random.default_rng(0)
    made = judgement(0.3, 0.2, n=30, table=drawn(rng, 0.8, 30))
    assert "they are not of the same recogniser" in made.sentence
    assert judgement(0.3, 0.2, n=30).other_recogniser is None


@pytest.mark.parametrize(
    ("kind", "n", "grouped"), [(REMEDY, 7, False), (DAMAGE, 20, False), (REMEDY, 42, True)]
)
def test_without_an_effect_few_causes_are_confirmed(kind, n, grouped):
    rng = np.random.default_rng(n)
    confirmed = 0
    for seed in range(40):
        hard = rng.beta(1, 2, n)  # clips are unlike, and both versions of one alike
        units = None
        if grouped:  # both versions of all clips of a speaker are off together
            shift = rng.normal(0, 0.15, (7, 2))
            before, after = (
                rng.binomial(WORDS, np.clip(hard + shift[np.arange(n) % 7, side], 0, 1)) for side in (0, 1)
            )
            units = [f"s{i % 7}" for i in range(n)]
        else:
            before, after = rng.binomial(WORDS, hard), rng.binomial(WORDS, hard)
        made = judgement(before.astype(float), after.astype(float), kind, n, seed, units)
        confirmed += made.verdict == CONFIRMED
    assert confirmed / 40 <= 0.05


@pytest.fixture
def written(tmp_path):
    """The folder of a probe of eight clips, without the clips themselves."""
    folder = tmp_path / "probe"
    folder.mkdir()
    clips = [
        {"id": f"a/{i}", "reference": "one two three four", "unit": f"u{i}", "costs": [3, 4]}
        for i in range(8)
    ]
    record = {
        "slicecore_probe": 1,
        "about": vars(about()),
        "clips": clips,
        "slice": [[3, 4]] * 8,
        "rest": [[0, 4]] * 30,
    }
    (folder / "probe.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def predictions(mended="one two three four", unchanged="won two tree for", key="id"):
    rows = []
    for i in range(8):
        for version, text in (("unchanged", unchanged), ("mended", mended)):
            name = f"a/{i}:{version}" if key == "id" else f"elsewhere/{i + 1:04d}-{version}.wav"
            rows.append({key: name, "prediction": text})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("key", ["id", "audio"])
def test_predictions_are_found_by_id_or_by_audio_file(written, key):
    made = sc.load_probe(written).judge(predictions(key=key))
    assert made.verdict == CONFIRMED
    assert made.effect == pytest.approx(0.75)
    assert made.share == pytest.approx(1)


def test_an_empty_prediction_counts_and_a_missing_one_is_refused(written, tmp_path):
    probe = sc.load_probe(written)
    assert probe.judge(predictions(mended="")).change.after == 1
    path = tmp_path / "new.csv"
    predictions().iloc[:-1].to_csv(path, index=False)
    with pytest.raises(TableError, match=r"no prediction of 1 mended clips of .*, first a/7:mended"):
        probe.judge(path)
    with pytest.raises(TableError, match="no column of predictions"):
        probe.judge(predictions().rename(columns={"prediction": "nothing"}))


def test_a_folder_without_a_probe_is_refused(written, tmp_path):
    with pytest.raises(DefinitionError, match="Give the folder that slicecore probe wrote"):
        sc.load_probe(tmp_path / "nothing")
    for text in ("{", "[]", '{"slicecore_probe": 2}', '{"slicecore_probe": 1, "about": {}, "clips": []}'):
        (written / "probe.json").write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionError, match="Make the probe anew"):
            sc.load_probe(written)
