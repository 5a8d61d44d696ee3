"""Words that are taken back, in both databases: a reviewer without a word takes the place of nobody's."""

import pytest

from slicecore.storage.verdicts import AssignmentConflictError, Change, ConflictError, WantedChange


def amend(verdicts, reviewer, change, slices="a", seen=None):
    changes = {slice_id: WantedChange(change, ["x"], seen) for slice_id in slices}
    return verdicts.amend_several(changes, model="tiny", reviewer=reviewer)


def opinions(verdicts):
    given = verdicts.workspace("tiny").opinions
    return {slice_id: {each.reviewer: each.verdict for each in said} for slice_id, said in given.items()}


def test_ones_own_word_is_taken_back_whatever_others_have_said_since(verdicts):
    mine = amend(verdicts, "ann", Change("real_issue", ("hum",)), "ab")
    amend(verdicts, "bob", Change("unsure"), "b")
    seen = mine["b"].since.number
    amend(verdicts, "ann", Change(None, ()), "ab", seen)
    assert opinions(verdicts) == {"b": {"bob": "unsure"}}
    assert verdicts.current("tiny")["b"].reviewer == "bob"


def test_one_that_leaves_tags_or_an_earlier_word_would_count_and_is_told_of_newer_ones(verdicts):
    mine = amend(verdicts, "ann", Change("real_issue", ("hum",)))["a"].since
    bobs = amend(verdicts, "bob", Change("unsure"))["a"].since
    for change in (Change(None), Change("false_positive", ())):
        with pytest.raises(ConflictError) as conflict:
            amend(verdicts, "ann", change, seen=mine.number)
        assert conflict.value.others == (bobs,)
    assert opinions(verdicts) == {"a": {"ann": "real_issue", "bob": "unsure"}}


def test_ones_own_newer_word_is_never_taken_back_unseen(verdicts):
    first = amend(verdicts, "ann", Change("real_issue"))["a"].since
    second = amend(verdicts, "ann", Change("unsure"))["a"].since
    amend(verdicts, "bob", Change("unsure"))
    with pytest.raises(ConflictError) as conflict:
        amend(verdicts, "ann", Change(None), seen=first.number)
    assert conflict.value.others == (second,)
    amend(verdicts, "ann", Change(None), seen=second.number)
    assert opinions(verdicts) == {"a": {"bob": "unsure"}}


def test_a_word_that_stands_for_everybodys_is_told_of_newer_ones_though_it_is_empty(verdicts):
    mine = amend(verdicts, "ann", Change("real_issue"))["a"].since
    amend(verdicts, "bob", Change("unsure"))
    with pytest.raises(ConflictError):
        verdicts.judge(
            "a", model="tiny", clip_ids=["x"], verdict=None, reviewer="ann", unless_newer_than=mine.number
        )
    assert opinions(verdicts) == {"a": {"ann": "real_issue", "bob": "unsure"}}


def test_all_slices_that_somebody_assigned_meanwhile_are_named(verdicts):
    clips = dict.fromkeys("abc", ("x",))
    verdicts.assign(dict.fromkeys("abc", "zoe"), model="tiny", clips=clips, reviewer="ann")
    seen = verdicts.newest().assignment
    verdicts.assign({"a": "cleo", "c": ""}, model="tiny", clips=clips, reviewer="bob")
    with pytest.raises(AssignmentConflictError, match="assigned to cleo by bob meanwhile") as conflict:
        verdicts.assign(
            dict.fromkeys("abc", "ann"), model="tiny", clips=clips, reviewer="ann", unless_newer_than=seen
        )
    said = [(each.slice_id, each.assignee, each.reviewer) for each in conflict.value.others]
    assert said == [("a", "cleo", "bob"), ("c", "", "bob")]
    assert verdicts.workspace("tiny").assignees == {"a": "cleo", "b": "zoe"}
