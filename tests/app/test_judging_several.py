"""Verdicts and tags of several slices at once, on the page: all or none, one undo, and nobody's word lost."""

import pytest
from chosen_slices import elsewhere, judge, names, offer, stored, tag
from hypothesis import given, settings
from hypothesis import strategies as st
from opened_page import not_saved, open_table, press, saved, unwritable, verdicts

from slicecore.errors import StorageError
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore.storage.verdicts import Change, verdicts_of
from slicecore_app.review.verdict.component import Rest
from slicecore_app.server.open_table import CARRIED
from slicecore_app.session.review_memory import Memory
from slicecore_app.session.review_records import SliceChange, press_on
from slicecore_app.session.reviews import ReviewSession


def flagged_slice(page):
    """The only slice that the page finds by itself."""
    data, tree = open_table().data, open_table().analysis("signal").result.hierarchy
    costs = open_table().scoring.costs("prediction", page.session_state["metric"])
    (found,) = Scanner(tree, costs, ids=data.ids).scan(Options(5, 0.1)).slices
    return found


def drawn(page):
    return page.session_state["drawn verdict"]["judged"]


def test_a_verdict_goes_to_all_and_one_undo_takes_it_back_from_all(three, page):
    elsewhere(three[0], "unsure", "Anna")
    page.run()
    judge(page, three, "real_issue")
    assert stored() == dict.fromkeys(three, ("real_issue",)) and drawn(page) == dict.fromkeys(
        three, "real_issue"
    )
    assert saved(page).startswith("3 problems marked as real issues · Saved")
    assert page.session_state["drawn verdict"]["undoes"]
    histories = [verdicts().history(slice_id, "prediction") for slice_id in three]
    assert [[(each.reviewer, each.verdict) for each in history] for history in histories] == [
        [("Anna", "unsure"), ("Anna", "real_issue")],
        [("Anna", "real_issue")],
        [("Anna", "real_issue")],
    ]
    press(page, "say undo")
    assert stored() == {three[0]: ("unsure",)} and drawn(page) == {three[0]: "unsure"}
    assert saved(page).startswith("Took back “✓ Real issue” on 3 problems · Saved")
    assert not page.session_state["drawn verdict"]["undoes"]
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("real_issue", "real issues"),
        ("false_positive", "false alarms"),
        ("reference_error", "wrong references"),
        ("unsure", "unsure"),
    ],
)
def test_what_was_done_is_a_sentence(three, page, verdict, words):
    judge(page, three[:2], verdict)
    assert saved(page).startswith(f"2 problems marked as {words} · Saved")


def test_none_takes_the_verdicts_back_from_those_that_have_one_of_the_reviewers_own(three, page):
    judge(page, three[:2], "unsure")
    elsewhere(three[2], "real_issue")
    tag(page, three[:1], ["hum"])
    judge(page, three, None)
    assert stored() == {three[0]: (None, "hum")}
    assert stored("Bob") == {three[2]: ("real_issue",)}  # and nothing was written about it
    assert len(verdicts().history(three[2], "prediction")) == 1
    assert saved(page).startswith("Took back “? Unsure” on 2 problems")
    press(page, "say undo")
    assert stored() == {three[0]: ("unsure", "hum"), three[1]: ("unsure",)}
    assert saved(page).startswith("“? Unsure” again on 2 problems")


def test_a_verdict_that_all_have_already_stays(three, page):
    judge(page, three[:2], "unsure")
    for _ in range(2):
        judge(page, three, "unsure")
        assert stored() == dict.fromkeys(three, ("unsure",))
    judge(page, three, None)
    assert stored() == {}


def test_tags_are_added_to_all_and_taken_off_all(three, page):
    judge(page, three[:1], "unsure")
    tag(page, three[:1], ["far"])
    tag(page, three, ["hum", "far"])
    assert stored() == {three[0]: ("unsure", "far", "hum"), **dict.fromkeys(three[1:], (None, "hum", "far"))}
    assert saved(page).startswith("Changed the tags of 3 problems")
    tag(page, three, removed=["hum"])
    assert stored() == {three[0]: ("unsure", "far"), **dict.fromkeys(three[1:], (None, "far"))}
    assert saved(page).startswith("Took hum off 3 problems")
    press(page, "say undo")
    assert stored()[three[2]] == (None, "hum", "far") and saved(page).startswith(
        "Took back tags on 3 problems"
    )
    before = verdicts().newest()
    tag(page, three, ["far"])  # which all have
    assert verdicts().newest() == before
    tag(page, three[1:], ["café"])
    assert saved(page).startswith("2 problems tagged café")


