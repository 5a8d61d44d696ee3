"""Picks by what the browser said of them: the clips that the reader saw, whichever session of the server is asked.

What a pick of the browser is (`picked` in its words) is the event that picked, as `web/review.js` has it: with the
`basis` of the page on which it was made, with the pick `within` which it was, and, once the browser knew that, with
the `id` of its slice. Its clips are found only where they are certainly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from slicecore.errors import SlicecoreError
from slicecore_app.review.basis import Basis, basis_of
from slicecore_app.review.clips.selecting import filter_of, similar, these
from slicecore_app.review.map.lasso import lassoed, rows_inside
from slicecore_app.review.map.legend import group
from slicecore_app.review.picking import around, cluster, cluster_of_tree, slice_with_id
from slicecore_app.review.problems.lists import digest_of, listed
from slicecore_app.review.review_result import ReviewResult
from slicecore_app.review.slice.selecting import cell, shared
from slicecore_app.session.map_colour import CLUSTER
from slicecore_app.session.packed_rows import unpacked
from slicecore_app.session.selection import Pick, all_clips, selected

Said = Mapping[str, Any]


def _lasso(said: Said, result: ReviewResult) -> Pick | None:
    rows = rows_inside(said, result)
    return None if rows is None or not len(rows) else lassoed(rows)


def _select(said: Said, result: ReviewResult) -> Pick | None:
    there = replace(result, clip_filter=filter_of(dict(said), result), everywhere=bool(said["everywhere"]))
    is_whole = len(there.clip_filter.conditions) == len(said["conditions"]) and not there.filter_problem
    return these(there) if is_whole else None


def _list(said: Said, result: ReviewResult) -> Pick | None:
    pick = listed(result, str(said["name"]))
    return pick if pick is not None and digest_of(result, pick.rows) == said["clips"] else None


def _cluster(said: Said, result: ReviewResult) -> Pick | None:
    if "key" in said:
        return cluster(result, str(said["key"]))
    return cluster_of_tree(result, str(said["slice"]), int(said["tree"]), int(said["node"]))


def _clip(said: Said, result: ReviewResult) -> Pick | None:
    row = int(said["row"])
    return around(result, row) if 0 <= row < len(result.data) else None


def _similar(said: Said, result: ReviewResult) -> Pick | None:
    row = int(said["row"])
    return similar(result, row) if 0 <= row < len(result.data) else None


def _slice(said: Said, result: ReviewResult) -> Pick | None:
    rows = unpacked(str(said["clips"]), len(result.data)) if said.get("clips") else None
    if rows is None:
        return slice_with_id(result, str(said["slice"]))
    pick = selected(rows, str(said.get("title", "")))
    return pick if id_of(pick, result) == said["slice"] else None


_ALL = Basis._fields
_MOST_WITHIN = 8
_OF_ANOTHER_VERSION = (KeyError, TypeError, ValueError, AttributeError, OverflowError, SlicecoreError)
"""Errors of what a page of another version says of a pick."""
_FIND: Mapping[str, tuple[tuple[str, ...], str, Callable[[Said, ReviewResult], Pick | None]]] = {
    "all": (("table",), "all clips", lambda said, result: all_clips(len(result.data))),
    "clip": (_ALL, "a cluster", _clip),
    "cluster": (_ALL, "a cluster", _cluster),
    "confused": (
        ("table", "metric"),
        "clips of one label",
        lambda said, result: cell(
            result, str(said["actual"]), str(said["predicted"]), bool(said["everywhere"]), str(said["of"])
        ),
    ),
    "group": (
        ("table", "embedding", "metric"),
        "a group of the legend",
        lambda said, result: group(result, str(said["by"]), int(said["index"])),
    ),
    "lasso": ((), "a lasso on the map", _lasso),
    "list": (("table",), "a list of clips", _list),
    "select": (("table", "embedding", "metric"), "clips of a filter", _select),
    "shared": (
        _ALL,
        "clips of two problems",
        lambda said, result: shared(result, said["home"], said["other"]),
    ),
    "similar": (("table", "embedding"), "clips like one", _similar),
    "slice": ((), "another slice", _slice),
}
"""Parts of the basis that the clips of a pick go by, its name, and the way to find them, by its kind."""


def picked_in(event: Mapping[str, Any]) -> Said | None:
    """The pick of an event, or that within which a pick was; None for none, and for what can be none."""
    said = each = event.get("picked", event.get("within"))
    for _ in range(_MOST_WITHIN):
        if not isinstance(each, Mapping) or not isinstance(each.get("kind"), str):
            return None
        if not isinstance(each.get("basis", []), list):
            return None
        each = each.get("within")
        if each is None:
            return said
    return None


def where_it_was(said: Mapping[str, Any], result: ReviewResult) -> ReviewResult:
    """The page with the pick within which another one was made, where its session has lost that."""
    within = picked_in(said) if result.pick is None else None
    base = found(within, result) if within else None
    return result if base is None else replace(result, pick=base)


def name_of(said: Said) -> str:
    """Name of a pick whose clips are not known."""
    return _FIND[said["kind"]][1] if said["kind"] in _FIND else "a selection"


def moved(said: Said, now: Basis) -> tuple[str, ...]:
    """Those parts of the basis, of those by which a pick goes, that are others now."""
    within = said.get("within")
    parts = {*_moved(said, now), *(moved(within, now) if within else ())}
    return tuple(part for part in Basis._fields if part in parts)


def _moved(said: Said, now: Basis) -> Collection[str]:
    needs = _FIND[said["kind"]][0] if said["kind"] in _FIND else ()
    if said["kind"] == "group" and said.get("by") != CLUSTER:
        needs = tuple(part for part in needs if part != "embedding")
    then = said.get("basis") or ()
    known = Basis(*map(str, then)) if len(then) == len(now) else Basis("", "", "", "")
    return [part for part in needs if getattr(known, part) != getattr(now, part)]


def found(said: Said, result: ReviewResult) -> Pick | None:
    """The pick with its clips; None where it is not certain which they were."""
    if moved(said, basis_of(result)):
        return None
    try:
        return _found(said, result)
    except _OF_ANOTHER_VERSION:
        return None


def _found(said: Said, result: ReviewResult) -> Pick | None:
    within = said.get("within")
    base = _found(within, result) if within else None
    if said["kind"] not in _FIND or (within and base is None):
        return None
    pick = _FIND[said["kind"]][2](said, replace(result, pick=base))
    return pick if pick is not None and said.get("id") in (None, id_of(pick, result)) else None


def id_of(pick: Pick, result: ReviewResult) -> str:
    """Id of the slice that a pick is."""
    return result.scanner.group(pick.rows, result.scan.options.against).id


def is_as_seen(said: Said | None, rows: np.ndarray, result: ReviewResult) -> bool:
    """True if the clips that a pick came to be in this session are those that the reader saw."""
    if said is None:
        return True
    if said["kind"] in ("list", "select", "confused"):
        pick = found(said, result)
        return pick is not None and np.array_equal(pick.rows, rows)
    return not moved(said, basis_of(result))
