import sqlite3
import threading

import pytest

from slicecore.errors import StorageError, VerdictError
from slicecore.storage.verdicts import Change, ConflictError, Verdicts, name_of_comparison


@pytest.fixture
def verdicts(tmp_path):
    return Verdicts(tmp_path / "workspace" / "verdicts.sqlite")


def judge(verdicts, slice_id="a1", verdict="real_issue", model="tiny", **more):
    return verdicts.judge(slice_id, model=model, clip_ids=["x", "y"], verdict=verdict, **more)


def test_what_is_newest_grows_with_whatever_is_written(tmp_path):
    verdicts = Verdicts(tmp_path / "verdicts.sqlite")
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
    ):
        write()
        seen.append(Verdicts(verdicts.path).newest())
    assert sorted(set(seen)) == seen


def test_a_judgement_is_on_disk_at_once_and_found_by_a_new_process(verdicts):
    judge(verdicts, tags=["hum", " hum ", "mains"], note="50 Hz", reviewer="kb")
    judgement = Verdicts(verdicts.path).current("tiny")["a1"]
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


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "verdicts.sqlite"
    path.write_text("not a database, but long enough to be taken for one " * 10)
    with pytest.raises(StorageError, match=r"verdicts\.sqlite"):
        Verdicts(path)


def test_a_database_locked_by_somebody_else_is_an_error_not_a_loss(verdicts, monkeypatch):
    judge(verdicts)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, timeout: connect(path, timeout=0.05))
    other = connect(verdicts.path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError):
        judge(verdicts, verdict="unsure")
    other.rollback()
    assert verdicts.current("tiny")["a1"].verdict == "real_issue"


def keep(verdicts, slice_id="o1", name="Scottish", **more):
    return verdicts.keep(slice_id, clip_ids=["x", "y"], name=name, **more)


def test_a_slice_of_ones_own_is_kept_renamed_and_removed(verdicts):
    keep(verdicts, reason="your selection: accent = scottish", reviewer="kb")
    keep(verdicts, "o2", "Seven")
    verdicts.rename("o1", "Glasgow")
    own_slices = Verdicts(verdicts.path).own_slices()
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


def test_a_file_from_before_there_were_slices_of_ones_own_gets_them(verdicts):
    judge(verdicts)
    with sqlite3.connect(verdicts.path) as database:
        database.execute("DROP TABLE own_slices")
    reopened = Verdicts(verdicts.path)
    assert reopened.current("tiny")["a1"].verdict == "real_issue"
    keep(reopened)
    assert list(reopened.own_slices()) == ["o1"]


def test_a_verdict_on_a_difference_is_on_neither_model(verdicts):
    judge(verdicts, model="tiny")
    judge(verdicts, verdict="false_positive", model=name_of_comparison("tiny", "large"))
    assert verdicts.current("tiny")["a1"].verdict == "real_issue"
    assert verdicts.current(name_of_comparison("tiny", "large"))["a1"].verdict == "false_positive"
    assert not verdicts.current(name_of_comparison("large", "tiny"))
    assert not verdicts.current("large")


def test_a_wrong_reference_is_marked_on_disk_and_the_mark_taken_back(verdicts):
    assert verdicts.mark_reference("c7", True, "ann")
    verdicts.mark_reference("c2", True, "kb")
    marks = Verdicts(verdicts.path).marked_references()
    assert [(mark.clip_id, mark.reviewer) for mark in marks.values()] == [("c7", "ann"), ("c2", "kb")]
    assert marks["c7"].time.endswith("+00:00")
    assert verdicts.mark_reference("c7", False)
    assert list(verdicts.marked_references()) == ["c2"]
    verdicts.mark_reference("c7", True, "kb")
    assert list(verdicts.marked_references()) == ["c2", "c7"]


def test_a_mark_that_is_there_keeps_its_author(verdicts):
    verdicts.mark_reference("c7", True, "ann")
    assert not Verdicts(verdicts.path).mark_reference("c7", True, "kb")
    assert not verdicts.mark_reference("c8", False, "kb")
    assert [mark.reviewer for mark in verdicts.marked_references().values()] == ["ann"]


def test_marks_belong_to_clips_and_not_to_a_model_or_a_slice(verdicts):
    judge(verdicts, "c7")
    keep(verdicts, "c7")
    verdicts.mark_reference("c7", True)
    verdicts.remove("c7")
    assert list(verdicts.marked_references()) == ["c7"]


