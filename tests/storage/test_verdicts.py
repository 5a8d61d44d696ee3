import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from slicecore.errors import StorageError, VerdictError
from slicecore.storage.verdicts import (
    Change,
    ConflictError,
    MarkConflictError,
    name_of_comparison,
    schema,
)
from slicecore.storage.verdicts.store import Verdicts


def judge(verdicts, slice_id="a1", verdict="real_issue", model="tiny", **more):
    return verdicts.judge(slice_id, model=model, clip_ids=["x", "y"], verdict=verdict, **more)


def test_what_is_newest_grows_with_whatever_is_written(verdicts, reopened):
    seen = [verdicts.newest()]
    for write in (
        lambda: verdicts.judge("a", model="m", clip_ids=["1"], verdict="unsure"),
        lambda: verdicts.judge("a", model="m", clip_ids=["1"], verdict="unsure"),
        lambda: verdicts.keep("b", clip_ids=["1"], name="mine"),
        lambda: verdicts.rename("b", "ours"),
        lambda: verdicts.remove("b"),
        lambda: verdicts.mark_reference("1", True),
        lambda: verdicts.mark_reference("1", False),
        lambda: verdicts.correct("1", "so long", original="so"),
        lambda: verdicts.assign({"a": "Bob"}, model="m", clips={"a": ["1"]}),
    ):
        write()
        seen.append(reopened(verdicts).newest())
    assert sorted(set(seen)) == seen


def test_a_judgement_is_on_disk_at_once_and_found_by_a_new_process(verdicts, reopened):
    judge(verdicts, tags=["hum", " hum ", "mains"], note="50 Hz", reviewer="kb")
    judgement = reopened(verdicts).current("tiny")["a1"]
    assert (judgement.verdict, judgement.tags, judgement.note, judgement.reviewer) == (
        "real_issue",
        ("hum", "mains"),
        "50 Hz",
        "kb",
    )
    assert judgement.clip_ids == ("x", "y")
    assert judgement.time.endswith("+00:00")


def test_the_latest_judgement_counts_and_the_earlier_ones_stay(verdicts):
    judge(verdicts, verdict="unsure")
    judge(verdicts, verdict="false_positive")
    assert verdicts.current("tiny")["a1"].verdict == "false_positive"
    assert [judgement.verdict for judgement in verdicts.history("a1", "tiny")] == ["unsure", "false_positive"]


def test_a_verdict_taken_back_leaves_the_slice_unreviewed(verdicts):
    judge(verdicts)
    judge(verdicts, verdict=None)
    assert verdicts.current("tiny") == {}
    assert len(verdicts.history("a1", "tiny")) == 2


def test_two_models_are_judged_apart(verdicts):
    judge(verdicts, model="tiny", verdict="real_issue")
    judge(verdicts, model="base", verdict="false_positive")
    assert verdicts.current("tiny")["a1"].verdict == "real_issue"
    assert verdicts.current("base")["a1"].verdict == "false_positive"


def test_tags_come_most_used_first(verdicts):
    judge(verdicts, "a1", tags=["hum"])
    judge(verdicts, "a2", tags=["far", "hum"])
    assert verdicts.tags() == ["hum", "far"]


def test_an_unknown_verdict_is_refused(verdicts):
    with pytest.raises(VerdictError, match="maybe"):
        judge(verdicts, verdict="maybe")
    assert verdicts.current("tiny") == {}


def keep(verdicts, slice_id="o1", name="Scottish", **more):
    return verdicts.keep(slice_id, clip_ids=["x", "y"], name=name, **more)


