"""Tree of the treemap: FINCH clusters of the vectors as they are, with the chosen slices grafted in."""

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.clustering.tree import Tree
from slicecore.slices.scanner import Scan

_TOP_CLUSTERS = 12
_FEW_CLUSTERS = 4
_SMALLEST_PARENT = 12  # clusters of fewer clips are shown as one tile
_TILES_PER_PARENT = 60  # and so are those of less than this part of all clips


@dataclass(frozen=True, eq=False)
class ClusterTree:
    """Clusters of the treemap, the root first and parents before children. The children of a node partition it.

    Attributes
    ----------
    key : (nodes,) names that stay the same while thresholds change; that of a slice, or of its part, is its id.
    parent : (nodes,) -1 at the root.
    order : (m,) rows of the clips that belong to clusters.
    start, end : (nodes,) the members of node v are `order[start[v]:end[v]]`.
    value, drop : (nodes,) the metric and how much worse it is than overall; NaN where it has no value.
    slice : (nodes,) position in `Scan.slices` where the node is a slice or a part of one, else -1.
    """

    key: tuple[str, ...]
    parent: NDArray[np.int64]
    order: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    value: NDArray[np.float64]
    drop: NDArray[np.float64]
    slice: NDArray[np.int64]

    @property
    def support(self) -> NDArray[np.int64]:
        """(nodes,) number of clips of every node."""
        return self.end - self.start

    def members(self, node: int) -> NDArray[np.int64]:
        """Rows of the clips of a node."""
        return self.order[self.start[node] : self.end[node]]

    def node_of(self, rows: NDArray[np.int64]) -> int | None:
        """Node with exactly these clips, sorted rows; None where there is none."""
        for node in np.flatnonzero(self.support == len(rows)).tolist():
            if np.array_equal(np.sort(self.members(node)), rows):
                return int(node)
        return None

    def smallest_with(self, row: int) -> int:
        """Smallest node that holds a clip.

        Raises
        ------
        KeyError
            The clip has no vector and belongs to no cluster.
        """
        position = np.flatnonzero(self.order == row)
        if not len(position):
            raise KeyError(row)
        inside = np.flatnonzero((self.start <= position[0]) & (position[0] < self.end))
        return int(inside[-1])  # they are nested, and parents come first


