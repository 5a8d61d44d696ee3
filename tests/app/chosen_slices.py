"""Slices that are chosen together on a page without a browser: three that somebody made, and what is said of them."""

import numpy as np
from opened_page import finished, press, review, told_what_is_unreadable, verdicts

from slicecore.storage.verdicts import Change
from slicecore_app.session.selection import Pick

ANNA = {"reviewer": "Anna", "browser": "b1"}
ROWS = ([0, 5], [1, 6, 7], [2, 8, 9, 10])


def annas_page(monkeypatch, table):
    page = review(monkeypatch, table)
    page.session_state["signature"] = ANNA
    return told_what_is_unreadable(finished(page))


def kept(page):
    """Ids of three slices that somebody makes, which the list has beside the flagged one."""
    for rows in ROWS:
        select(page, rows)
        press(page, "keep")
    return list(verdicts().own_slices())


def select(page, rows):
    page.session_state["picked"] = Pick("selection", "", np.array(rows), reason=f"rows {rows}")
    page.run()


def judge(page, slices, verdict, **more):
    page.session_state["chosen slices"], page.session_state["wanted verdict"] = slices, verdict
    for name, value in more.items():
        page.session_state[name] = value
    press(page, "say several")


def tag(page, slices, added=(), removed=(), line="", shortens=False):
    refused = page.session_state["drawn verdict"]["refused"]
    page.session_state["shortens text"] = list(refused[-1].slices) if shortens and refused else []
    page.session_state["chosen slices"] = slices
    page.session_state["wanted tags"], page.session_state["unwanted tags"] = list(added), list(removed)
    page.session_state["wanted line"] = line
    press(page, "say notes of several")


def note(page, slices, line, **more):
    tag(page, slices, line=line, **more)


def written(reviewer="Anna"):
    """Notes of a reviewer, by slice id."""
    opinions = verdicts().workspace("prediction").opinions
    return {
        slice_id: each.note
        for slice_id, given in opinions.items()
        for each in given
        if each.reviewer == reviewer
    }


def ends():
    """Notes of Anna's by their ends, as some are long, by slice id."""
    return {slice_id: note[-10:] for slice_id, note in written().items()}


def texts(page):
    return page.session_state["drawn verdict"]["refused"]


def stored(reviewer="Anna"):
    """Verdicts and tags of a reviewer, by slice id."""
    opinions = verdicts().workspace("prediction").opinions
    return {
        slice_id: (each.verdict, *each.tags)
        for slice_id, given_ in opinions.items()
        for each in given_
        if each.reviewer == reviewer
    }


def elsewhere(slice_id, verdict, reviewer="Bob", **more):
    clips = verdicts().own_slices()[slice_id].clip_ids
    change = Change(verdict, **more)
    return verdicts().amend(slice_id, change, model="prediction", clip_ids=clips, reviewer=reviewer)


def names(slices):
    return [verdicts().own_slices()[slice_id].name for slice_id in slices]


def offer(page):
    return page.session_state["drawn verdict"]["unsaved"].rest
