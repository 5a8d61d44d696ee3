"""Clips of before in the present table: by sound, then by id."""

import numpy as np

from slicecore.carry_over.clips_then import ClipsThen, PresentClips
from slicecore.storage.verdicts.clip_log import LoggedClip, LoggedClips


def then(present, log, same=True):
    """`present` is {id: sound} in the order of rows, `log` (id, sound, since)."""
    clips = PresentClips(list(present), [sound.encode() for sound in present.values()])
    entries = [LoggedClip(clip_id, sound.encode(), since) for clip_id, sound, since in log]
    return ClipsThen(clips, LoggedClips.of(entries), is_same_table=same)


def rows(clips, *ids, number=1):
    return clips.rows(ids, number).tolist()


def test_a_corrected_row_has_another_id_and_the_same_sound():
    assert rows(then({"new": "A", "y": "B"}, [("old", "A", 0), ("y", "B", 0)]), "old", "y") == [0, 1]


def test_a_row_that_is_gone_is_gone():
    assert rows(then({"y": "B"}, [("x", "A", 0), ("y", "B", 0)]), "x", "y") == [0]


def test_ids_that_number_the_rows_move_with_their_sound():
    before = [(str(i), sound, 0) for i, sound in enumerate("ABCD")]
    after = {"0": "new", "1": "A", "2": "C", "3": "D"}
    assert rows(then(after, before), "0", "1", "2") == [1, 2]


def test_a_replaced_recording_is_the_same_clip_in_its_table_and_another_elsewhere():
    assert rows(then({"x": "A2"}, [("x", "A", 0)]), "x") == [0]
    assert rows(then({"x": "A2"}, [("x", "A", 0)], same=False), "x") == []


def test_where_no_sound_is_known_ids_decide_but_numbers_say_nothing_about_another_table():
    assert rows(then({"x": "", "7": "A"}, [("x", "", 0), ("7", "", 0)]), "x", "7") == [0, 1]
    assert rows(then({"x": "", "7": "A"}, [("x", "", 0), ("7", "", 0)], same=False), "x", "7") == [0]


def test_an_id_that_was_made_of_a_row_is_no_number_though_it_has_no_letter():
    assert rows(then({"902441358716": ""}, [("902441358716", "", 0)], same=False), "902441358716") == [0]


def test_a_recording_in_several_rows_goes_by_their_ids():
    present = {"a": "S", "b": "S", "c": "S"}
    log = [("a", "S", 0), ("b", "S", 0), ("d", "S", 0)]
    assert rows(then(present, log), "a", "d") == [0]
    assert rows(then({"e": "S", "f": "S"}, log, same=False), "a", "b") == []


def test_a_judgement_goes_by_the_sound_that_its_id_had_then():
    log = [("1", "A", 0), ("1", "B", 5), ("2", "A", 5)]
    assert rows(then({"1": "B", "2": "A"}, log), "1", number=3) == [1]
    assert rows(then({"1": "B", "2": "A"}, log), "1", number=8) == [0]


def test_a_sound_that_was_known_later_counts_from_the_beginning():
    log = [("x", "", 0), ("x", "A", 4)]
    clips = then({"z": "A"}, log, same=False)
    assert rows(clips, "x", number=2) == [0]
    clips = then({"x": "A", "y": "B"}, [*log, ("y", "B", 4)])
    assert clips.known(2).tolist() == [True, False]
    assert clips.known(5) is None  # all of them


def test_without_a_log_all_clips_count_as_known():
    clips = then({"x": "A", "y": "B"}, [], same=False)
    assert clips.known(1) is None
    assert rows(clips, "y", "gone") == [1]


def test_no_row_comes_twice():
    log = [("a", "S", 0), ("b", "S", 0)]
    assert np.array_equal(then({"a": "S"}, log).rows(["a", "b"], 1), [0])


def test_judgements_between_two_looks_at_the_table_share_what_is_found_of_their_clips():
    log = [("1", "A", 0), ("1", "B", 5), ("2", "A", 5), ("3", "C", 9)]
    clips = then({"1": "B", "2": "A", "3": "C"}, log)
    assert clips.rows(["1"], 6) is clips.rows(["1"], 9)
    assert clips.known(6) is clips.known(9)
    assert clips.known(9).tolist() == [True, True, False]
    assert clips.rows(["1"], 5).tolist() == [1]
    assert clips.known(10) is None
