"""Rights of visitors of each role, in Python, whatever their browser sends."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from slicecore.errors import StorageError
from slicecore.storage.verdicts import Change, Refusal, verdicts_of
from slicecore_app.access.visitor import SOMEBODY, Role, Visitor
from slicecore_app.session.review_memory import Memory
from slicecore_app.session.review_records import Naming, SliceChange
from slicecore_app.session.reviews import ReviewSession
from slicecore_app.session.signature import Signature
from slicecore_app.session.view_file import ViewFile
from slicecore_app.session.visitor import MAY_LOOK

EVENT = {"reviewer": "Bob", "browser": "b1", "is_same": True}
GUEST = Visitor("guest", Role.LOOK)
ANNA = Visitor("Anna", Role.REVIEW)


def change(reviews, slice_id):
    return SliceChange(reviews.subject(slice_id), "A slice", clip_ids=("a",), change=Change("unsure"))


WORDS = {
    "verdict": lambda reviews: reviews.judge(change(reviews, "s")),
    "verdicts on several": lambda reviews: reviews.judge(change(reviews, "s"), change(reviews, "t")),
    "decline": lambda reviews: reviews.decline("A slice", Refusal("s", ("a",), "model", "origin")),
    "mark": lambda reviews: reviews.mark("a", True),
    "correction": lambda reviews: reviews.correct("a", "text", "other text", 0),
    "slice of one's own": lambda reviews: reviews.name(
        Naming.of(reviews.subject("").table, "s", "x", ("a",), "y")
    ),
    "assignment": lambda reviews: reviews.assign({"s": "A slice"}, {"s": "Bob"}, {"s": ("a",)}, 0),
    "name": lambda reviews: reviews.introduce(),
    "undo": lambda reviews: reviews.undo(),
    "another try": lambda reviews: reviews.try_again(),
}


def reviews_of(verdicts, visitor):
    memory = Memory("account", visitor)
    if visitor.name:
        memory.signature = Signature(visitor.name, is_same=True)
    return ReviewSession(verdicts, "model", memory)


@pytest.fixture
def verdicts():
    return verdicts_of("calls.csv")


@pytest.mark.parametrize("word", WORDS)
def test_who_may_look_writes_nothing(word, verdicts):
    before = verdicts.newest()
    reviews = reviews_of(verdicts, GUEST)
    reviews.take_name(EVENT)
    WORDS[word](reviews)
    assert verdicts.newest() == before and not verdicts.workspace("model").reviewers
    assert not reviews.status.unsaved  # nor when the role is another one, later
    if word not in ("undo", "another try"):
        assert reviews.status.notice == MAY_LOOK


def test_what_a_reviewer_said_is_there_when_the_role_comes_back(verdicts, monkeypatch):
    reviews = reviews_of(verdicts, ANNA)
    assert WORDS["verdict"](reviews)

    def full(*_, **__):
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(type(verdicts), "mark", full)
        assert not WORDS["mark"](reviews)
    reviews.memory.visitor = GUEST
    for word in ("another try", "mark", "undo"):
        WORDS[word](reviews)
        assert reviews.status.notice == MAY_LOOK
    reviews.memory.visitor = ANNA
    reviews.try_again()
    assert list(verdicts.marked_references()) == ["a"]
    reviews.undo()
    reviews.undo()
    assert not verdicts.marked_references() and not verdicts.current("model")


def test_who_has_logged_in_judges_under_that_name_whatever_the_browser_says(verdicts):
    reviews = reviews_of(verdicts, ANNA)
    reviews.take_name(EVENT)
    assert WORDS["verdict"](reviews)
    assert verdicts.current("model")["s"].reviewer == "Anna"
    assert WORDS["verdicts on several"](reviews)
    assert {each.reviewer for each in verdicts.current("model").values()} == {"Anna"}
    somebody = reviews_of(verdicts, SOMEBODY)
    somebody.take_name(EVENT)
    assert WORDS["mark"](somebody)
    assert "Bob" in verdicts.workspace("model").reviewers


@pytest.fixture
def visiting(monkeypatch):
    """Let pages be opened by a visitor."""

    def visit(visitor):
        for module in ("session.visitor", "session.review_memory"):
            monkeypatch.setattr(f"slicecore_app.{module}.visitor", lambda: visitor)

    return visit


def _data_page():
    from slicecore_app.pages.data_form import data_form

    data_form()


@pytest.mark.parametrize("role", Role)
def test_tables_are_for_administrators_to_open(role, visiting, monkeypatch):
    monkeypatch.setattr(
        "slicecore_app.pages.data_form.known", dict
    )  # no way back: there is no other page here
    visiting(Visitor("Anna", role))
    page = AppTest.from_function(_data_page).run()
    assert not page.exception
    assert bool(page.text_input) == (role is Role.ADMINISTER)
    assert bool(page.info) == (role is not Role.ADMINISTER)


def _open_table():
    from slicecore_app.pages.table_choice import open_source
    from slicecore_app.server.sources import SAMPLE, Source

    open_source(Source(str(SAMPLE)))


def test_no_table_is_remembered_for_others(visiting, tmp_path):
    visiting(ANNA)
    assert not AppTest.from_function(_open_table).run().exception
    assert not (tmp_path / "home" / "tables.json").exists()


def _save_view():
    import streamlit as st

    from slicecore_app.review.saved_views.panel import _remove, _save
    from slicecore_app.session.view_file import ViewFile

    st.session_state["view name"] = "mine"
    _save(ViewFile("table.csv"), None)
    _remove(ViewFile("table.csv"), "kept")


def test_views_are_not_saved_or_removed_by_who_may_look(visiting):
    ViewFile("table.csv").save("kept", {"drop": "5"})
    visiting(GUEST)
    page = AppTest.from_function(_save_view).run()
    assert [toast.value for toast in page.toast] == [MAY_LOOK] * 2 and not page.exception
    assert set(ViewFile("table.csv").named()) == {"kept"}
