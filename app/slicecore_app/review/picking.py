"""Slices and clusters that can be picked, by their id, their key, or a clip in them."""

from __future__ import annotations

import numpy as np

from slicecore_app.review.review_result import ReviewResult
from slicecore_app.session import selection
from slicecore_app.session.selection import Pick


def pick_slice(result: ReviewResult, slice_id: str) -> None:
    """Look at a flagged slice or one's own; a selection that has no slice yet stays picked."""
    if (pick := slice_with_id(result, slice_id)) is not None:
        selection.pick(pick)


def slice_with_id(result: ReviewResult, slice_id: str) -> Pick | None:
    """A flagged slice or one's own; None where the page has none with this id."""
    problem = result.problem(slice_id)
    if problem is None:
        return None
    if problem.own:
        return Pick("own", slice_id, problem.slice.members, reason=problem.own.reason)
    return Pick("slice", slice_id, problem.slice.members, problem.slice)


def around(result: ReviewResult, row: int) -> Pick:
    """The slice of a clip, or its cluster where it is in none."""
    index = result.scan.slice_of_clip[row]
    found = slice_with_id(result, result.scan.slices[index].id) if index >= 0 else None
    return found or _of_node(result, result.tree.smallest_with(row))


def cluster(result: ReviewResult, key: str) -> Pick | None:
    """A cluster of the treemap; None where it has none with this key."""
    return _of_node(result, list(result.tree.key).index(key)) if key in result.tree.key else None


def _of_node(result: ReviewResult, node: int) -> Pick:
    return Pick("cluster", result.tree.key[node], np.sort(result.tree.members(node)))


def cluster_of_tree(result: ReviewResult, slice_id: str, tree: int, node: int) -> Pick | None:
    """A cluster of one of the trees; None where it is not the one with this id, as in trees of another embedding."""
    trees = result.scanner.hierarchy.trees
    if not (0 <= tree < len(trees) and 0 <= node < len(trees[tree].parent)):
        return None
    found = result.scanner.cluster(tree, node, result.scan.options.against)
    return Pick("cluster", "", found.members, found) if found.id == slice_id else None
