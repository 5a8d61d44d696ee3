"""Words that wait, as events that bring them to another session: after a reload, or a restart of the server.

An event has the kind "kept", what it is `about` (the name of a table and of a model), the signature of whoever said it,
and the `word`; with `why`, the reader has to say whether it is to be saved (`UnplacedWords`). Texts for the notes of
several that were refused come again as they came first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from slicecore.storage.verdicts import LONGEST_NOTE, UNCHANGED, Change, Newest, Origin, Refusal
from slicecore.wording import counted
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    Naming,
    Record,
    Removal,
    SharedNotes,
    SliceChange,
    SliceChanges,
    Subject,
    UnplacedWords,
)
from slicecore_app.session.saving import Status, Unsaved
from slicecore_app.session.signature import Signature

ClipsOf = Callable[[str, str], tuple[str, ...] | None]
"""Ids of the clips of a slice, by its id and its packed rows; None where they are not there."""


def kept_words(status: Status, here: str, newest: int) -> list[dict[str, Any]]:
    """Events that would bring what waits once more.

    `newest` is the number of the newest judgement that is shown of the table and model `here`.
    """
    return [_event(each, here, newest) for each in status.unsaved if not each.is_undo_held_up]


def _event(waiting: Unsaved, here: str, newest: int) -> dict[str, Any]:
    record = waiting.record
    if isinstance(record, UnplacedWords):
        return dict(record.event)
    if isinstance(record, SharedNotes):
        # Who leaves it there knows what was judged since.
        number = max(record.seen, newest) if record.about == here else record.seen
        return _notes(record, number)
    subject = record.subject
    press = record.parts[0].event if isinstance(record, SliceChanges) else ""
    return event_of(subject.about, _word(record), waiting.signature, press)


def event_of(
    about: str, word: Mapping[str, Any], signature: Signature | None, press: str = "", why: str = ""
) -> dict[str, Any]:
    """The event that brings a word again."""
    signed = {}
    if signature is not None:
        signed = {"reviewer": signature.name, "browser": signature.browser, "is_same": signature.is_same}
    more = {"why": why} if why else {}
    return {"kind": "kept", "about": about, "press": press, **signed, "word": dict(word), **more}


def unplaced(event: Mapping[str, Any], why: str) -> UnplacedWords:
    """Words of an event as they wait. Raises KeyError, TypeError and ValueError where it is none."""
    about, word = str(event["about"]), event["word"]
    digest = hashlib.sha256(json.dumps([about, word], sort_keys=True).encode()).hexdigest()[:16]
    parts = word.get("parts", ())
    title = str(word.get("title") or word.get("clip", ""))
    if parts:
        title = str(parts[0]["title"]) if len(parts) == 1 else counted(len(parts), "problem")
    kept = {**event, "why": why} if why != "elsewhere" else event
    return UnplacedWords(about, digest, title, dict(kept), why, len(parts) or 1)


def _notes(notes: SharedNotes, seen: int) -> dict[str, Any]:
    return {
        "kind": "notes",
        "about": notes.about,
        "newest": [seen],
        "press": notes.event,
        "slices": list(notes.slices),
        "added": list(notes.added),
        "removed": list(notes.removed),
        "line": notes.line,
    }


def _word(record: Record) -> dict[str, Any]:
    if isinstance(record, SliceChanges):
        return {"of": "slices", "parts": [part_of(part) for part in record.parts]}
    if isinstance(record, Mark):
        return {"of": "mark", "clip": record.subject.id, "wrong": record.wrong}
    if isinstance(record, Correction):
        return {
            "of": "correction",
            "clip": record.clip,
            "original": record.original,
            "text": record.text,
            "seen": record.seen,
        }
    if isinstance(record, Decline):
        refusal = record.refusal
        return {
            "of": "decline",
            "title": record.title,
            "slice": refusal.slice_id,
            "origin": list(refusal.origin),
            "takes_back": record.takes_back,
        }
    if isinstance(record, Naming | Removal):
        return _own_slice(record)
    assert isinstance(record, Assignees)
    return {
        "of": "assignees",
        "title": record.title,
        "titles": dict(record.titles),
        "to": dict(record.assignees),
        "seen": record.seen,
    }


def _own_slice(record: Naming | Removal) -> dict[str, Any]:
    if isinstance(record, Removal):
        return {
            "of": "removal",
            "slice": record.slice_id,
            "title": record.title,
            "seen": list(record.seen),
        }
    return {
        "of": "name",
        "slice": record.slice_id,
        "title": "",
        "name": record.name,
        "reason": record.reason,
        "clips": record.packed,
    }


def part_of(part: SliceChange) -> dict[str, Any]:
    """A change of one slice as data, see `change_of`."""
    change = part.change
    said = {"verdict": change.verdict, "tags": change.tags, "note": change.note}
    return {
        "slice": part.subject.id,
        "title": part.title,
        "clips": part.packed,
        "seen": part.seen,
        "press": part.event,
        "own": list(part.own) if part.own else None,
        "origin": list(astuple(part.origin)) if part.origin else None,
        "steps": [list(step) for step in part.tag_steps],
        "lines": list(change.lines),
        **{name: value for name, value in said.items() if value is not UNCHANGED},
    }


def record_of(word: Mapping[str, Any], table: str, model: str, clips_of: ClipsOf) -> Record | None:
    """Record of a word about a table and model, which has waited; None where its clips are not there.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where it is no word.
    """
    kind = word["of"]
    if kind == "slices":
        parts = [change_of(part, table, model, clips_of) for part in word["parts"]]
        there = tuple(part for part in parts if part is not None)
        return SliceChanges(there) if there and len(there) == len(parts) else None
    if kind == "mark":
        return Mark(Subject(table, "", str(word["clip"])), bool(word["wrong"]))
    if kind == "correction":
        clip, text = str(word["clip"]), word["text"]
        subject = Subject(table, "", f"corrected {clip}")
        return Correction(
            subject, clip, str(word["original"]), None if text is None else str(text), int(word["seen"])
        )
    if kind == "decline":
        slice_id, (workspace, of_model, of_slice) = str(word["slice"]), map(str, word["origin"])
        clips = clips_of(slice_id, "")
        refusal = Refusal(slice_id, clips or (), model, (workspace, of_model, of_slice))
        subject = Subject(table, model, f"declined {slice_id}")
        return Decline(subject, str(word["title"]), refusal, bool(word["takes_back"])) if clips else None
    if kind in ("name", "removal"):
        return _of_own_slice(word, table, clips_of)
    if kind == "assignees":
        titles = {str(slice_id): str(title) for slice_id, title in word["titles"].items()}
        to = {slice_id: str(word["to"][slice_id]) for slice_id in titles}
        members = {slice_id: clips_of(slice_id, "") for slice_id in titles}
        known = {slice_id: clips for slice_id, clips in members.items() if clips}
        subject = Subject(table, model, f"assigned {' '.join(sorted(to))}")
        is_there = known and len(known) == len(titles)
        return Assignees(subject, titles, to, known, int(word["seen"])) if is_there else None
    raise ValueError(f"{kind!r} is no kind of word.")


def assignment_of(
    parts: Sequence[Mapping[str, Any]], listed: Collection[str], table: str, model: str, clips_of: ClipsOf
) -> Sequence[Record]:
    """Records of slices that are somebody's to judge; those that are not `listed` become slices of one's own first.

    None where the clips of one of them are not there. Raises KeyError, TypeError and ValueError where it is no word.
    """
    titles = {str(part["slice"]): str(part["title"]) for part in parts}
    rows = {str(part["slice"]): str(part.get("clips", "")) for part in parts}
    clips = {slice_id: clips_of(slice_id, rows[slice_id]) or () for slice_id in titles}
    if not titles or not all(clips.values()):
        return ()
    names = {str(part["slice"]): part["own"] for part in parts if part.get("own")}
    namings = [
        Naming.of(table, slice_id, str(name), clips[slice_id], str(reason), rows[slice_id])
        for slice_id, (name, reason) in names.items()
        if slice_id not in listed
    ]
    to = {str(part["slice"]): str(part["to"]) for part in parts}
    subject = Subject(table, model, f"assigned {' '.join(sorted(to))}")
    return (*namings, Assignees(subject, titles, to, clips, max(int(part["seen"]) for part in parts)))


def _of_own_slice(word: Mapping[str, Any], table: str, clips_of: ClipsOf) -> Naming | Removal | None:
    if word["of"] == "removal":
        return Removal.of(table, str(word["slice"]), str(word["title"]), Newest(*map(int, word["seen"])))
    slice_id, rows, reason = str(word["slice"]), str(word.get("clips", "")), word["reason"]
    clips, name = clips_of(slice_id, rows), str(word["name"])
    if reason is None:  # the slice is there
        return Naming.of(table, slice_id, name, clips or (), None, rows)
    return Naming.of(table, slice_id, name, clips, str(reason), rows) if clips else None


def change_of(part: Mapping[str, Any], table: str, model: str, clips_of: ClipsOf) -> SliceChange | None:
    """The change of one slice that data from `part_of` are; None where its clips are not there."""
    slice_id = str(part["slice"])
    clip_ids = clips_of(slice_id, str(part.get("clips", "")))
    if clip_ids is None:
        return None
    verdict, note = part.get("verdict", UNCHANGED), part.get("note", UNCHANGED)
    own, origin = part.get("own"), part.get("origin")
    return SliceChange(
        Subject(table, model, slice_id),
        str(part["title"]),
        clip_ids,
        Change(
            verdict if verdict is UNCHANGED or verdict is None else str(verdict),
            tuple(map(str, part["tags"])) if "tags" in part else UNCHANGED,
            note if note is UNCHANGED else str(note),
            tuple(map(str, part.get("lines", ()))),
        ),
        seen=int(part["seen"]),
        own=(str(own[0]), str(own[1])) if own else None,
        event=str(part.get("press", "")),
        origin=_origin(*origin) if origin else None,
        room=LONGEST_NOTE,
        tag_steps=tuple((str(tag), bool(is_added)) for tag, is_added in part.get("steps", ())),
        packed=str(part.get("clips", "")),
        is_again=True,
    )


def _origin(workspace: Any, table: Any, model: Any, slice_id: Any, number: Any, overlap: Any) -> Origin:
    return Origin(str(workspace), str(table), str(model), str(slice_id), int(number), float(overlap))
