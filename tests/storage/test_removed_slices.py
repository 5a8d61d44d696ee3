"""Slices of one's own that are removed by somebody who has seen them as they were, in both databases."""

import pytest

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import Change, ChangedSliceError


@pytest.fixture
def seen(verdicts):
    """Numbers of what is newest after Ann has made a slice, and judged it for two models."""
    verdicts.keep("o1", clip_ids=["x", "y"], name="Scottish", reviewer="ann")
    verdicts.keep("o2", clip_ids=["z"], name="Seven", reviewer="ann")
    for model in ("tiny", "large"):
        verdicts.amend("o1", Change("real_issue"), model=model, clip_ids=["x", "y"], reviewer="ann")
    return verdicts.newest()


def remove(verdicts, seen):
    return verdicts.remove("o1", "ann", unless_newer_than=seen)


def test_one_that_is_as_it_was_seen_goes_with_its_judgements(verdicts, seen):
    verdicts.rename("o2", "Eight", "bob")  # another one
    verdicts.amend("o2", Change("unsure"), model="tiny", clip_ids=["z"], reviewer="bob")
    number = remove(verdicts, seen)
    assert list(verdicts.own_slices()) == ["o2"]
    assert [set(verdicts.current(model)) for model in ("tiny", "large")] == [{"o2"}, set()]
    assert number == verdicts.newest().judgement


@pytest.mark.parametrize("makes_anew", [True, False])
def test_one_that_was_renamed_or_made_anew_since_stays(verdicts, seen, makes_anew):
    if makes_anew:
        verdicts.remove("o1", "bob")
        verdicts.keep("o1", clip_ids=["x", "y"], name="Glasgow", reviewer="bob")
    else:
        verdicts.rename("o1", "Glasgow", "bob")
    with pytest.raises(ChangedSliceError, match="changed by bob") as error:
        remove(verdicts, seen)
    assert error.value.other == verdicts.own_slices()["o1"] and error.value.other.name == "Glasgow"
    remove(verdicts, verdicts.newest())
    assert list(verdicts.own_slices()) == ["o2"]


def test_one_that_was_judged_since_stays_with_all_that_is_said_of_it(verdicts, seen):
    bobs = verdicts.amend("o1", Change("unsure"), model="large", clip_ids=["x", "y"], reviewer="bob")
    with pytest.raises(ChangedSliceError, match="judged by bob") as error:
        remove(verdicts, seen)
    assert error.value.other == bobs.since
    assert {model: verdicts.current(model)["o1"].verdict for model in ("tiny", "large")} == {
        "tiny": "real_issue",
        "large": "unsure",
    }


def test_a_judgement_that_was_taken_back_since_holds_nothing_up(verdicts, seen):
    verdicts.amend("o1", Change("unsure"), model="tiny", clip_ids=["x", "y"], reviewer="bob")
    verdicts.amend("o1", Change(None), model="tiny", clip_ids=["x", "y"], reviewer="bob")
    remove(verdicts, seen)
    assert list(verdicts.own_slices()) == ["o2"] and verdicts.current("large") == {}


def test_one_that_was_never_judged_has_no_number_and_one_that_is_gone_is_reported(verdicts, seen):
    assert verdicts.remove("o2", "ann", unless_newer_than=seen) == 0
    with pytest.raises(VerdictError, match="no longer on the list"):
        verdicts.remove("o2", "ann", unless_newer_than=seen)