def test_a_slice_of_ones_own_is_kept_renamed_and_removed(verdicts, reopened):
    keep(verdicts, reason="your selection: accent = scottish", reviewer="kb")
    keep(verdicts, "o2", "Seven")
    verdicts.rename("o1", "Glasgow")
    own_slices = reopened(verdicts).own_slices()
    assert [(own.slice_id, own.name) for own in own_slices.values()] == [("o1", "Glasgow"), ("o2", "Seven")]
    assert own_slices["o1"].reason == "your selection: accent = scottish"
    assert own_slices["o1"].clip_ids == ("x", "y")
    verdicts.remove("o1")
    assert list(verdicts.own_slices()) == ["o2"]
    for edit in (lambda: verdicts.rename("o1", "again"), lambda: verdicts.remove("o1")):
        with pytest.raises(VerdictError, match="no longer on the list"):
            edit()
    assert list(verdicts.own_slices()) == ["o2"]
    keep(verdicts, name="Back")
    assert [own.name for own in verdicts.own_slices().values()] == ["Back", "Seven"]


def test_removing_a_slice_of_ones_own_takes_back_its_verdicts(verdicts):
    keep(verdicts)
    judge(verdicts, "o1")
    judge(verdicts, "o1", model="large")
    verdicts.remove("o1")
    assert verdicts.current("tiny") == verdicts.current("large") == {}
    assert [judgement.verdict for judgement in verdicts.history("o1", "tiny")] == ["real_issue", None]


@pytest.mark.parametrize(("name", "clips"), [("  ", ["x"]), ("a", [])])
def test_a_slice_needs_a_name_and_clips(verdicts, name, clips):
    with pytest.raises(VerdictError, match="name"):
        verdicts.keep("o1", clip_ids=clips, name=name)


def test_a_verdict_on_a_difference_is_on_neither_model(verdicts):
    judge(verdicts, model="tiny")
    judge(verdicts, verdict="false_positive", model=name_of_comparison("tiny", "large"))
    assert verdicts.current("tiny")["a1"].verdict == "real_issue"
    assert verdicts.current(name_of_comparison("tiny", "large"))["a1"].verdict == "false_positive"
    assert not verdicts.current(name_of_comparison("large", "tiny"))
    assert not verdicts.current("large")


def test_a_wrong_reference_is_marked_on_disk_and_the_mark_taken_back(verdicts, reopened):
    assert verdicts.mark_reference("c7", True, "ann")
    verdicts.mark_reference("c2", True, "kb")
    marks = reopened(verdicts).marked_references()
    assert [(mark.clip_id, mark.reviewer) for mark in marks.values()] == [("c7", "ann"), ("c2", "kb")]
    assert marks["c7"].time.endswith("+00:00")
    assert verdicts.mark_reference("c7", False)
    assert list(verdicts.marked_references()) == ["c2"]
    verdicts.mark_reference("c7", True, "kb")
    assert list(verdicts.marked_references()) == ["c2", "c7"]


def test_a_mark_that_is_there_keeps_its_author(verdicts, reopened):
    verdicts.mark_reference("c7", True, "ann")
    assert not reopened(verdicts).mark_reference("c7", True, "kb")
    assert not verdicts.mark_reference("c8", False, "kb")
    assert [mark.reviewer for mark in verdicts.marked_references().values()] == ["ann"]


def test_marks_belong_to_clips_and_not_to_a_model_or_a_slice(verdicts):
    judge(verdicts, "c7")
    keep(verdicts, "c7")
    verdicts.mark_reference("c7", True)
    verdicts.remove("c7")
    assert list(verdicts.marked_references()) == ["c7"]


def amend(verdicts, change, slice_id="a1", **more):
    return verdicts.amend(slice_id, change, model="tiny", clip_ids=["x", "y"], **more)


def test_a_newer_judgement_is_not_replaced_unseen(verdicts):
    seen = judge(verdicts, verdict="unsure", reviewer="kb")
    newer = judge(verdicts, verdict="false_positive", reviewer="ann", tags=["far"])
    for write in (judge, lambda *_, **more: amend(verdicts, Change(note="hum"), **more)):
        with pytest.raises(ConflictError) as conflict:
            write(verdicts, unless_newer_than=seen.number)
        assert conflict.value.others == (newer,)
    assert verdicts.history("a1", "tiny") == [seen, newer]
    assert judge(verdicts, unless_newer_than=newer.number).number > newer.number
    # Judgements of other slices and models are no news.
    assert judge(verdicts, "a2", unless_newer_than=0).verdict == "real_issue"
    assert judge(verdicts, model="base", unless_newer_than=0).verdict == "real_issue"


