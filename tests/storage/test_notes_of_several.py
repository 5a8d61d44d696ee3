"""A text that is added to the notes of several slices: below what is there, to all of them or to none."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.storage.verdicts import (
    LONGEST_LINE,
    LONGEST_NOTE,
    UNCHANGED,
    VERDICTS,
    Change,
    ConflictError,
    Judgement,
    LineLengthError,
    NoteLengthError,
    WantedChange,
    room_below,
    with_line,
)
from slicecore.storage.verdicts.store import Verdicts


def amend(verdicts, reviewer, slices, change, seen=None, source=""):
    changes = {
        slice_id: WantedChange(change, ["x"], seen, event=source and f"{source}:1 {slice_id}")
        for slice_id in slices
    }
    return verdicts.amend_several(changes, model="tiny", reviewer=reviewer)


def add(verdicts, reviewer, slices, text, **more):
    return amend(verdicts, reviewer, slices, Change(lines=(text,)), **more)


def notes(verdicts, reviewer="ann"):
    given = verdicts.workspace("tiny").opinions
    return {
        slice_id: each.note for slice_id, said in given.items() for each in said if each.reviewer == reviewer
    }


def test_a_text_comes_below_ones_own_note_and_leaves_everybody_elses(verdicts, reopened):
    amend(verdicts, "bob", "ab", Change("unsure", note="heard it, too"))
    amend(verdicts, "ann", "a", Change("real_issue", ("hum",), "50 Hz\nand 100"))
    add(verdicts, "ann", "abc", " the same fan ")
    again = reopened(verdicts)
    assert notes(again) == {"a": "50 Hz\nand 100\nthe same fan", "b": "the same fan", "c": "the same fan"}
    assert notes(again, "bob") == dict.fromkeys("ab", "heard it, too")
    mine = again.current("tiny")["a"]
    assert (mine.verdict, mine.tags) == ("real_issue", ("hum",))
    assert [len(again.history(slice_id, "tiny")) for slice_id in "abc"] == [3, 2, 1]


def test_what_a_note_has_already_is_not_added_again(verdicts):
    for source in ("tab", "tab", "another"):
        add(verdicts, "ann", "ab", "fan", source=source)
    assert notes(verdicts) == dict.fromkeys("ab", "fan")
    add(verdicts, "ann", "a", "fan of the hall")
    add(verdicts, "ann", "ab", "hall")  # a word of a line is no line
    assert notes(verdicts) == {"a": "fan\nfan of the hall\nhall", "b": "fan\nhall"}


def test_taken_back_together_each_note_is_as_it_was(verdicts):
    amend(verdicts, "ann", "a", Change(note="50 Hz"))
    done = add(verdicts, "ann", "ab", "fan")
    for slice_id, amendment in done.items():
        amend(verdicts, "ann", slice_id, Change(note=amendment.before.note))
    assert notes(verdicts) == {"a": "50 Hz"}


def test_where_one_was_judged_meanwhile_none_gets_the_text(verdicts):
    seen = amend(verdicts, "ann", "ab", Change(note="50 Hz"))["b"].since.number
    amend(verdicts, "bob", "b", Change(note="no hum"))
    with pytest.raises(ConflictError, match="Slice b was judged by bob"):
        add(verdicts, "ann", "abc", "fan", seen=seen)
    assert notes(verdicts) == dict.fromkeys("ab", "50 Hz") and notes(verdicts, "bob") == {"b": "no hum"}


def test_a_text_or_note_that_is_too_long_is_a_sentence_and_nothing_is_written(verdicts):
    amend(verdicts, "ann", "b", Change(note="n" * (LONGEST_NOTE - 4)))
    before = verdicts.newest()
    with pytest.raises(LineLengthError, match=r"at most 1,000 characters; this has 1,001\. Nothing was"):
        add(verdicts, "ann", "a", "t" * (LONGEST_LINE + 1))
    with pytest.raises(NoteLengthError, match=r"on slice b would have 10,001 .* at most 10,000\.") as error:
        add(verdicts, "ann", "abc", "hall")
    assert error.value.about("Hum").startswith("The note on Hum would have")
    assert verdicts.newest() == before
    add(verdicts, "ann", "abc", "fan")
    assert [len(note) for note in notes(verdicts).values()] == [3, LONGEST_NOTE, 3]
    add(verdicts, "ann", "abc", "fan")  # nothing is added to a note that is full


def test_of_several_notes_the_sentence_is_about_the_one_with_most_characters_too_many(verdicts):
    for slice_id, missing in zip("abc", (2, 1, 3), strict=True):
        amend(verdicts, "ann", slice_id, Change(note="n" * (LONGEST_NOTE - missing)))
    before = verdicts.newest()
    for slices in ("abc", "cba"):
        with pytest.raises(NoteLengthError, match=r"on slice b would have 10,003 characters") as error:
            add(verdicts, "ann", slices, "fan")
        assert error.value.slice_id == "b"
    assert verdicts.newest() == before


def test_two_who_add_to_the_same_notes_at_once_lose_nothing(verdicts, database):
    """One reviewer in two browsers, and a colleague, each with slices in another order."""
    for browser in ("b1", "b2"):
        verdicts.introduce("ann", browser, is_same=True)
    start = threading.Barrier(3, timeout=60)

    def write(reviewer, source, order):
        mine = Verdicts(verdicts.name, database)
        for number in range(10):
            start.wait()
            add(mine, reviewer, order, f"{source} {number}")

    threads = [
        threading.Thread(target=write, args=each)
        for each in (("ann", "b1", "abc"), ("ann", "b2", "cba"), ("bob", "b3", "bca"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = {source: [f"{source} {number}" for number in range(10)] for source in ("b1", "b2", "b3")}
    assert notes(verdicts, "bob") == dict.fromkeys("abc", "\n".join(texts["b3"]))
    anns = notes(verdicts)
    assert anns["a"] == anns["b"] == anns["c"]
    lines = anns["a"].split("\n")
    assert sorted(lines) == sorted([*texts["b1"], *texts["b2"]])
    assert [line for line in lines if line in texts["b1"]] == texts["b1"]


LINES = st.sampled_from(["fan", "hall", "fan\nhall", " far ", ""])
NOTES = st.sampled_from(["", "fan", "50 Hz\n", "50 Hz\nfan", " "])


@given(note=NOTES, text=LINES)
def test_a_note_keeps_every_word_and_has_the_text_on_lines_of_its_own(note, text):
    since = with_line(note, text)
    assert since.startswith(note) or not note.strip()
    assert set(text.strip().split("\n")) - {""} <= set(since.split("\n"))
    assert with_line(since, text) == since


@given(note=NOTES | st.integers(0, LONGEST_NOTE + 9).map(lambda length: "n" * length))
def test_a_text_that_has_room_below_a_note_leaves_it_short_enough(note):
    room = room_below(note)
    longest = max(LONGEST_NOTE, len(note))
    assert 0 <= room <= LONGEST_LINE and len(with_line(note, "x" * room)) <= longest
    assert room == LONGEST_LINE or len(with_line(note, "x" * (room + 1))) > LONGEST_NOTE


CHANGES = st.builds(
    Change,
    verdict=st.sampled_from([UNCHANGED, None, *VERDICTS]),
    tags=st.sampled_from([UNCHANGED, (), ("hum",)]),
    note=st.just(UNCHANGED) | NOTES,
    lines=st.lists(LINES, max_size=2).map(tuple),
)


@given(first=CHANGES, then=CHANGES, note=NOTES)
def test_two_changes_are_one(first, then, note):
    before = Judgement("a", "tiny", "unsure", ("far",), note, "ann", "", ("x",))
    assert first.then(then).apply(before) == then.apply(first.apply(before))
