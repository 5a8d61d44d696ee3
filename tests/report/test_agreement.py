"""Agreement of reviewers: coefficients against published and independent values, tables, sentence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from slicecore.report.agreement import (
    agreement,
    agreement_table,
    krippendorff_alpha,
    progress_sentence,
    verdicts_table,
)
from slicecore.storage.verdicts import Judgement

VERDICTS = ("real_issue", "false_positive", "reference_error", "unsure")


def opinions(table):
    """Judgements by slice of verdicts by reviewer; None: tags alone."""
    return {
        slice_id: tuple(
            Judgement(slice_id, "tiny", verdict, ("hum",), "", name, "noon", ("c",))
            for name, verdict in by_name.items()
        )
        for slice_id, by_name in table.items()
    }


def test_alpha_is_that_of_the_published_example():
    # Krippendorff 2011, example C: four observers, twelve units, missing values; alpha of nominal data is .743.
    observers = [
        "123321412...",
        "123322412 5.3".replace(" ", ""),
        ".3332342251.",
        "123324412 51.".replace(" ", ""),
    ]
    units = [[row[i] for row in observers if row[i] != "."] for i in range(12)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), min_size=1, max_size=12))
def test_two_reviewers_agree_by_kappa(pairs):
    table = {f"s{i}": {"Anna": first, "Bob": second} for i, (first, second) in enumerate(pairs)}
    found = agreement(opinions(table))
    assert (found.reviewers, found.slices) == (("Anna", "Bob"), len(pairs))
    assert found.same == sum(first == second for first, second in pairs)
    if len({verdict for pair in pairs for verdict in pair}) == 1:
        assert math.isnan(found.value) and "(" not in found.sentence
    else:
        assert found.value == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
        assert "Cohen's kappa" in found.sentence


@given(st.lists(st.lists(st.sampled_from(VERDICTS), max_size=4), max_size=8))
def test_alpha_is_one_for_full_agreement_and_less_else(units):
    alpha = krippendorff_alpha(units)
    shared = [unit for unit in units if len(unit) > 1]
    if len({value for unit in shared for value in unit}) < 2:
        assert math.isnan(alpha)
    else:
        assert (alpha == pytest.approx(1)) == all(len(set(unit)) == 1 for unit in shared)
        assert alpha <= 1 + 1e-12
        assert alpha == pytest.approx(krippendorff_alpha([unit[::-1] for unit in units[::-1]]))


def test_a_single_verdict_makes_no_agreement():
    assert agreement({}) is None
    assert agreement(opinions({"a": {"Anna": "unsure", "Bob": None}, "b": {"Bob": "unsure"}})) is None


def test_three_reviewers_have_a_row_for_every_two_and_one_for_all():
    said = opinions(
        {
            "a": {"Anna": "real_issue", "Bob": "real_issue", "Cy": "unsure"},
            "b": {"Anna": "unsure", "Bob": "unsure"},
            "c": {"Cy": "real_issue"},
        }
    )
    table = agreement_table(said)
    assert table[["reviewers", "slices", "same"]].to_numpy().tolist() == [
        ["Anna;Bob", 2, 2],
        ["Anna;Cy", 1, 0],
        ["Bob;Cy", 1, 0],
        ["Anna;Bob;Cy", 2, 1],
    ]
    assert table["value"].tolist()[0] == 1
    assert agreement(said).sentence.startswith("3 reviewers agree on 1 of 2 slices (Krippendorff's alpha ")


def test_every_verdict_is_a_row():
    said = opinions({"a": {"Anna": "unsure", "Bob": None}, "b": {"Anna": "unsure", "Bob": "real_issue"}})
    table = verdicts_table(said)
    assert table.columns.tolist() == ["slice_id", "reviewer", "verdict", "tags", "note", "time", "agreed"]
    assert table[["slice_id", "reviewer", "verdict", "agreed"]].to_numpy().tolist() == [
        ["a", "Anna", "unsure", ""],
        ["a", "Bob", "", ""],
        ["b", "Anna", "unsure", "false"],
        ["b", "Bob", "real_issue", "false"],
    ]
    assert verdicts_table({}).columns.tolist() == table.columns.tolist()


def test_progress_counts_verdicts_on_the_slices_that_are_to_be_judged():
    judged = opinions(
        {
            "a": {"Anna": "unsure", "Bob": "real_issue"},
            "b": {"Anna": "unsure", "Bob": None},
            "c": {"": None},
            "gone": {"Anna": "unsure"},
        }
    )
    assert progress_sentence(judged, ["a", "b", "c", "d"]) == "2 of 4 slices judged: Anna 2, Bob 1"
    assert progress_sentence(judged, ["c", "d"]) == ""
