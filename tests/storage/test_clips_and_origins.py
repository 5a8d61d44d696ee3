"""Stores for carrying verdicts over: clips over time, origins, refusals, verdicts of other tables."""

import pytest

from slicecore.storage.home import WORKSPACES, home_folder
from slicecore.storage.verdicts import Change, Origin, Refusal
from slicecore.storage.verdicts.clip_log import ClipLog, LoggedClip
from slicecore.storage.verdicts.elsewhere import judged_elsewhere, other_workspaces
from slicecore.storage.verdicts.store import Verdicts

ORIGIN = Origin("v1-0a", "v1", "tiny", "old", 3, 0.94)


@pytest.fixture
def named_verdicts(database):
    return lambda name: Verdicts(name, database)


def test_a_judgement_says_where_it_came_from_also_after_later_ones(named_verdicts):
    verdicts = named_verdicts("v2-0b")
    verdicts.amend("s", Change("real_issue"), model="base", clip_ids=["x"], origin=ORIGIN)
    verdicts.amend("s", Change(note="hum"), model="base", clip_ids=["x"])
    assert [each.origin for each in verdicts.history("s", "base")] == [ORIGIN, ORIGIN]


def test_judgements_of_every_model_come_without_those_taken_back(named_verdicts):
    verdicts = named_verdicts("v2-0b")
    for model, verdict in (("tiny", "unsure"), ("base", "real_issue"), ("tiny", None)):
        verdicts.judge("s", model=model, clip_ids=["x"], verdict=verdict)
    assert [(each.model, each.verdict) for each in verdicts.workspace("tiny").every_model] == [
        ("base", "real_issue")
    ]


def test_a_refusal_counts_until_it_is_taken_back_and_shows_as_news(named_verdicts):
    verdicts = named_verdicts("v2-0b")
    refusal = Refusal("s", ("x", "y"), "base", ORIGIN.key)
    seen = [verdicts.newest()]
    verdicts.refuse(refusal, "Anna")
    seen.append(verdicts.newest())
    assert verdicts.workspace("base").refusals == (refusal,)
    assert verdicts.workspace("tiny").refusals == ()
    verdicts.refuse(refusal, "Anna", takes_back=True)
    seen.append(verdicts.newest())
    assert verdicts.workspace("base").refusals == ()
    assert sorted(set(seen)) == seen


def test_the_log_has_a_clip_once_unless_its_sound_is_another(tmp_path):
    log = ClipLog(tmp_path)
    assert list(log.entries()) == []
    log.note(["1", "2"], [b"", b"B"], 0, tmp_path / "v1.csv")
    log.note(["1", "2"], [b"A", b""], 4, tmp_path / "v1.csv")
    log.note(["2", "3"], [b"A", b"B"], 7, tmp_path / "v1.csv")
    assert list(log.entries()) == [
        LoggedClip("1", b"", 0),
        LoggedClip("2", b"B", 0),
        LoggedClip("1", b"A", 4),
        LoggedClip("2", b"A", 7),
        LoggedClip("3", b"B", 7),
    ]
    assert log.table() == tmp_path / "v1.csv"


def test_clips_that_are_noted_first_count_as_there_from_the_beginning(tmp_path):
    (clip,) = ClipLog(tmp_path).note(["1"], [b""], 9, tmp_path / "v1.csv")
    assert clip.since == 0


def test_other_workspaces_change_with_what_is_judged_there(named_verdicts):
    own, other = named_verdicts("v2-0b"), named_verdicts("v1-0a")
    before = other_workspaces(own.name)
    assert list(before) == [other.name]
    assert list(judged_elsewhere(before)) == []
    other.judge("a", model="tiny", clip_ids=["x"] * 999, verdict="unsure")
    assert other_workspaces(own.name) != before


def test_a_table_goes_by_the_name_that_the_page_has_for_it(named_verdicts, tmp_path):
    named_verdicts("table-0a").judge("a", model="tiny", clip_ids=["x"], verdict="unsure")
    ClipLog(home_folder(WORKSPACES) / "table-0a").note(["x"], [b"X"], 0, tmp_path / "calls" / "table.csv")
    (other,) = judged_elsewhere(["table-0a"])
    assert (other.table, list(other.log(None))) == ("calls", [LoggedClip("x", b"X", 0)])
    assert list(other.log(["y"])) == []
