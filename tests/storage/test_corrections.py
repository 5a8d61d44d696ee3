"""Corrected references of a workspace: written, put back, and never over what somebody else has written unseen."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slicecore.storage.verdicts import CorrectionConflictError


def correct(verdicts, text, clip="c7", **more):
    return verdicts.correct(clip, text, original="good day", **more)


def test_a_correction_is_on_disk_at_once_with_the_original_and_who_made_it(verdicts, reopened):
    assert correct(verdicts, " good night ", reviewer="kb") is not None
    (correction,) = reopened(verdicts).corrections().values()
    assert (correction.clip_id, correction.original, correction.text, correction.reviewer) == (
        "c7",
        "good day",
        "good night",
        "kb",
    )
    assert correction.time.endswith("+00:00")


def test_the_original_is_put_back_by_none_and_by_its_own_text(verdicts):
    for text in (None, " good day"):
        correct(verdicts, "good night")
        done = correct(verdicts, text)
        assert (done.before.text, done.since.text) == ("good night", None)
        assert verdicts.corrections() == {}


def test_what_changes_nothing_is_not_written(verdicts):
    assert correct(verdicts, "good day") is None
    correct(verdicts, "good night", reviewer="kb")
    before = verdicts.newest()
    assert correct(verdicts, "good night", reviewer="ann", unless_newer_than=0) is None
    assert verdicts.newest() == before
    assert verdicts.corrections()["c7"].reviewer == "kb"


def test_a_reference_may_be_corrected_to_nothing(verdicts):
    correct(verdicts, "")
    assert verdicts.corrections()["c7"].text == ""


def test_another_correction_is_not_replaced_unseen(verdicts):
    mine = correct(verdicts, "good night", reviewer="kb").since.number
    other = correct(verdicts, "good morning", reviewer="ann", unless_newer_than=mine)
    with pytest.raises(CorrectionConflictError) as conflict:
        correct(verdicts, "good evening", reviewer="kb", unless_newer_than=mine)
    assert conflict.value.others == (other.since,)
    assert verdicts.corrections()["c7"].text == "good morning"
    assert correct(verdicts, "good evening", unless_newer_than=other.since.number) is not None
    assert correct(verdicts, "fine", clip="c8", unless_newer_than=mine) is not None  # of another clip


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])  # on each database
@given(texts=st.lists(st.sampled_from([None, "good day", "good night", "good morning"]), max_size=6))
def test_what_counts_is_the_last_text(new_verdicts, texts):
    verdicts = new_verdicts()
    for text in texts:
        correct(verdicts, text)
    last = texts[-1] if texts else None
    expected = {} if last in (None, "good day") else {"c7": last}
    assert {clip: each.text for clip, each in verdicts.corrections().items()} == expected
    assert verdicts.workspace("tiny").corrections == verdicts.corrections()
