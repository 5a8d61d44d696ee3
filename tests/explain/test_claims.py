"""Claims about causes and properties: the reason, no reason, or not to be told; figures in explanation_claims.py."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.explain.claim import APART, ERRORS, EVERYWHERE, REASON, UNTOLD
from slicecore.explain.claim_difference import difference_at_equal_length
from slicecore.measurements import CATALOGUE, Measurements

N, WORDS = 400, 12
GROUP, OTHERS = np.arange(30), np.arange(100, 140)


def explain(
    *,
    others_with=OTHERS,
    bad=(GROUP,),
    group=GROUP,
    metric=sc.metrics.wer,
    change=(),
    words=None,
    groups=None,
    seed=0,
):
    """Explanation of a group whose clips are all of telephone band, as are some others; `bad` ones lose half."""
    rng = np.random.default_rng(seed)
    count = np.full(N, WORDS) if words is None else words
    wrong = rng.binomial(count, 0.15)
    for rows in bad:
        wrong[rows] = rng.binomial(count[rows], 0.55)
    references = [" ".join(f"w{i}" for i in range(length)) for length in count]
    predictions = [
        " ".join("x" if i < missed else f"w{i}" for i in range(length))
        for length, missed in zip(count, wrong, strict=True)
    ]
    device = np.full(N, "laptop", object)
    device[GROUP] = device[others_with] = "phone"
    data = sc.from_table(
        pd.DataFrame({"sentence": references, "prediction": predictions, "device": device}), name="x"
    )
    table = pd.DataFrame(
        {"bandwidth": rng.normal(7500, 100, N), "top_void": 60.0, "file_rate": 16000.0, "words": count}
    ).reindex(columns=list(CATALOGUE))
    for rows in (GROUP, others_with):
        table.loc[rows, "bandwidth"] = rng.normal(3400, 50, len(rows))
    for rows, name, value in change:
        table.loc[rows, name] = value
    measured = Measurements(table.astype(float), np.full((N, 60), np.nan, np.float32), np.full(N, "", object))
    costs = metric(data.reference, data.prediction)
    return sc.Explainer(data, measured, costs, groups=groups).explain(group)


def test_what_makes_other_clips_worse_too_is_the_reason():
    why = explain(bad=(GROUP, OTHERS))
    (cause,) = why.causes
    assert cause.claim.kind == REASON
    assert cause.claim.others >= 20
    assert cause.claim.interval[0] > 0
    assert why.title == "Narrow band"
    assert "others with it as strongly are worse too (5" in why.sentence


def test_what_others_have_and_are_fine_sets_a_slice_apart():
    why = explain()
    (cause,) = why.causes
    assert cause.claim.kind == APART
    assert why.title == "Also narrow band"
    assert why.cause is None  # costs are not put down to it
    assert why.sentence.startswith("Also narrow band: bandwidth 3,")
    assert "; but the " in why.sentence
    assert why.metadata[0].claim.kind == APART


@pytest.mark.parametrize(
    ("others", "words", "unknown"),
    [
        (0, "no other clip has it as strongly", "so whether it is the reason stays open"),
        (1, "only 1 other clip has it", "too few to tell whether it is the reason"),
    ],
)
def test_what_nobody_else_has_keeps_its_name_and_makes_no_claim(others, words, unknown):
    # One has it as strongly as the slice for sure: the others' bandwidths are drawn alike.
    lowest = [(OTHERS[:others], "bandwidth", 3000.0)]
    why = explain(others_with=OTHERS[:others], change=lowest)
    (cause,) = why.causes
    assert cause.claim.kind == UNTOLD
    assert why.title == "Narrow band"
    assert why.cause is cause
    assert words in why.sentence
    assert unknown in why.sentence


def test_what_nearly_all_others_have_as_strongly_leaves_too_few_to_compare_with():
    others = np.setdiff1d(np.arange(N), GROUP)
    levels = [(others, -29.9), (others[:3], -40.0), (GROUP[:26], -10.0), (GROUP[26:], -30.0)]
    change = [(GROUP, "bandwidth", 7500.0), *((rows, "level", level) for rows, level in levels)]
    (effect,) = (
        each for each in explain(others_with=OTHERS[:0], change=change).effects if each.name == "level"
    )
    assert effect.claim.kind == UNTOLD
    assert effect.claim.text.startswith("nearly all other clips (367) are like that: too few are left")


def test_a_metric_of_which_more_is_better_is_told_the_right_way_round():
    def accuracy(reference, prediction):
        of = sc.metrics.wer(reference, prediction)
        return sc.Costs(of.denominator - of.numerator, of.denominator, higher_is_better=True, name="Accuracy")

    assert explain(bad=(GROUP, OTHERS), metric=accuracy).causes[0].claim.kind == REASON
    assert explain(metric=accuracy).causes[0].claim.kind == APART


def test_a_better_reason_comes_before_what_only_sets_the_slice_apart():
    rest = np.arange(200, 230)
    hum = [
        (rows, name, value) for rows in (GROUP, rest) for name, value in (("hum", 24.0), ("hum_level", -8.0))
    ]
    # Hum hides the narrow band of the same clips, so it is on half of them.
    half = [(rows[:20], name, value) for rows, name, value in hum]
    why = explain(others_with=OTHERS[:20], bad=(GROUP, rest[:20]), change=half)
    assert [cause.name for cause in why.causes] == ["hum", "narrow_band"]
    assert [cause.rank for cause in why.causes] == [0, 1]
    assert [cause.claim.kind for cause in why.causes] == [REASON, APART]
    assert why.title == "Mains hum"


def test_errors_of_a_kind_and_what_is_everywhere_are_not_compared():
    wrong = [
        (GROUP, name, value)
        for name, value in (("wer", 1), ("cer", 0.8), ("overlap", 0.1), ("predicted_rate", 12))
    ]
    assert (
        explain(others_with=OTHERS[:0], change=[*wrong, (GROUP, "bandwidth", 7500.0)]).causes[0].claim.kind
        == ERRORS
    )
    everywhere = explain(change=[(np.arange(N), "bandwidth", 3400.0)])
    assert everywhere.causes[0].claim.kind == EVERYWHERE
    assert everywhere.title == ""


def test_few_words_count_like_any_other_property():
    words = np.full(N, 14)
    words[30:200] = np.random.default_rng(1).integers(10, 20, 170)
    words[200:] = 18
    words[GROUP] = words[OTHERS] = 4
    for bad, kind in (((GROUP, OTHERS), REASON), ((GROUP,), APART)):
        why = explain(others_with=OTHERS[:0], bad=bad, words=words)
        claims = {effect.name: effect.claim for effect in why.effects}
        assert claims["words"].kind == kind


counts = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(0, 3)), min_size=1, max_size=20
)


@given(counts, counts)
def test_the_difference_turns_its_sign_with_its_sides(one, other):
    sides = [tuple(np.array(column) for column in zip(*rows, strict=True)) for rows in (one, other)]
    sides = [(errors.astype(float), words.astype(float), strata) for errors, words, strata in sides]
    there, back = difference_at_equal_length(*sides), difference_at_equal_length(*sides[::-1])
    if there is None:
        assert back is None
        assert not set(sides[0][2]) & set(sides[1][2])
        return
    assert there.value - there.without == pytest.approx(back.without - back.value)
    assert there.interval[0] <= there.value - there.without <= there.interval[1]
    doubled = [(2 * errors, words, strata) for errors, words, strata in sides]
    twice = difference_at_equal_length(*doubled)
    assert twice.interval == pytest.approx([2 * end for end in there.interval])


def test_errors_are_compared_among_clips_of_one_length():
    # Long clips are worse, and those with the property are long: at equal length there is no difference.
    words = np.repeat([5.0, 20.0], 50)
    rates = np.where(words > 10, 0.4, 0.1)
    with_it = np.r_[np.arange(5), np.arange(50, 95)]
    without = np.setdiff1d(np.arange(100), with_it)
    strata = (words > 10).astype(int)
    sides = [(rates[rows] * words[rows], words[rows], strata[rows]) for rows in (with_it, without)]
    assert difference_at_equal_length(*sides).interval == pytest.approx((0, 0))
    pooled = [(errors, words, np.zeros(len(words), int)) for errors, words, _ in sides]
    assert difference_at_equal_length(*pooled).value > difference_at_equal_length(*pooled).without + 0.1