def test_many_writers_replace_no_judgement_that_they_have_not_seen(verdicts, database):
    """Each writer reads the newest number, then writes: the look and the word are one step."""
    judge(verdicts)
    written, refused = [], []

    def write(i):
        mine = Verdicts(verdicts.name, database)
        for _ in range(10):
            newest = mine.current("tiny")["a1"].number
            try:
                written.append((newest, judge(mine, reviewer=str(i), unless_newer_than=newest).number))
            except ConflictError:
                refused.append(i)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) + len(refused) == 40
    assert all(number == newest + 1 for newest, number in written)  # nothing came between look and word


def test_a_change_leaves_the_rest_of_the_judgement(verdicts):
    judge(verdicts, tags=["hum"], note="50 Hz")
    done = amend(verdicts, Change(verdict="unsure"))
    assert (done.before.verdict, done.since.verdict) == ("real_issue", "unsure")
    assert (done.since.tags, done.since.note) == (("hum",), "50 Hz")
    amend(verdicts, Change(tags=("far",)))
    assert verdicts.current("tiny")["a1"].verdict == "unsure"
    assert amend(verdicts, Change(verdict="unsure")).since.verdict == "unsure"  # the same once more
    assert amend(verdicts, Change(verdict=None)).since.verdict is None
    assert verdicts.current("tiny")["a1"].tags == ("far",)


def test_an_event_is_written_once(verdicts, reopened):
    first = amend(verdicts, Change(verdict="unsure"), event="tab:7")
    again = amend(reopened(verdicts), Change(verdict="unsure"), event="tab:7")
    assert again == first
    assert [judgement.verdict for judgement in verdicts.history("a1", "tiny")] == ["unsure"]
    # A judgement of the same source is known to it, also where its answer was lost.
    amend(verdicts, Change(verdict=None), event="tab:8", unless_newer_than=0)
    with pytest.raises(ConflictError):
        amend(verdicts, Change(verdict="unsure"), event="other:1", unless_newer_than=0)
    assert verdicts.current("tiny") == {}


def test_a_slice_becomes_ones_own_in_the_same_step_as_its_verdict(verdicts):
    amend(verdicts, Change(verdict="unsure"), "o1", own=("Scottish", "accent = scottish"), reviewer="kb")
    (own,) = verdicts.own_slices().values()
    assert (own.name, own.reason, own.reviewer, own.clip_ids) == (
        "Scottish",
        "accent = scottish",
        "kb",
        ("x", "y"),
    )
    with pytest.raises(ConflictError):
        amend(verdicts, Change(verdict="unsure"), "o1", own=("Other", ""), unless_newer_than=0)
    assert verdicts.own_slices()["o1"].name == "Scottish"
    amend(
        verdicts, Change(verdict="real_issue"), "o1", own=("Other", "")
    )  # said before the slice had its name
    assert verdicts.own_slices()["o1"].name == "Scottish"


def test_a_mark_is_taken_back_unless_somebody_marked_the_clip_since(verdicts):
    verdicts.mark_reference("c7", True, "kb")
    mine = verdicts.newest()[2]
    verdicts.mark_reference("c7", False, "ann")
    verdicts.mark_reference("c7", True, "ann")
    with pytest.raises(
        MarkConflictError, match=r"c7 was marked as wrong by ann at .* Nothing was"
    ) as conflict:
        verdicts.mark("c7", False, unless_newer_than=mine)
    (other,) = conflict.value.others
    assert verdicts.marked_references() == {"c7": other}
    assert (other.reviewer, other.wrong, other.number) == ("ann", True, verdicts.newest()[2])
    assert verdicts.mark("c7", False, unless_newer_than=verdicts.newest()[2])
    assert verdicts.marked_references() == {}