def test_the_flagged_slice_is_one_of_several_and_what_is_carried_over_to_it_stays(three, page):
    flagged = flagged_slice(page).id
    clips = [str(open_table().data.ids[row]) for row in range(22, 30)]
    verdicts().amend(
        flagged,
        Change("real_issue", tags=("mains",)),
        model="prediction_large",
        clip_ids=clips,
        reviewer="Bob",
    )
    page.run()
    for job in open_table().jobs.of(CARRIED):
        assert job.ended.wait(60)
    page.run()
    assert page.session_state["drawn verdict"]["carried"][flagged].holds
    tag(page, [flagged, three[0]], ["hum"])
    assert stored() == {flagged: ("real_issue", "mains", "hum"), three[0]: (None, "hum")}
    assert verdicts().current("prediction")[flagged].origin.model == "prediction_large"
    press(page, "say undo")
    assert stored() == {}


def test_where_somebody_judged_one_meanwhile_none_is_judged_until_it_was_seen(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    name = verdicts().own_slices()[three[1]].name
    elsewhere(three[1], "false_positive", tags=("far",))
    judge(page, three, "real_issue")
    assert stored() == {} and stored("Bob") == {three[1]: ("false_positive", "far")}
    count, text = not_saved(page)
    assert count == 3
    assert text.startswith(f"Bob judged {name} at ") and text.endswith(
        ": ✗ False alarm, far. Yours on 3 problems are not saved."
    )
    press(page, "say discard")
    assert not_saved(page) == (0, "") and stored() == {}
    judge(page, three, "real_issue")
    press(page, "say replace")
    assert stored() == dict.fromkeys(three, ("real_issue",))
    assert stored("Bob") == {three[1]: ("false_positive", "far")}  # beside it, as he said
    press(page, "say undo")
    assert stored() == {}


def test_all_that_somebody_judged_meanwhile_are_named(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[0], "unsure")
    elsewhere(three[2], None, "Cleo", note="fan")
    judge(page, three, "real_issue")
    first, _, last = names(three)
    assert not_saved(page) == (3, f"Judged meanwhile: {first} by Bob (? Unsure); {last} by Cleo (“fan”).")
    # One that is then judged by itself leaves the others waiting for an answer.
    del page.session_state["shown_until"]
    page.run()
    judge(page, three[:1], "unsure")
    assert stored() == {three[0]: ("unsure",)} and not_saved(page)[0] == 2
    press(page, "say replace")
    assert stored() == {three[0]: ("unsure",), **dict.fromkeys(three[1:], ("real_issue",))}


def test_those_that_nobody_else_has_judged_are_judged_without_the_others(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[1], "false_positive", tags=("far",))
    judge(page, three, "real_issue")
    (left_out,) = names(three[1:2])
    assert offer(page) == Rest("Judge the others", f"All but {left_out}", [three[1]])
    press(page, "say rest")
    assert stored() == dict.fromkeys([three[0], three[2]], ("real_issue",))
    assert stored("Bob") == {three[1]: ("false_positive", "far")}
    assert len(verdicts().history(three[1], "prediction")) == 1
    assert not_saved(page) == (0, "") and offer(page) is None
    assert saved(page).startswith(f"2 problems marked as real issues, {left_out} left out · Saved")
    press(page, "say undo")  # one step
    assert stored() == {} and stored("Bob") == {three[1]: ("false_positive", "far")}
    assert saved(page).startswith("Took back “✓ Real issue” on 2 problems")


def test_those_that_somebody_judges_while_the_others_are_offered_are_left_out_next(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[1], "unsure")
    judge(page, three, "real_issue")
    elsewhere(three[2], "unsure", "Cleo")
    press(page, "say rest")
    assert stored() == {} and not_saved(page)[0] == 2
    assert not_saved(page)[1].startswith(f"Cleo judged {names(three)[2]} at ")
    assert offer(page).left_out == [three[1], three[2]]
    press(page, "say rest")
    assert stored() == {three[0]: ("real_issue",)} and not_saved(page) == (0, "")
    first, *others = names(three)
    assert saved(page).startswith(f"{first} marked as a real issue, {' and '.join(others)} left out · Saved")
    assert page.session_state["drawn verdict"]["undoes"]
    press(page, "say undo")
    assert stored() == {}


def test_tags_go_to_the_others_too_and_to_none_where_there_are_none(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[0], "unsure")
    tag(page, three[:1], ["hum"])
    assert not_saved(page)[0] == 1 and offer(page) is None
    press(page, "say discard")
    tag(page, three, ["hum"])
    assert offer(page).label == "Tag the others"
    press(page, "say rest")
    assert stored() == dict.fromkeys(three[1:], (None, "hum"))
    assert saved(page).startswith(f"2 problems tagged hum, {names(three)[0]} left out · Saved")


def test_what_cannot_be_written_of_the_others_waits_without_those_left_out(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[0], "unsure")
    judge(page, three, "real_issue")
    with unwritable(verdicts().database.file):
        page.button(key="say rest").click().run()
        assert not_saved(page)[0] == 2 and offer(page) is None
    press(page, "say again")
    assert stored() == dict.fromkeys(three[1:], ("real_issue",)) and not_saved(page) == (0, "")
    assert f"{names(three)[0]} left out" in saved(page)


def test_others_of_another_answer_are_not_judged(tmp_path):
    """As where the event comes again, or the page has not heard yet of what is held up by now."""
    store = verdicts_of(tmp_path / "calls.csv")
    mine, bobs = (ReviewSession(store, "model", Memory(name)) for name in ("ada", "bob"))

    def say(reviews, verdict, *slices):
        changes = [
            SliceChange(reviews.subject(each), each, ("clip",), Change(verdict), seen=0) for each in slices
        ]
        return reviews.judge(*changes)

    assert say(bobs, "unsure", "a", "d")
    assert not say(mine, "real_issue", "a", "b") and not say(mine, "false_positive", "c", "d")
    for _ in range(2):
        mine.judge_rest(["d"])
    mine.judge_rest([])
    now = {slice_id: each.verdict for slice_id, each in store.current("model").items()}
    assert now == {"a": "unsure", "c": "false_positive", "d": "unsure"}
    mine.judge_rest(["a"])
    assert store.current("model")["b"].verdict == "real_issue" and not mine.status.unsaved


def test_of_several_none_is_judged_where_one_has_left_the_list(three, page):
    judge(page, [*three, "0123456789ab"], "real_issue")
    assert "1 of 4 slices are not in it any more. Nothing was judged." in not_saved(page)[1]
    tag(page, [*three, "0123456789ab"], ["hum"])
    assert "1 of the 4 problems is not in the list any more: nothing was written." in not_saved(page)[1]
    assert stored() == {}


def test_what_cannot_be_written_waits_together_and_is_one_step_of_undo(three, page):
    with unwritable(verdicts().database.file):
        page.session_state["chosen slices"], page.session_state["wanted verdict"] = three, "real_issue"
        page.button(key="say several").click().run()
        assert not_saved(page)[0] == 3 and drawn(page) == dict.fromkeys(three, "real_issue")
    assert stored() == {}
    press(page, "say again")
    assert stored() == dict.fromkeys(three, ("real_issue",)) and not_saved(page) == (0, "")
    press(page, "say undo")
    assert stored() == {}


WORDS = st.tuples(
    st.sets(st.sampled_from("abcd"), min_size=1),
    st.sampled_from(["real_issue", "unsure", None]),
    st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(words=st.lists(WORDS, max_size=6))
def test_whatever_fails_meanwhile_the_newest_word_on_each_slice_is_written_and_none_twice(
    tmp_path_factory, words
):
    store = verdicts_of(f"{tmp_path_factory.mktemp('words')}/calls.csv")
    reviews, wanted = ReviewSession(store, "model", Memory("ada")), {}
    can_write = True
    amend = store.amend_several

    def amend_several(changes, **more):
        if not can_write:
            raise StorageError("The disk is away.")
        return amend(changes, **more)

    store.amend_several = amend_several
    store.of = lambda name: store
    for number, (slices, verdict, fails) in enumerate(words):
        can_write = not fails
        event = f"tab:{number}"
        changes = [
            SliceChange(
                reviews.subject(slice_id),
                slice_id,
                ("clip",),
                Change(verdict, note=event),
                event=press_on(event, slice_id, len(slices)),
            )
            for slice_id in sorted(slices)
        ]
        assert reviews.judge(*changes) == can_write
        wanted |= dict.fromkeys(slices, (verdict, event))
    shown = {slice_id: given_[-1] for slice_id, given_ in reviews.opinions(reviews.read()).items()}
    assert {slice_id: (each.verdict, each.note) for slice_id, each in shown.items()} == wanted
    can_write = True
    reviews.try_again()
    assert not reviews.status.unsaved
    now = store.current("model")
    assert {slice_id: (each.verdict, each.note) for slice_id, each in now.items()} == wanted
    for slice_id in wanted:
        notes = [each.note for each in store.history(slice_id, "model")]
        assert len(set(notes)) == len(notes) and notes == sorted(notes)
    while not reviews.status.undo_is_empty:
        reviews.undo()
    assert store.current("model") == {}
