"""The verdict on the picked slice: buttons, tags and note, and what is not saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from slicecore.storage.verdicts import LONGEST_LINE, LONGEST_NOTE
from slicecore_app.web.components import component


@dataclass(frozen=True)
class VerdictButton:
    """A verdict as the page offers it: its name in the CSV, the sign before its label, and what it means."""

    name: str
    sign: str
    label: str
    hint: str


@dataclass(frozen=True)
class Rest:
    """An offer to do for the others of several slices what is not done for all, as its button says.

    `left_out` are the ids of the slices that stay as they are.
    """

    label: str
    hint: str
    left_out: Sequence[str]


@dataclass(frozen=True)
class UnsavedNote:
    """A note about changes that are not on disk: how many, why, and the event that does something about it.

    That is "again", "replace" or "place", "discard" where nothing else is left to do, or "". "open text" is none: the
    browser opens the latest text that was refused.

    `rest`: the way out for those of several slices that nobody else has judged. `copied`: a text that the reader wrote,
    and may want to take elsewhere.
    """

    count: int
    text: str
    action: str = ""
    label: str = ""
    rest: Rest | None = None
    copied: str = ""


@dataclass(frozen=True)
class RefusedText:
    """Tags and a text for the notes of several slices that were refused, as the reader wrote them.

    `reason` is the sentence that says why, `room` are the characters that the text may have. `is_long`: its length is
    the reason; else it can be sent as it is, for those of the slices that are `left` in the list, or for others.
    `is_here`: it is for this table and model.
    """

    slices: Sequence[str]
    added: Sequence[str]
    removed: Sequence[str]
    line: str
    reason: str
    room: int
    is_long: bool
    left: Sequence[str]
    is_here: bool


@dataclass(frozen=True)
class CarriedVerdict:
    """A verdict of other clips, another model or another table on a slice.

    `holds`: it counts until the slice is judged itself; else it is a hint. `text` says of what it is, `hint` also which
    others there are, `short` is for the list, and `reviewer` is who gave it.
    """

    verdict: str
    holds: bool
    text: str
    hint: str
    short: str
    reviewer: str


@dataclass(frozen=True)
class Opinion:
    """The judgement of one reviewer on a slice; `when` is for people, "" for one that is not written yet."""

    reviewer: str
    verdict: str | None
    tags: Sequence[str]
    note: str
    when: str


def verdict(
    verdicts: Sequence[VerdictButton],
    *,
    slice_id: str | None,
    about: str,
    judged: Mapping[str, str],
    carried: Mapping[str, CarriedVerdict],
    opinions: Mapping[str, Sequence[Opinion]],
    tags: Sequence[str],
    known_tags: Sequence[str],
    note: str,
    account: str,
    is_login: bool,
    reviewers: Mapping[str, Sequence[str]],
    other_names: Mapping[str, str],
    assignees: Mapping[str, str],
    people: Sequence[str],
    saved: str,
    undoes: str,
    unsaved: UnsavedNote,
    refused: Sequence[RefusedText],
    kept: Sequence[Mapping[str, object]],
    framed: Mapping[str, object] | None,
    may_judge: bool,
    news: tuple[str, Sequence[int]],
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the verdict on the picked slice `slice_id`; None when nothing is picked that can be judged.

    A verdict, tags and a note, and an assignment come with `framed` where they are of the picked slice.

    Events, each with the `about` that the page showed, and signed with `reviewer`, `browser` and `is_same` (see
    `session.signature`):

    * ``{kind: "verdict", slice, pick, verdict, picked, newest}``: the verdict that the slice is to have, by what the
      reader saw at the press; None takes back. `slice` is None where the browser only knows the number `pick` of the
      event that picked it; `picked` says for other sessions what that was (`review.seen_picks`);
    * ``{kind: "verdict", slices, verdict, newest}``: all of these slices are judged, or none;
    * ``{kind: "notes", slice, tags, note, newest}``, and ``{kind: "notes", slices, added, removed, line, newest}`` for
      several: tags that are added and taken off, and a text that is put below each note; with ``shortens`` it is
      what was refused for the slices that this names, as it is now;
    * ``{kind: "confirm", slice, newest}`` and ``{kind: "decline", slice}``: what is carried over to the slice;
    * ``{kind: "undo"}``, of the last word on its `about`, with ``late`` where it was asked for on a page before this
      one, ``{kind: "again"}`` (save what could not be saved), ``{kind: "replace"}`` and ``{kind: "discard"}`` (what
      another reviewer's judgement holds up, or was refused), and ``{kind: "rest", left_out}`` (of several slices those
      that none holds up, without these; so of an undo);
    * ``{kind: "assign", slice, pick, to, picked, newest}``: the slice is for somebody to judge, "" for nobody; with
      ``slices`` in the place of ``slice`` and ``pick`` all of these are, or none;
    * ``{kind: "kept", word, why}``: what `kept` had in a session before, signed by whoever said it; and
      ``{kind: "place"}``: what came too late is to be saved;
    * ``{kind: "introduce"}``: the reviewer is the one who has this name in other browsers.

    Parameters
    ----------
    about
        Name of the table and model that are judged.
    judged : mapping
        Verdicts that count by slice id, of all slices that have one of their own.
    carried : mapping
        Verdicts carried over to others, by slice id.
    opinions : mapping
        Judgements of all reviewers by slice id, the newest last.
    tags, known_tags, note
        Of what is carried over to the picked slice; and every tag used so far.
    account
        Name of somebody who has given none, or of the login.
    is_login
        True where it is the name of a login: nobody judges under another one.
    reviewers
        Names of the browsers in which people judged, by the name of the reviewer, the first to use it first.
    other_names
        Name of a reviewer, by other names under which the same person has judged.
    assignees
        Names of those who are to judge a slice, by slice id.
    people
        Names of those to whom a slice can be assigned.
    saved, unsaved
        "Saved 14:02", and what is not.
    refused
        Texts that were refused for the notes of several slices, the latest last.
    kept
        Events that bring here again what waits, in whichever table: the browser sends them where this session is lost.
    framed
        The picked slice, by which what is said of it finds its clips though it is picked no more: its title, its clips,
        and name and reason where it would become a slice of one's own.
    may_judge
        False for who may only look: words of a page before stay in the tab.
    undoes
        Name of the table and model of which `saved` says what was done to several slices; "" where it does not.
    news
        Token by which the browser asks for what is written elsewhere, and the newest numbers that it has.
    """
    data = {
        "verdicts": [asdict(button) for button in verdicts],
        "slice": slice_id,
        "about": about,
        "judged": dict(judged),
        "carried": {slice_id: asdict(each) for slice_id, each in carried.items()},
        "opinions": {
            slice_id: [asdict(opinion) for opinion in given] for slice_id, given in opinions.items()
        },
        "tags": list(tags),
        "known_tags": list(known_tags),
        "note": note,
        "longest": {"line": LONGEST_LINE, "note": LONGEST_NOTE},
        "account": account,
        "is_login": is_login,
        "reviewers": {name: list(browsers) for name, browsers in reviewers.items()},
        "other_names": dict(other_names),
        "assignees": dict(assignees),
        "people": list(people),
        "saved": saved,
        "undoes": undoes,
        "unsaved": asdict(unsaved),
        "refused": [asdict(text) for text in refused],
        "kept": [dict(event) for event in kept],
        "framed": dict(framed) if framed else None,
        "may_judge": may_judge,
        "news": {"at": f"newest/{news[0]}", "newest": list(news[1])},
        "seq": seq,
    }
    component("review/verdict/verdict")(key=key, data=data, on_event_change=on_event, height="stretch")