def test_a_mark_taken_back_by_somebody_since_is_not_made_again(verdicts):
    verdicts.mark_reference("c7", True, "ann")
    mine = verdicts.mark("c7", False, "kb")
    verdicts.mark_reference("c7", True, "ann")
    verdicts.introduce("Anna", "b1")
    verdicts.mark_reference("c7", False, "Anna 2")
    verdicts.introduce("Anna", "b2")  # who is Anna 2 until her user says that both are one
    verdicts.introduce("Anna", "b2", is_same=True)
    for wrong in (True, False):
        with pytest.raises(MarkConflictError, match="c7 was unmarked by Anna at") as conflict:
            verdicts.mark("c7", wrong, unless_newer_than=mine)
        assert not conflict.value.others[0].wrong
    assert verdicts.marked_references() == {}


def test_a_workspace_is_read_at_once(verdicts):
    judge(verdicts, tags=["hum"])
    keep(verdicts)
    verdicts.mark_reference("c7", True)
    workspace = verdicts.workspace("tiny")
    assert workspace.newest == verdicts.newest()
    assert workspace.judgements == verdicts.current("tiny")
    assert workspace.own_slices == verdicts.own_slices()
    assert workspace.marked_references == verdicts.marked_references()
    assert workspace.tags == ("hum",)


@pytest.mark.parametrize("damaged", ["no JSON", "3", '"text"', "{}", "[1"])
@pytest.mark.parametrize(
    ("table", "column"),
    [(schema.slices, "clip_ids"), (schema.judgements, "tags"), (schema.judgements, "origin")],
    ids=str,
)
def test_a_damaged_list_is_a_sentence_about_the_database(verdicts, database, table, column, damaged):
    judge(verdicts)
    verdicts.keep("b", clip_ids=["1"], name="mine")
    with database.writing_all() as connection:
        connection.execute(sa.update(table).values({column: damaged}))
    for ask in [lambda: verdicts.current("tiny"), verdicts.own_slices][: 1 + (table is schema.slices)]:
        with pytest.raises(StorageError, match="can't be read") as caught:
            ask()
        assert database.name in str(caught.value)


def test_what_counts_goes_by_the_order_of_writing_where_the_clock_goes_back(verdicts, monkeypatch):
    times = iter(datetime(2026, 3, 29, hour, tzinfo=UTC) for hour in (9, 8, 7, 6, 5, 4))

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return next(times)

    monkeypatch.setattr("slicecore.storage.verdicts.store.datetime", Clock)
    for verdict in ("real_issue", "unsure"):
        amend(verdicts, Change(verdict), reviewer="ann")
    amend(verdicts, Change("false_positive"), reviewer="bob")
    for text in ("good night", "good morning"):
        verdicts.correct("c7", text, original="good day")
    (ann, bob) = verdicts.workspace("tiny").opinions["a1"]
    assert (ann.verdict, bob.verdict) == ("unsure", "false_positive")
    assert verdicts.current("tiny")["a1"] == bob and ann.time > bob.time
    assert verdicts.corrections()["c7"].text == "good morning"


def test_two_workspaces_of_a_database_know_nothing_of_each_other(new_verdicts):
    mine, other = new_verdicts(), new_verdicts()
    for verdicts, verdict in ((mine, "real_issue"), (other, "unsure")):
        amend(verdicts, Change(verdict, tags=(verdict,)), event="tab:1", own=("Mine", ""))
        verdicts.mark_reference("c1", True, "kb")
        verdicts.correct("c1", verdict, original="so")
        verdicts.introduce("Anna", verdict)
    before = other.workspace("tiny")
    mine.remove("a1")
    mine.mark_reference("c1", False)
    mine.correct("c1", None, original="so")
    assert other.workspace("tiny") == before
    assert (before.tags, before.corrections["c1"].text) == (("unsure",), "unsure")
    assert mine.workspace("tiny").own_slices == {}
