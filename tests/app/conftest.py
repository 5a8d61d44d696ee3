"""Fixtures of the tests of pages without a browser."""

import contextlib
import functools
import shutil
import threading
from types import SimpleNamespace

import pytest
import streamlit as st
import written_calls
from chosen_slices import annas_page, kept
from opened_page import verdicts
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner

from slicecore.embedding import Cancelled
from slicecore.storage.verdicts import verdicts_of
from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.review.player import panel as player_panel
from slicecore_app.review.verdict import panel as verdict_panel
from slicecore_app.server import reasons, sources
from slicecore_app.server.jobs import Jobs
from slicecore_app.start import keep_module_path

keep_module_path()  # as the server does: jobs look for packages while pages run


def verdict_as_buttons(
    verdicts,
    *,
    slice_id,
    about,
    judged,
    carried,
    opinions,
    assignees,
    saved,
    undoes,
    unsaved,
    refused,
    kept,
    framed,
    news,
    on_event,
    **_,
):
    """The verdict as Streamlit's own buttons, which a test without a browser can press: `say real_issue`.

    `drawn verdict` in the session is what it shows; `shown_until` are the newest numbers that the browser has seen,
    and `signature` is who judges in it, `tab` names its page, by which presses have names. `say notes` gives the
    slice `wanted note`. `say assign` assigns it to `wanted assignee`, `say assign several` all of `chosen slices`;
    `say several` gives these `wanted verdict`; `say notes of several` adds `wanted tags` to theirs, takes `unwanted
    tags` off and puts `wanted line` below their notes, with `shortens text` in the place of one that was refused;
    `say rest` judges those of them that a newer word of somebody else does not hold up. `say kept` sends `kept
    words`, as a page does that takes the place of another; `say place` lets words be saved that came too late.
    """
    st.session_state["drawn verdict"] = {
        "slice": slice_id,
        "judged": judged,
        "carried": carried,
        "opinions": opinions,
        "assignees": assignees,
        "saved": saved,
        "undoes": undoes,
        "unsaved": unsaved,
        "refused": refused,
        "kept": kept,
        "framed": framed,
        "newest": news[1],
    }

    def signature():
        return st.session_state.get("signature", {})

    def press(kind, **more):
        if "tab" in st.session_state:
            st.session_state["presses"] = st.session_state.get("presses", 0) + 1
            more = {"press": f"{st.session_state['tab']}:{st.session_state['presses']}", **more}
        st.session_state["judging"] = {"event": {"kind": kind, "about": about, **signature(), **more}}
        on_event()

    def name_of():
        return signature().get("reviewer", st.session_state["reviews"].account).strip()

    def say(verdict):
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        mine = next((each.verdict for each in opinions.get(slice_id, ()) if each.reviewer == name_of()), None)
        wanted = None if mine == verdict else verdict
        unseen = st.session_state.get("unseen presses")
        if unseen is None:
            press("verdict", slice=slice_id, verdict=wanted, newest=newest, framed=framed)
        if "pick_number" in st.session_state:  # (once more) before the browser knows which slice was picked
            number = st.session_state["pick_number"]
            for _ in range(unseen or 1):
                press("verdict", slice=None, pick=number, verdict=verdict, newest=newest)

    for choice in verdicts:
        st.button(
            choice.label,
            key=f"say {choice.name}",
            on_click=say,
            args=(choice.name,),
            disabled=slice_id is None,
        )

    def assign():
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        press("assign", slice=slice_id, to=st.session_state.get("wanted assignee", ""), newest=newest)

    st.button("assign", key="say assign", on_click=assign)

    def assign_several():
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        slices, to = st.session_state.get("chosen slices", ()), st.session_state.get("wanted assignee", "")
        if slices:
            press("assign", slices=list(slices), to=to, newest=newest)

    st.button("assign several", key="say assign several", on_click=assign_several)

    def say_several(kind, **more):
        newest = st.session_state["shown_until"] if "shown_until" in st.session_state else news[1]
        if "chosen slices" in st.session_state:
            press(kind, slices=list(st.session_state["chosen slices"]), newest=newest, **more)

    def judge_several():
        say_several("verdict", verdict=st.session_state.get("wanted verdict"))

    def note_several():
        added, removed = (list(st.session_state.get(f"{name} tags", ())) for name in ("wanted", "unwanted"))
        line, shortens = (st.session_state.get(name) for name in ("wanted line", "shortens text"))
        more = {"shortens": shortens} if shortens else {}
        say_several("notes", added=added, removed=removed, line=line or "", **more)

    def note():
        tags = [tag for each in opinions.get(slice_id, ()) if each.reviewer == name_of() for tag in each.tags]
        if "wanted note" in st.session_state:
            wanted = {"tags": tags, "note": st.session_state["wanted note"]}
            press("notes", slice=slice_id, newest=news[1], framed=framed, **wanted)

    st.button("notes", key="say notes", on_click=note, disabled=slice_id is None)

    def send_kept():
        for event in st.session_state.get("kept words", ()):
            press(**event)

    st.button("kept", key="say kept", on_click=send_kept)
    st.button("several", key="say several", on_click=judge_several)
    st.button("notes of several", key="say notes of several", on_click=note_several)
    for kind in ("confirm", "decline"):
        st.button(
            kind, key=f"say {kind}", on_click=lambda kind=kind: press(kind, slice=slice_id, newest=news[1])
        )
    rest = {"left_out": unsaved.rest.left_out} if unsaved.rest else {}
    st.button("rest", key="say rest", on_click=press, args=("rest",), kwargs=rest, disabled=not rest)
    st.button("undo", key="say undo", on_click=press, args=("undo",), kwargs={"about": undoes or about})
    for kind in ("again", "replace", "discard", "introduce", "place"):
        st.button(kind, key=f"say {kind}", on_click=press, args=(kind,))


