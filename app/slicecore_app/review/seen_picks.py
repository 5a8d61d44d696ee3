"""Picks by what the browser says of them: the clips that the reader saw, whichever session of the server is asked.

What a pick of the browser is (`picked` in its words) is the event that picked, as `web/review.js` has it: with the
`basis` of the page on which it was made, with the pick `within` which it was, and, once the browser knew that, with
the `id` of its slice. Its clips are found only where they are certainly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

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

SeenPick = Mapping[str, Any]
"""A pick in the words of the browser."""


def _all(seen: SeenPick, result: ReviewResult) -> Pick:
    return all_clips(len(result.data))


def _confused(seen: SeenPick, result: ReviewResult) -> Pick | None:
    return cell(
        result, str(seen["actual"]), str(seen["predicted"]), bool(seen["everywhere"]), str(seen["of"])
    )


def _group(seen: SeenPick, result: ReviewResult) -> Pick | None:
    return group(result, str(seen["by"]), int(seen["index"]))


def _shared(seen: SeenPick, result: ReviewResult) -> Pick | None:
    return shared(result, seen["home"], seen["other"])


def _lasso(seen: SeenPick, result: ReviewResult) -> Pick | None:
    rows = rows_inside(seen, result)
    return None if rows is None or not len(rows) else lassoed(rows)


def _select(seen: SeenPick, result: ReviewResult) -> Pick | None:
    there = replace(result, clip_filter=filter_of(dict(seen), result), everywhere=bool(seen["everywhere"]))
    is_whole = len(there.clip_filter.conditions) == len(seen["conditions"]) and not there.filter_problem
    return these(there) if is_whole else None


def _list(seen: SeenPick, result: ReviewResult) -> Pick | None:
    pick = listed(result, str(seen["name"]))
    return pick if pick is not None and digest_of(result, pick.rows) == seen["clips"] else None


def _cluster(seen: SeenPick, result: ReviewResult) -> Pick | None:
    if "key" in seen:
        return cluster(result, str(seen["key"]))
    return cluster_of_tree(result, str(seen["slice"]), int(seen["tree"]), int(seen["node"]))


def _clip(seen: SeenPick, result: ReviewResult) -> Pick | None:
    row = int(seen["row"])
    return around(result, row) if 0 <= row < len(result.data) else None


def _similar(seen: SeenPick, result: ReviewResult) -> Pick | None:
    row = int(seen["row"])
    return similar(result, row) if 0 <= row < len(result.data) else None


def _slice(seen: SeenPick, result: ReviewResult) -> Pick | None:
    rows = unpacked(str(seen["clips"]), len(result.data)) if seen.get("clips") else None
    if rows is None:
        return slice_with_id(result, str(seen["slice"]))
    pick = selected(rows, str(seen.get("title", "")))
    return pick if id_of(pick, result) == seen["slice"] else None


class _Kind(NamedTuple):
    """A way to pick clips.

    Attributes
    ----------
    basis : the parts of the page's basis by which the clips go.
    name : of such a pick, for people.
    find : the clips as they are now; None where there are none.
    """

    basis: tuple[str, ...]
    name: str
    find: Callable[[SeenPick, ReviewResult], Pick | None]


_ALL = Basis._fields
_MOST_WITHIN = 8
_OF_ANOTHER_VERSION = (KeyError, TypeError, ValueError, AttributeError, OverflowError, SlicecoreError)
"""Errors of what a page of another version says of a pick."""
_KINDS: Mapping[str, _Kind] = {
    "all": _Kind(("table",), "all clips", _all),
    "clip": _Kind(_ALL, "a cluster", _clip),
    "cluster": _Kind(_ALL, "a cluster", _cluster),
    "confused": _Kind(("table", "metric"), "clips of one label", _confused),
    "group": _Kind(("table", "embedding", "metric"), "a group of the legend", _group),
    "lasso": _Kind((), "a lasso on the map", _lasso),
    "list": _Kind(("table",), "a list of clips", _list),
    "select": _Kind(("table", "embedding", "metric"), "clips of a filter", _select),
    "shared": _Kind(_ALL, "clips of two problems", _shared),
    "similar": _Kind(("table", "embedding"), "clips like one", _similar),
    "slice": _Kind((), "another slice", _slice),
}


def picked_in(event: Mapping[str, Any]) -> SeenPick | None:
    """The pick of an event, or that within which a pick was; None for none, and for what can be none."""
    seen = each = event.get("picked", event.get("within"))
    for _ in range(_MOST_WITHIN):
        if not isinstance(each, Mapping) or not isinstance(each.get("kind"), str):
            return None
        if not isinstance(each.get("basis", []), list):
            return None
        each = each.get("within")
        if each is None:
            return seen
    return None


def where_it_was(seen: Mapping[str, Any], result: ReviewResult) -> ReviewResult:
    """The page with the pick within which another one was made, where its session has lost that."""
    within = picked_in(seen) if result.pick is None else None
    base = found(within, result) if within else None
    return result if base is None else replace(result, pick=base)


def name_of(seen: SeenPick) -> str:
    """Name of a pick whose clips are not known."""
    return _KINDS[seen["kind"]].name if seen["kind"] in _KINDS else "a selection"


def moved(seen: SeenPick, now: Basis) -> tuple[str, ...]:
    """Those parts of the basis, of those by which a pick goes, that are others now."""
    within = seen.get("within")
    parts = {*_moved(seen, now), *(moved(within, now) if within else ())}
    return tuple(part for part in Basis._fields if part in parts)


def _moved(seen: SeenPick, now: Basis) -> Collection[str]:
    needs = _KINDS[seen["kind"]].basis if seen["kind"] in _KINDS else ()
    if seen["kind"] == "group" and seen.get("by") != CLUSTER:
        needs = tuple(part for part in needs if part != "embedding")
    then = seen.get("basis") or ()
    known = Basis(*map(str, then)) if len(then) == len(now) else Basis("", "", "", "")
    return [part for part in needs if getattr(known, part) != getattr(now, part)]


def found(seen: SeenPick, result: ReviewResult) -> Pick | None:
    """The pick with its clips; None where it is not certain which they were."""
    if moved(seen, basis_of(result)):
        return None
    try:
        return _found(seen, result)
    except _OF_ANOTHER_VERSION:
        return None


def _found(seen: SeenPick, result: ReviewResult) -> Pick | None:
    within = seen.get("within")
    base = _found(within, result) if within else None
    if seen["kind"] not in _KINDS or (within and base is None):
        return None
    pick = _KINDS[seen["kind"]].find(seen, replace(result, pick=base))
    return pick if pick is not None and seen.get("id") in (None, id_of(pick, result)) else None


def id_of(pick: Pick, result: ReviewResult) -> str:
    """Id of the slice that a pick is."""
    return result.scanner.group(pick.rows, result.scan.options.against).id


def is_as_seen(seen: SeenPick | None, rows: np.ndarray, result: ReviewResult) -> bool:
    """True if the clips that a pick came to be in this session are those that the reader saw."""
    if seen is None:
        return True
    if seen["kind"] in ("list", "select", "confused"):
        pick = found(seen, result)
        return pick is not None and np.array_equal(pick.rows, rows)
    return not moved(seen, basis_of(result))
