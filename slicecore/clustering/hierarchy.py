"""Hierarchy of clusters: one tree of FINCH levels, refined by Ward linkage, over every view of the vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.clustering.neighbours import EXACT_UP_TO
from slicecore.clustering.tree import Tree
from slicecore.errors import SlicecoreError
from slicecore.mapped_memory import let_go
from slicecore.product_threads import one_thread

_ROWS_AT_ONCE = 1 << 15


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Clusters of clips, coarse to fine, as one tree per view of the vectors.

    Attributes
    ----------
    n : number of clips, with those that have no vector.
    trees : the trees, all over the same clips. The first is on the vectors as they are. Clips whose vector is not
        finite are in none.
    embedding : which embedding each tree is of, from 0 on; empty where there is only one.
    components : of each embedding, (n, k) float16 half-whitened components of every clip, k up to 64, NaN where it has
        no vector: 128 bytes per clip. By them slices of one problem are known to be alike. Empty: nothing is joined.
    """

    n: int
    trees: tuple[Tree, ...]
    embedding: tuple[int, ...] = ()
    components: tuple[NDArray[np.float16], ...] = ()

    @property
    def recall(self) -> float:
        """Share of the first neighbours that are the nearest, the lowest of all trees; 1 if all pairs are compared."""
        return min(float(tree.recall) for tree in self.trees)

    @property
    def is_empty(self) -> bool:
        """True where no clip has a vector, so that there are no clusters."""
        return not any(len(tree.order) for tree in self.trees)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays by name, for a file."""
        arrays = {
            f"{field.name}_{i}": np.asarray(getattr(tree, field.name))
            for i, tree in enumerate(self.trees)
            for field in fields(Tree)
        }
        arrays |= {f"components_{i}": components for i, components in enumerate(self.components)}
        numbers = {
            "n": self.n,
            "trees": len(self.trees),
            "embedding": self.embedding,
            "embeddings": len(self.components),
        }
        return arrays | {name: np.array(value, dtype=np.int64) for name, value in numbers.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Hierarchy":
        """Hierarchy of what `to_arrays` gave."""
        trees = tuple(Tree(**_fields_of_tree(arrays, i)) for i in range(int(arrays["trees"])))
        components = tuple(arrays[f"components_{i}"] for i in range(int(arrays["embeddings"])))
        return cls(int(arrays["n"]), trees, tuple(arrays["embedding"].tolist()), components)


def _fields_of_tree(arrays: Mapping[str, NDArray[Any]], i: int) -> dict[str, Any]:
    return {field.name: arrays[f"{field.name}_{i}"][()] for field in fields(Tree)}


def build_hierarchy(vectors: ArrayLike | Sequence[ArrayLike], *, exact_up_to: int = EXACT_UP_TO) -> Hierarchy:
    """Cluster clips by their vectors.

    On each of up to five views of the vectors: levels of FINCH from first neighbours; inside every FINCH cluster, and
    above the coarsest level, weighted Ward linkage of the clusters below, so that there is a node for groups between
    the levels. Distances are Euclidean. The result does not depend on the order of the rows or the number of threads.
    Memory grows linearly with the number of clips.

    Parameters
    ----------
    vectors
        (n, d); rows with a value that is not finite belong to no cluster. Several such tables of the same clips, in a
        list, are several embeddings: each adds its views, and a scan searches all of them under one correction.
    exact_up_to
        Number of distinct vectors up to which first neighbours are exact. Above, at least 99 % of them are, and above
        200,000 vectors those that are near, see `slicecore.clustering.neighbours.good_neighbours`.

    Raises
    ------
    SlicecoreError
        `vectors` is not a two-dimensional array, or tables differ in length.

    Examples
    --------
    >>> hierarchy = sc.build_hierarchy(np.stack(clips["vector"]))
    >>> hierarchy.n
    200
    """
    tables = _tables(vectors)
    n = len(tables[0])

    with one_thread():
        by_table = [_trees(table, exact_up_to) for table in tables]
    trees = [tree for of_table, _ in by_table for tree in of_table]
    if not trees:
        return Hierarchy(n, (Tree.empty(),))

    from slicecore.clustering.tree_building import relate

    embedding = [i for i, (of_table, _) in enumerate(by_table) for _ in of_table]
    components = [components for _, components in by_table]
    # Half of the other views of an embedding: with more trees one of them agrees by accident.
    others = max(1, max(len(of_table) for of_table, _ in by_table) // 2)
    related = relate(trees, others)
    if len(set(embedding)) == 1:
        return Hierarchy(n, related, components=(components[embedding[0]],))
    return Hierarchy(n, related, tuple(embedding), tuple(components))


def _tables(vectors: ArrayLike | Sequence[ArrayLike]) -> list[NDArray[np.float32]]:
    """The tables of one or several embeddings. Raises SlicecoreError for what is no such table."""
    by_embedding: Sequence[Any] = [vectors]
    if isinstance(vectors, list | tuple) and len(vectors) > 0 and np.ndim(vectors[0]) == 2:
        by_embedding = vectors
    tables = [np.asarray(table, dtype=np.float32) for table in by_embedding]
    for table in tables:
        if table.ndim != 2:
            raise SlicecoreError(
                f"Vectors must be a table of n clips by d numbers, not of shape {table.shape}."
            )
        if len(table) != len(tables[0]):
            raise SlicecoreError(
                f"Embeddings must be of the same clips, but one has {len(tables[0])} rows and another {len(table)}."
            )
    return tables


def _trees(vectors: NDArray[np.float32], exact_up_to: int) -> tuple[list[Tree], NDArray[np.float16]]:
    """A tree for every view of one embedding, and the components; no tree where no vector is finite."""
    rows = np.flatnonzero(np.isfinite(vectors).all(axis=1))
    if len(rows) == 0:
        return [], np.zeros((len(vectors), 0), dtype=np.float16)

    from slicecore.clustering.tree_building import build_tree
    from slicecore.clustering.whitening import views

    points, point_of_row = _distinct(vectors if len(rows) == len(vectors) else vectors[rows])
    let_go(vectors)  # the points are all that is looked at after this
    weights = np.bincount(point_of_row).astype(np.float64)
    clips_by_point = rows[np.argsort(point_of_row, kind="stable")]
    tables, of_points = views(points, weights)
    components = np.full((len(vectors), of_points.shape[1]), np.nan, dtype=np.float16)
    components[rows] = of_points[point_of_row]
    del of_points, point_of_row  # as large as the views
    return [build_tree(view, weights, clips_by_point, exact_up_to) for view in tables], components


def _distinct(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Distinct rows in an order that depends on their content alone, and the one that each row is.

    Everything after this step sees the same array whatever order the clips came in. The rows are brought into [-1, 1],
    where no square overflows.
    """
    if vectors.shape[1] == 0:
        return vectors[:1], np.zeros(len(vectors), dtype=np.int64)
    largest = max(float(vectors.max(initial=0.0)), -float(vectors.min(initial=0.0)))
    exponent = -int(np.frexp(largest)[1])

    def scaled(rows: NDArray[np.int64] | slice, columns: int | None = None) -> NDArray[np.float32]:
        some = np.ldexp(vectors[rows, :columns], exponent)  # by a power of two: exact
        some += np.float32(0)  # -0.0 becomes 0.0
        return np.ascontiguousarray(some)

    # The order of their bytes. The first number or two decide nearly always, and numbers are sorted far more quickly.
    first_bytes = scaled(slice(None), 2).view(">u4").astype(np.uint64)
    first_bytes <<= np.array([32, 0], dtype=np.uint64)[: vectors.shape[1]]
    key = first_bytes.sum(axis=1, dtype=np.uint64)
    del first_bytes
    order = np.argsort(key, kind="stable")
    is_new = np.append(True, np.diff(key[order]) != 0)
    del key
    tied = np.flatnonzero(~is_new | np.append(~is_new[1:], False))
    if len(tied):
        rows = scaled(order[tied])
        as_bytes = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
        among = np.argsort(as_bytes, kind="stable")
        order[tied] = order[tied][among]
        is_new[tied] = np.append(True, as_bytes[among][1:] != as_bytes[among][:-1])
    point_of_row = np.empty(len(vectors), dtype=np.int64)
    point_of_row[order] = np.cumsum(is_new) - 1
    chosen = order[is_new]
    points = np.empty((len(chosen), vectors.shape[1]), dtype=np.float32)
    for begin in range(0, len(chosen), _ROWS_AT_ONCE):
        points[begin : begin + _ROWS_AT_ONCE] = scaled(chosen[begin : begin + _ROWS_AT_ONCE])
    return points, point_of_row
