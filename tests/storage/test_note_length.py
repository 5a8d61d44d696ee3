"""Length of notes in both databases: one that is too long is refused whole, and no text that is there is ever cut."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slicecore.storage.verdicts import LONGEST_NOTE, Change, NoteLengthError, WantedChange
from slicecore.storage.verdicts.backup import back_up, restore
from slicecore.storage.verdicts.store import Verdicts

FULL, LONG = "n" * LONGEST_NOTE, "n" * (LONGEST_NOTE + 500)


def note(verdicts, text, slice_id="a", reviewer="ann", **more):
    wanted = WantedChange(Change(note=text), ["x"], **more)
    return verdicts.amend_several({slice_id: wanted}, model="tiny", reviewer=reviewer)[slice_id]


def notes(verdicts, reviewer="ann"):
    given = verdicts.workspace("tiny").opinions
    return {
        slice_id: each.note for slice_id, said in given.items() for each in said if each.reviewer == reviewer
    }


@pytest.fixture
def with_long(verdicts):
    """Verdicts with a note of ann's on slice a that is longer than notes may be, as from before there was a limit."""
    note(verdicts, LONG, room=len(LONG))
    return verdicts


def test_a_note_of_one_slice_has_the_length_of_one_that_is_added_to(verdicts, reopened):
    note(verdicts, FULL)
    verdicts.amend("b", Change("unsure", ("hum",), "50 Hz"), model="tiny", clip_ids=["x"], reviewer="ann")
    before = verdicts.workspace("tiny")
    with pytest.raises(NoteLengthError, match=r"on slice b would have 10,001 .* at most 10,000\. Shorten it"):
        verdicts.amend(
            "b", Change("real_issue", ("far",), FULL + "n"), model="tiny", clip_ids=["x"], reviewer="ann"
        )
    with pytest.raises(NoteLengthError):
        verdicts.judge("c", model="tiny", clip_ids=["x"], verdict="unsure", note=FULL + "n")
    again = reopened(verdicts)
    assert again.workspace("tiny") == before and notes(again) == {"a": FULL, "b": "50 Hz"}


def test_characters_are_counted_and_not_bytes(verdicts):
    note(verdicts, "ü🎙" * (LONGEST_NOTE // 2))
    assert len(notes(verdicts)["a"]) == LONGEST_NOTE


def test_a_longer_one_that_is_there_can_change_and_become_shorter_but_not_longer(with_long):
    with pytest.raises(NoteLengthError):
        note(with_long, LONG + "n")
    with pytest.raises(NoteLengthError):
        note(with_long, LONG, reviewer="bob")  # his own has the room of all
    with_long.amend("a", Change("unsure"), model="tiny", clip_ids=["x"], reviewer="ann")
    assert notes(with_long) == {"a": LONG}
    note(with_long, "m" + LONG[1:])
    shorter = note(with_long, LONG[:-1])
    with pytest.raises(NoteLengthError):
        note(with_long, LONG)
    assert notes(with_long) == {"a": LONG[:-1]}
    note(with_long, shorter.before.note, room=len(shorter.before.note))  # taken back
    assert notes(with_long) == {"a": "m" + LONG[1:]}


def test_a_backup_and_what_comes_from_it_have_every_character(with_long, database, tmp_path):
    back_up(database, tmp_path / "reviews.zip")
    note(with_long, "")
    restore(tmp_path / "reviews.zip", database, replaces=True)
    assert notes(Verdicts(with_long.name, database)) == {"a": LONG}


TEXTS = st.integers(0, 600).map(lambda more: "n" * (LONGEST_NOTE - 300 + more))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=TEXTS, then=st.lists(TEXTS, max_size=4))
def test_each_note_is_written_whole_or_not_at_all(new_verdicts, first, then):
    verdicts = new_verdicts()
    note(verdicts, first, room=len(first))
    written = first
    for text in then:
        may = len(text) <= max(LONGEST_NOTE, len(written))
        try:
            note(verdicts, text)
        except NoteLengthError:
            assert not may
        else:
            assert may
            written = text
        assert notes(verdicts) == {"a": written}