def cluster_tree(hierarchy: Hierarchy, scan: Scan, max_nodes: int = 1000) -> ClusterTree:
    """Tree of clusters that the treemap shows.

    At the top at most a dozen clusters, below them the FINCH levels of the first tree as long as clusters are large.
    A slice is part of the smallest cluster that holds most of it; its clips leave the tiles where they were. One of
    several parts has a tile for each, where that part belongs.

    Parameters
    ----------
    hierarchy, scan
        A scan of this hierarchy.
    max_nodes
        Most nodes to show. The largest clusters are split first.
    """
    tree = hierarchy.trees[0]
    if not len(tree.order):
        none = np.zeros(0, dtype=np.int64)
        return ClusterTree((), none, none, none, none, np.zeros(0), np.zeros(0), none)
    smallest = max(_SMALLEST_PARENT, len(tree.order) // _TILES_PER_PARENT)
    flagged = [(i, part) for i, slice_ in enumerate(scan.slices) for part in slice_.parts or (slice_,)]
    budget = max_nodes - 1 - 2 * len(flagged)  # a slice may leave the rest of its tile beside it
    root = len(tree.parent) - 1
    top = [node for node in _top_clusters(tree) if node != root]  # clips that are all alike are one cluster
    parts = _split(tree, root, top, smallest, budget)
    budget -= sum(map(len, parts.values()))
    grafts = []
    for i, slice_ in flagged:
        own_tree = hierarchy.trees[slice_.tree]
        # Clips beside clusters, or a cluster of which other slices have some clips.
        if slice_.tree < 0 or slice_.support < own_tree.size[slice_.node]:
            grafts.append(_Tile(slice_.id, slice_.members, slice=i))
            continue
        own_parts = _split(own_tree, slice_.node, _finch_parts(own_tree, slice_.node), smallest, budget)
        budget -= sum(map(len, own_parts.values()))
        grafts.append(_graft(own_tree, slice_.tree, slice_.node, own_parts, key=slice_.id, slice=i))

    free = scan.slice_of_clip < 0
    free_count = tree.sums(free.astype(np.float64))
    place = np.full(hierarchy.n, -1, dtype=np.int64)
    place[tree.order] = np.arange(len(tree.order))
    hosted: dict[int, list[_Tile]] = {}
    for (_, slice_), tile in zip(flagged, grafts, strict=True):
        hosted.setdefault(_host(tree, root, parts, free_count, place, slice_.members), []).append(tile)

    def remaining(node: int) -> _Tile | None:
        """Tile of a cluster without the clips that have gone to slices elsewhere, None if nothing is left."""
        guests = hosted.get(node, [])
        if node in parts:
            inner = [tile for part in parts[node] if (tile := remaining(part))] + guests
        else:
            members = tree.members(node)
            rest = members[free[members]]
            if not guests:
                return _Tile(_key(0, node), rest) if len(rest) else None
            inner = ([_Tile(_key(0, node) + "-rest", rest)] if len(rest) else []) + guests
        if len(inner) == 1 and inner[0].slice < 0:
            return _Tile(_key(0, node), inner[0].clips, inner[0].parts)
        return _Tile(_key(0, node), tree.order[:0], inner) if inner else None

    whole = remaining(root)
    assert whole is not None  # every clip is in a slice or free
    return _flatten(whole, scan)


@dataclass(frozen=True, eq=False)
class _Tile:
    key: str
    clips: NDArray[np.int64]  # of a tile without parts
    parts: list["_Tile"] = field(default_factory=list)
    slice: int = -1


def _key(tree: int, node: int) -> str:
    return f"{tree}-{node}"


def _finch_parts(tree: Tree, node: int) -> list[int]:
    """Clusters of the next finer FINCH level inside a node."""
    parts, stack = [], list(tree.children[node])
    while stack and stack[0] >= 0:
        part = stack.pop()
        if tree.level[part] >= 0:
            parts.append(int(part))
        else:
            stack += list(tree.children[part])
    return parts


def top_cluster_of_clip(hierarchy: Hierarchy) -> NDArray[np.int64]:
    """Number (n,) of the top cluster of the treemap that each clip is in, the largest 0; -1 for none."""
    tree = hierarchy.trees[0]
    numbers = np.full(hierarchy.n, -1, dtype=np.int64)
    if len(tree.order):
        nodes = sorted(_top_clusters(tree), key=lambda node: (-int(tree.size[node]), node))
        for i, node in enumerate(nodes):
            numbers[tree.members(node)] = i
    return numbers


def _top_clusters(tree: Tree) -> list[int]:
    """At most a dozen clusters that make up the whole: a FINCH level, else the best cut between two levels."""
    root = len(tree.parent) - 1
    coarser, finer = np.array([root]), tree.partition(int(tree.level.max()))
    for level in range(int(tree.level.max()), -1, -1):
        finer = tree.partition(level)
        if len(finer) > _TOP_CLUSTERS:
            break
        coarser = finer
    if len(coarser) >= _FEW_CLUSTERS or len(finer) <= _TOP_CLUSTERS:
        return coarser.tolist()
    whole = set(finer.tolist())
    cut = [(-tree.split[root], root)]
    while len(cut) < _TOP_CLUSTERS and cut[0][0] < 0:
        _, node = heapq.heappop(cut)
        for part in tree.children[node].tolist():
            heapq.heappush(cut, (0.0 if part in whole else -tree.split[part], part))
    return [node for _, node in cut]


def _split(tree: Tree, node: int, first: list[int], smallest: int, budget: int) -> dict[int, list[int]]:
    """Parts of the clusters that are shown with parts, the largest first, as long as the budget of nodes lasts."""
    parts: dict[int, list[int]] = {}
    queue = [(-int(tree.size[node]), node)]
    while queue:
        negative_size, node = heapq.heappop(queue)
        inner = _finch_parts(tree, node) if parts else first
        if -negative_size < smallest or len(inner) > budget:
            break
        if inner:
            budget -= len(inner)
            parts[node] = inner
            for part in inner:
                heapq.heappush(queue, (-int(tree.size[part]), part))
        elif not parts:
            break
    return parts


def _host(
    tree: Tree,
    root: int,
    parts: dict[int, list[int]],
    free: NDArray[np.float64],
    place: NDArray[np.int64],
    members: NDArray[np.int64],
) -> int:
    """Smallest shown cluster that holds most of a slice and clips outside all slices besides.

    `place` is that of every clip in the order of the tree, -1 for none.
    """
    positions = np.sort(place[members])
    host = root
    while True:
        for part in parts.get(host, []):
            inside = np.searchsorted(positions, tree.end[part]) - np.searchsorted(positions, tree.start[part])
            if 2 * inside > len(members) and free[part] > 0:
                host = part
                break
        else:
            return host


def _graft(
    tree: Tree, index: int, node: int, parts: dict[int, list[int]], key: str = "", slice: int = -1
) -> _Tile:
    inner = [_graft(tree, index, part, parts) for part in parts.get(node, [])]
    return _Tile(key or _key(index, node), tree.members(node), inner, slice)


def _flatten(whole: _Tile, scan: Scan) -> ClusterTree:
    key: list[str] = []
    parent: list[int] = []
    start: list[int] = []
    end: list[int] = []
    slices: list[int] = []
    clips: list[NDArray[np.int64]] = []

    def add(tile: _Tile, above: int, begin: int) -> int:
        node = len(key)
        key.append(tile.key)
        parent.append(above)
        start.append(begin)
        end.append(begin)
        slices.append(tile.slice)
        if tile.parts:
            for part in tile.parts:
                begin = add(part, node, begin)
        else:
            clips.append(tile.clips)
            begin += len(tile.clips)
        end[node] = begin
        return begin

    add(whole, -1, 0)
    order, first, last = np.concatenate(clips), np.array(start), np.array(end)
    value = scan.costs.values_of_runs(order, first, last)
    drop = scan.costs.drop(value, scan.overall)
    return ClusterTree(tuple(key), np.array(parent), order, first, last, value, drop, np.array(slices))
