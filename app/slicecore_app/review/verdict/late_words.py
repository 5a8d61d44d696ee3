"""Sentences about words that came too late: what they say, why they wait, and the way in which they can be saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slicecore_app.review.verdict.component import UnsavedNote
from slicecore_app.review.verdict.labels import VERDICT_LABELS
from slicecore_app.session.review_records import UnplacedWords

MOVED = "The table or the model was changed before this was saved."
_WHY = {
    "cleared": "The selection was cleared before this was saved.",
    "changed": MOVED,
    "gone": "The clips that this is about are not in the table as they were.",
    "elsewhere": "This is saved when its table and model are open again.",
}
"""Sentences that say why words wait that can't be written."""
_SAID = {"decline": "what is carried over does not hold", "removal": "taken off the list"}
_WAY = {
    "cleared": "Select the same clips again to save it.",
    "changed": "Open them again to save it.",
}
_BASIS = {"embedding": "embedding", "metric": "model and metric", "scan": "thresholds", "map": "map"}
_SINGLE = (_BASIS["embedding"], _BASIS["map"])


@dataclass(frozen=True)
class Way:
    """The way in which words that came too late can be written: by an `event` that brings them; None for none.

    `is_lost`: it is not certain which clips they are about, as `moved` is another on the page (see `review.basis`). The
    event brings them for those that are selected now.
    """

    event: Mapping[str, Any] | None
    is_lost: bool = False
    moved: Sequence[str] = ()


def unplaced_note(count: int, words: UnplacedWords, way: Way) -> UnsavedNote:
    """The note beside the verdicts about words that came too late, of so many that are not saved."""
    said, copied = _said(words.event["word"])
    about = f"{words.title}: {said}" if words.title else said
    if way.event is not None and not way.is_lost:
        return UnsavedNote(count, f"{_WHY[words.why]} {about}", "place", "Save", copied=copied)
    if not way.is_lost:
        text = " ".join(filter(None, [_WHY[words.why], _WAY.get(words.why), about]))
        return UnsavedNote(count, text, "discard", "Discard", copied=copied)
    why = f"{_WHY[words.why]} {_lost(way.moved)}"
    if way.event is None:
        text = f"{why} Select clips to save it for these. {about}"
        return UnsavedNote(count, text, "discard", "Discard", copied=copied)
    text = f"{why} It can be saved for the clips that are selected now. {about}"
    return UnsavedNote(count, text, "place", "Save for these", copied=copied)


def _lost(moved: Sequence[str]) -> str:
    """Sentence about clips of which it is not certain which they were."""
    if not moved:
        return "It is not certain by now which clips it is about."
    if "table" in moved:
        return "The table has changed since, and its clips may be others."
    same = [_BASIS[part] for part in moved]
    names = " and ".join(filter(None, [", ".join(same[:-1]), same[-1]]))
    return f"Its clips are found where the same {names} {'is' if names in _SINGLE else 'are'} on the page."


def _said(word: Mapping[str, Any]) -> tuple[str, str]:
    """Words as they were said, and the text in them that somebody may want to take elsewhere."""
    if word["of"] == "mark":
        return "called wrong" if word["wrong"] else "not called wrong any more", ""
    if word["of"] == "correction":
        text = word["text"]
        return ("the original was put back", "") if text is None else (f"corrected to “{text}”", str(text))
    if word["of"] in _SAID:
        return _SAID[word["of"]], ""
    if word["of"] in ("assignees", "assign"):
        to = word["to"].values() if word["of"] == "assignees" else [part["to"] for part in word["parts"]]
        return f"for {' and '.join(filter(None, dict.fromkeys(to))) or 'nobody'}", ""
    if word["of"] == "name":
        return f"named “{word['name']}”", str(word["name"])
    parts = word["parts"]
    notes = dict.fromkeys(
        text for part in parts for text in [part.get("note"), *part.get("lines", ())] if text
    )
    tags = dict.fromkeys(tag for part in parts for tag in part.get("tags", ()))
    verdicts = dict.fromkeys(part["verdict"] for part in parts if "verdict" in part)
    labels = [VERDICT_LABELS.get(verdict, "no verdict") for verdict in verdicts]
    said = [*labels, *tags, *(f"“{note}”" for note in notes)]
    return ", ".join(said) or "no tags, no note", "\n".join(notes) or ", ".join(tags)
