"""Words that could not be written: they come again from the page before, or wait for their slice or table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from slicecore.storage.verdicts import name_of_comparison
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.review.seen_picks import name_of, picked_in
from slicecore_app.review.verdict.events import clip_ids, packed_clips, press, said_of
from slicecore_app.session.kept_words import assignment_of, event_of, record_of, unplaced
from slicecore_app.session.packed_rows import unpacked
from slicecore_app.session.review_records import Naming, Record, UnplacedWords
from slicecore_app.session.reviews import ReviewSession
from slicecore_app.session.saving import Status
from slicecore_app.session.signature import Signature, signature_of

MOST_FRAMED = 5_000
"""Clips of a slice that the browser is told with it, so that what is said of it finds them whatever happens."""
_OF_THE_LIST = ("decline", "assignees")
"""Words whose slices only the list of their own model has."""
_OF_A_CLIP = ("mark", "correction")


def framed(result: ReviewResult, problem: Problem) -> dict[str, Any]:
    """Slice that is picked, as the browser sends it back with what is said of it."""
    own = problem.own if problem.draft else None
    return {
        "title": slice_name(problem),
        "clips": packed_clips(result, problem) if problem.slice.support <= MOST_FRAMED else "",
        "own": [own.name, own.reason] if own else None,
    }


def take_kept(result: ReviewResult, reviews: ReviewSession, event: Mapping[str, Any]) -> None:
    """Write words of a page before that had waited there, or let them wait on."""
    try:
        signature = signature_of(event)
        if event.get("why"):
            reviews.keep_unplaced(unplaced(event, str(event["why"])), signature)
        elif _is_elsewhere(result, event):
            reviews.keep_unplaced(unplaced(event, "elsewhere"), signature)
        elif records := _records(result, event):
            _write(reviews, records, signature)
        else:
            reviews.keep_unplaced(unplaced(event, "gone"), signature)
    except (KeyError, TypeError, ValueError, AttributeError):  # a browser may have words of another version
        reviews.refuse("What was not saved can't be read any more.")


def take_up(result: ReviewResult, reviews: ReviewSession) -> None:
    """Write what has waited for the table and model on the page."""
    for waiting in reviews.status.unsaved:
        words = waiting.record
        if not isinstance(words, UnplacedWords) or words.why != "elsewhere":
            continue
        if not _is_elsewhere(result, words.event) and reviews.may_write(waiting.signature):
            reviews.take_up(words)
            take_kept(result, reviews, words.event)
            reviews.memory.page_is_old = True


def keep_for_later(reviews: ReviewSession, event: dict[str, Any], why: str) -> None:
    """Let a verdict, tags and a note, or an assignment wait whose slice, table or model was gone when it came.

    Of the clips the browser may know only how they were picked, see `left_behind.find_picks`.
    """
    slice_, picked = event.get("framed") or {}, picked_in(event)
    part: dict[str, Any] = {
        "slice": event["slice"] or "",
        "title": slice_.get("title", name_of(picked) if picked else "another slice"),
        "clips": slice_.get("clips", ""),
        "own": slice_.get("own"),
        "press": press(event),
        **said_of(event),
        **({"picked": picked} if picked and not slice_.get("clips") else {}),
    }
    keep_word(reviews, event, [part], why)


def keep_word(reviews: ReviewSession, event: Mapping[str, Any], parts: Sequence[Any], why: str) -> None:
    """Let what an event says of slices wait, `parts` as `kept_words.part_of` has them."""
    signature = signature_of(event) or reviews.memory.signature
    kind = "assign" if event["kind"] == "assign" else "slices"
    kept = event_of(event["about"], {"of": kind, "parts": list(parts)}, signature, press(dict(event)))
    reviews.keep_unplaced(unplaced(kept, why), signature)


def keep_for_table(reviews: ReviewSession, event: Mapping[str, Any]) -> None:
    """Let a mark or a correction of a reference wait until its table is on the page again."""
    word = {"of": "mark", "clip": event["clip"], "wrong": bool(event.get("wrong"))}
    if event["kind"] == "correct":
        word = {"of": "correction", "clip": event["clip"], "text": event["text"], "seen": event["seen"]}
    signature = signature_of(event) or reviews.memory.signature
    kept = event_of(f"{event['table']} ", word, signature)
    reviews.keep_unplaced(unplaced(kept, "elsewhere"), signature)


def _write(reviews: ReviewSession, records: Sequence[Record], signature: Signature | None) -> None:
    """Write records that make up a word, or let them wait; where one is refused, those after it are not said."""
    for record in records:
        if not reviews.judge_again(record, signature) and isinstance(record, Naming):
            return


def place(
    result: ReviewResult, reviews: ReviewSession, words: UnplacedWords, event: Mapping[str, Any]
) -> None:
    """Write words that wait for the reader's consent, as an `event` has them by now."""
    records, signature = records_to_place(result, event), signature_of(event)
    if records and reviews.may_write(signature):
        reviews.take_up(words)
        _write(reviews, records, signature)
        reviews.memory.page_is_old = True  # a selection becomes a slice of one's own by it