def player_as_buttons(clip, *, wrong_references, corrections, on_event, **_):
    """The mark of the clip in the player as a button, `mark`, whose label says what pressing it means.

    `correct` gives its reference the text that the session has as `wanted reference`, `shown_corrections` is the number
    of the newest correction that the browser has seen, and `drawn corrections` are what the player was given.
    """
    st.session_state["drawn corrections"] = corrections
    if clip is None:
        return

    def correct():
        text, newest = st.session_state.get("wanted reference"), corrections["newest"]
        seen = st.session_state.get("shown_corrections", newest)
        on_event({"kind": "correct", "clip": clip["id"], "text": text, "seen": seen})

    st.button("correct", key="correct", on_click=correct)
    wrong = clip["id"] not in wrong_references
    event = {"kind": "reference", "clip": clip["id"], "wrong": wrong}
    st.button("wrong" if wrong else "not wrong", key="mark", on_click=on_event, args=(event,))


@pytest.fixture(autouse=True)
def verdict_without_a_browser(monkeypatch):
    monkeypatch.setattr(verdict_panel.component, "verdict", verdict_as_buttons)


@pytest.fixture(autouse=True)
def player_without_a_browser(monkeypatch):
    monkeypatch.setattr(player_panel.component, "player", player_as_buttons)


@pytest.fixture(scope="session")
def known_packages():
    """Components of all packages that are installed, which a page asks for: looked up once, not for every page."""
    return functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def packages_without_a_search(monkeypatch, known_packages):
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", known_packages)


look_whether_it_is_done = local_script_runner.require_widgets_deltas


def wait_for_its_end(runner, timeout=3):
    """Wait for a run of the page, where Streamlit looks every millisecond, which takes time from the run."""
    runner._script_thread.join(timeout)
    if not runner.script_stopped():
        look_whether_it_is_done(runner, 0)


@pytest.fixture(autouse=True)
def runs_without_looking_whether_they_are_done(monkeypatch):
    monkeypatch.setattr(local_script_runner, "require_widgets_deltas", wait_for_its_end)


@contextlib.contextmanager
def jobs_that_end(patch):
    """Jobs that a page begins in the context end with it."""
    begun = []
    start = Jobs.start

    def noting(jobs, *arguments, **options):
        begun.append(start(jobs, *arguments, **options))
        return begun[-1]

    patch.setattr(Jobs, "start", noting)
    try:
        yield
    finally:
        for job in begun:
            job.cancel.set()


class Wish(threading.Event):
    """Set where clips are to be measured and explained beside the page."""

    is_given_up = False

    def wait(self, timeout=None):
        super().wait(timeout)
        if self.is_given_up:
            raise Cancelled
        return True

    def give_up(self):
        self.is_given_up = True
        self.set()


@pytest.fixture
def wish(monkeypatch):
    wish = Wish()
    monkeypatch.setattr(reasons, "warm", SimpleNamespace(first_page_is_out=wish))
    yield wish
    wish.give_up()


@pytest.fixture(autouse=True)
def no_work_for_a_test_that_is_over(monkeypatch, wish):
    with jobs_that_end(monkeypatch):
        yield


@pytest.fixture
def explained(wish):
    """Clips are measured and explained beside the page, which takes as long as to make it; few tests look at that."""
    wish.set()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A folder with `calls` and a `home` in whose cache they are searched."""
    folder = tmp_path_factory.mktemp("prepared")
    written_calls.write(folder / "calls")
    written_calls.search(folder)
    return folder


def use_copy(prepared, folder, patch):
    """Copy a prepared folder, whose home is then the one in use; returns the path of the table."""
    for name in ("home", "calls"):
        # A thread of the test before this one may still ask for its home, and have made folders in this one already.
        shutil.copytree(prepared / name, folder / name, dirs_exist_ok=True)
    patch.setenv("SLICECORE_HOME", str(folder / "home"))
    patch.setattr(sources, "SAMPLE", folder / "none.csv")
    patch.delenv(TABLES_VARIABLE, raising=False)
    return folder / "calls" / "calls.csv"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Copy a prepared folder for the test, whose home is then its own; returns the path of the table."""
    return functools.partial(use_copy, folder=tmp_path, patch=monkeypatch)


@pytest.fixture
def calls(copied, prepared):
    """Thirty clips of noise, the last eight a loud hum that the model gets wrong; one file is not audio."""
    return copied(prepared)


@pytest.fixture
def page(calls, monkeypatch):
    """The review page as Anna has it."""
    return annas_page(monkeypatch, calls)


@pytest.fixture(scope="session")
def kept_before(prepared, tmp_path_factory):
    """Three slices as a page has written them."""
    with pytest.MonkeyPatch.context() as patch, jobs_that_end(patch):
        kept(annas_page(patch, use_copy(prepared, tmp_path_factory.mktemp("kept"), patch)))
        return list(verdicts().own_slices().values())


@pytest.fixture
def three(calls, kept_before):
    """Ids of three slices that somebody made before the page is opened; the list has them beside the flagged one."""
    for own in kept_before:
        verdicts_of(calls).keep(own.slice_id, clip_ids=own.clip_ids, name=own.name, reason=own.reason)
    return [own.slice_id for own in kept_before]


@pytest.fixture
def at_rest(explained, monkeypatch):
    """Clips are explained, and slices over metadata looked for at once, as after the sliders have rested."""
    monkeypatch.setattr(reasons, "REST_S", 0)
