"""No word is lost: with many reviewers at once, when the process is killed, and when the disk is full."""

import os
import subprocess
import sys
import textwrap
import threading
from collections import Counter

import killed_reviews
import postgres
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from slicecore.errors import StorageError
from slicecore.storage.verdicts import Change, CorrectionConflictError, WantedChange
from slicecore.storage.verdicts.database import Database
from slicecore.storage.verdicts.store import Verdicts

REVIEWER = textwrap.dedent("""
    import sys
    from slicecore.storage.verdicts import Change, ConflictError
    from slicecore.storage.verdicts.database import Database
    from slicecore.storage.verdicts.store import Verdicts

    address, name, presses = sys.argv[1], sys.argv[2], int(sys.argv[3])
    verdicts = Verdicts("calls-0", Database(address))
    print("ready", flush=True)
    sys.stdin.readline()
    for press in range(presses):
        while True:
            seen = verdicts.newest()[0]
            try:
                verdicts.amend(
                    f"s{press % 3}", Change("unsure", note=f"{name}:{press}"), model="m", clip_ids=["1"],
                    reviewer=name, event=f"{name}:{press}", unless_newer_than=seen)
                break
            except ConflictError:
                pass
""")


def test_processes_that_judge_at_once_lose_and_double_no_word(verdicts, database, address):
    verdicts = Verdicts("calls-0", database)
    reviewers = [
        subprocess.Popen(
            [sys.executable, "-c", REVIEWER, address, f"r{i}", "25"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(3)
    ]
    for process in reviewers:
        assert process.stdout.readline() == "ready\n"
    for process in reviewers:
        process.communicate("go\n")
        assert process.returncode == 0
    written = [each for i in range(3) for each in verdicts.history(f"s{i}", "m")]
    wanted = Counter(f"r{i}:{press}" for i in range(3) for press in range(25))
    assert Counter(each.note for each in written) == wanted
    assert sorted(each.number for each in written) == list(range(1, 76))


def test_what_a_page_asks_for_as_newer_misses_nothing_that_others_write(verdicts):
    """A number that was seen has none below it that appears later."""
    seen, over = [], threading.Event()

    def watch():
        newest = 0
        while not (over.is_set() and newest == verdicts.newest()[0]):
            latest = verdicts.newest()[0]
            seen.extend(each.number for each in verdicts.history("a", "m") if newest < each.number <= latest)
            newest = latest

    def judge(name):
        for _ in range(15):
            verdicts.amend("a", Change("unsure"), model="m", clip_ids=["1"], reviewer=name)

    watcher = threading.Thread(target=watch)
    writers = [threading.Thread(target=judge, args=(f"r{i}",)) for i in range(4)]
    for thread in (watcher, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    watcher.join()
    assert seen == list(range(1, 61))


def test_two_who_correct_a_reference_at_once_do_not_replace_each_other_unseen(verdicts):
    start, written = threading.Barrier(2), []

    def correct(text):
        start.wait()
        try:
            written.append(verdicts.correct("c1", text, original="so", unless_newer_than=0))
        except CorrectionConflictError as error:
            written.append(error)

    threads = [threading.Thread(target=correct, args=(text,)) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (other,) = [each for each in written if isinstance(each, CorrectionConflictError)]
    assert "was corrected by" in str(other) and len(verdicts.corrections()) == 1


def test_a_review_that_is_killed_loses_nothing_that_was_said(address):
    done = killed_reviews.trials(address, 2)
    assert (done.kills, done.lost, done.twice, done.halves, done.in_part) == (2, 0, 0, 0, 0)
    assert done.said and done.batches


def say(verdicts, number):
    """A word of one of the kinds; what it needs of the disk differs."""
    text = f"{number} " + "x" * 3000
    kind = number % 6
    if kind == 0:
        verdicts.amend(
            f"s{number}", Change("unsure", note=text), model="m", clip_ids=["1"] * 50, own=(text, "")
        )
    elif kind == 1:
        verdicts.correct(f"c{number}", text, original="so")
    elif kind == 2:
        verdicts.mark_reference(f"c{number}", True, text)
    elif kind == 3:
        changes = {f"s{number} {i}": WantedChange(Change("unsure", note=text), ["1"] * 50) for i in range(3)}
        verdicts.amend_several(changes, model="m")
    elif kind == 4:
        verdicts.keep(f"s{number}", clip_ids=["1"] * 50, name=text)
    else:
        verdicts.introduce(text, f"browser {number}")


def test_a_disk_that_is_full_at_any_page_loses_nothing_and_halves_nothing(tmp_path):
    """SQLite may have so many pages and no more, one more each time a word finds no room."""
    database, most = Database(f"sqlite:///{tmp_path}/reviews.sqlite"), 10_000

    @event.listens_for(sa.engine.Engine, "checkout")
    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count={most}")

    try:
        verdicts, refused = Verdicts("w", database), 0
        with database.open() as connection:
            most = connection.exec_driver_sql("PRAGMA page_count").scalar()
        for number in range(40):
            before = verdicts.workspace("m")
            for _ in range(20):
                try:
                    say(verdicts, number)
                    break
                except StorageError as error:
                    assert "full" in str(error) and database.name in str(error)
                    assert verdicts.workspace("m") == before  # not a part of it
                    refused, most = refused + 1, most + 1
            else:
                pytest.fail("There was room, and still nothing could be written.")
            assert verdicts.workspace("m") != before
        assert refused > 20
        with database.open() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        event.remove(sa.engine.Engine, "checkout", limit)


FULL = textwrap.dedent("""
    import resource, signal, sys
    from slicecore.errors import StorageError
    from slicecore.storage.verdicts import Change
    from slicecore.storage.verdicts.database import Database
    from slicecore.storage.verdicts.store import Verdicts

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    verdicts, refused = Verdicts("w", Database(sys.argv[1])), 0

    def judge(number):
        change = Change("unsure", note="x" * 300)
        verdicts.amend(f"s{number}", change, model="m", clip_ids=["1"], event=f"t:{number}")

    for number in range(60):
        # The file of what is written ahead may grow by some bytes and no more.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096 + 700 * number, resource.RLIM_INFINITY))
        try:
            judge(number)
        except StorageError as error:
            refused += 1
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert len(verdicts.current("m")) == number, error
            judge(number)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert len(verdicts.current("m")) == number + 1
    print(refused)
""")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit.")
def test_a_write_that_ends_halfway_loses_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, f"sqlite:///{tmp_path}/reviews.sqlite"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_a_server_that_is_killed_is_a_sentence_without_contents_and_keeps_what_it_had_answered(caplog):
    programs = postgres.installed()
    if programs is None:
        pytest.skip(postgres.ADVICE)
    with postgres.serving(programs, "fsync=on") as (address, server):
        verdicts = Verdicts("calls", Database(address.format(name="postgres")))
        verdicts.judge("a", model="m", clip_ids=["1"], verdict="unsure", note="what was said")
        server.kill()
        for _ in range(3):
            with pytest.raises(StorageError, match="can't be read or saved") as refused:
                verdicts.judge("b", model="m", clip_ids=["1"], verdict="unsure", note="what was said")
            assert "said" not in str(refused.value)
        assert not any("said" in record.getMessage() for record in caplog.records)
        assert not any(record.exc_info for record in caplog.records)
        server.start()
        verdicts.judge("b", model="m", clip_ids=["1"], verdict="real_issue")  # nothing has to be opened anew
        assert {each.slice_id: each.verdict for each in verdicts.current("m").values()} == {
            "a": "unsure",
            "b": "real_issue",
        }
        verdicts.database.close()