def test_a_file_from_before_references_could_be_marked_can_hold_marks(verdicts):
    keep(verdicts)
    with sqlite3.connect(verdicts.path) as database:
        database.execute("DROP TABLE reference_marks")
    reopened = Verdicts(verdicts.path)
    assert reopened.marked_references() == {}
    assert reopened.mark_reference("c7", True)
    assert list(reopened.own_slices()) == ["o1"]


def amend(verdicts, change, slice_id="a1", **more):
    return verdicts.amend(slice_id, change, model="tiny", clip_ids=["x", "y"], **more)


def test_a_newer_judgement_is_not_replaced_unseen(verdicts):
    seen = judge(verdicts, verdict="unsure", reviewer="kb")
    newer = judge(verdicts, verdict="false_positive", reviewer="ann", tags=["far"])
    for write in (judge, lambda *_, **more: amend(verdicts, Change(note="hum"), **more)):
        with pytest.raises(ConflictError) as conflict:
            write(verdicts, unless_newer_than=seen.number)
        assert conflict.value.other == newer
    assert verdicts.history("a1", "tiny") == [seen, newer]
    assert judge(verdicts, unless_newer_than=newer.number).number > newer.number
    # Judgements of other slices and models are no news.
    assert judge(verdicts, "a2", unless_newer_than=0).verdict == "real_issue"
    assert judge(verdicts, model="base", unless_newer_than=0).verdict == "real_issue"


def test_many_writers_replace_no_judgement_that_they_have_not_seen(verdicts):
    """Each writer reads the newest number, then writes: the look and the word are one step."""
    judge(verdicts)
    written, refused = [], []

    def write(i):
        mine = Verdicts(verdicts.path)
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
    assert amend(verdicts, Change(verdict="unsure", toggles=True)).since.verdict is None
    assert amend(verdicts, Change(verdict="unsure", toggles=True)).since.verdict == "unsure"
    assert verdicts.current("tiny")["a1"].tags == ("far",)


def test_an_event_is_written_once(verdicts):
    first = amend(verdicts, Change(verdict="unsure", toggles=True), event="tab:7")
    again = amend(Verdicts(verdicts.path), Change(verdict="unsure", toggles=True), event="tab:7")
    assert again == first
    assert [judgement.verdict for judgement in verdicts.history("a1", "tiny")] == ["unsure"]
    # A judgement of the same source is known to it, also where its answer was lost.
    amend(verdicts, Change(verdict="unsure", toggles=True), event="tab:8", unless_newer_than=0)
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


def test_a_mark_is_taken_back_unless_somebody_marked_the_clip_since(verdicts):
    verdicts.mark_reference("c7", True, "kb")
    mine = verdicts.newest()[2]
    verdicts.mark_reference("c7", False, "ann")
    verdicts.mark_reference("c7", True, "ann")
    with pytest.raises(VerdictError, match="judged elsewhere"):
        verdicts.mark("c7", False, unless_newer_than=mine)
    assert verdicts.marked_references()["c7"].reviewer == "ann"
    assert verdicts.mark("c7", False, unless_newer_than=verdicts.newest()[2])
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


def test_a_file_from_before_there_were_events_is_judged_on(verdicts):
    before = judge(verdicts)
    with sqlite3.connect(verdicts.path) as database:
        database.execute("DROP INDEX judgements_by_event")
        database.execute("ALTER TABLE judgements DROP COLUMN event")
    reopened = Verdicts(verdicts.path)
    assert reopened.current("tiny") == {"a1": before}
    assert amend(reopened, Change(verdict="unsure"), event="tab:1").before == before


@pytest.mark.parametrize("damaged", ["no JSON", "3", '"text"', "{}", b"\xff", "[1"])
@pytest.mark.parametrize(
    ("table", "column"), [("slices", "clip_ids"), ("judgements", "tags"), ("judgements", "origin")]
)
def test_a_damaged_list_is_a_sentence_about_the_file(verdicts, table, column, damaged):
    judge(verdicts)
    verdicts.keep("b", clip_ids=["1"], name="mine")
    with sqlite3.connect(verdicts.path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", [damaged])
    connection.close()
    for ask in [lambda: verdicts.current("tiny"), verdicts.own_slices][: 1 + (table == "slices")]:
        with pytest.raises(StorageError, match="can't be read") as caught:
            ask()
        assert str(verdicts.path) in str(caught.value)