def latest(status: Status) -> UnplacedWords | None:
    """The latest words, where they wait for the reader's consent."""
    records = [waiting.record for waiting in status.unsaved]
    last = records[-1] if records else None
    return last if isinstance(last, UnplacedWords) and last.why != "elsewhere" else None


def records_to_place(result: ReviewResult, event: Mapping[str, Any]) -> Sequence[Record]:
    """Records of words that wait for the reader's consent; none where they can't be written."""
    return () if _is_elsewhere(result, event) else _records(result, event)


def _is_elsewhere(result: ReviewResult, event: Mapping[str, Any]) -> bool:
    """True for words about another table, or those that need another model on the page."""
    model = model_of(result, str(event["about"]))
    return model is None or (event["word"]["of"] in _OF_THE_LIST and model != result.judged)


def model_of(result: ReviewResult, about: str) -> str | None:
    """The model of this table, or two that are compared, which words are about; "" for a reference; else None."""
    table = f"{result.verdicts.name} "
    models = [result.prediction, *result.data.predictions]
    pairs = (name_of_comparison(*pair) for pair in itertools.permutations(dict.fromkeys(models), 2))
    model = about.removeprefix(table)
    return model if about.startswith(table) and model in ("", result.judged, *models, *pairs) else None


def _records(result: ReviewResult, event: Mapping[str, Any]) -> Sequence[Record]:
    """Records of words about this table; none where their clips are not there."""

    def clips_of(slice_id: str, rows: str) -> tuple[str, ...] | None:
        return _clips(result, slice_id, rows)

    model, word = model_of(result, str(event["about"])) or "", event["word"]
    if word["of"] in _OF_A_CLIP:
        row = result.data.row_of_id.get(str(word["clip"]))
        if row is None or result.data.roles.reference is None:
            return ()
        word = {"original": str(result.data.reference[row]), **word}
    if word["of"] == "assign":
        there = {part["slice"] for part in word["parts"] if result.problem(str(part["slice"])) is not None}
        return assignment_of(word["parts"], there, result.verdicts.name, model, clips_of)
    record = record_of(word, result.verdicts.name, model, clips_of)
    return () if record is None else (record,)


def _clips(result: ReviewResult, slice_id: str, rows: str) -> tuple[str, ...] | None:
    """Ids of the clips of a slice; None where neither the page nor the rows have it."""
    problem = result.judgeable(slice_id)
    if problem is not None:
        return clip_ids(result, problem)
    members = unpacked(rows, len(result.data)) if rows else None
    if members is None or result.scanner.group(members, result.scan.options.against).id != slice_id:
        return None
    return tuple(result.data.ids[members].tolist())
