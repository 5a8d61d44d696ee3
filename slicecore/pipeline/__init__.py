"""The whole way from a table to its slices: each step is kept on disk, so that the second start is instant."""

from slicecore.pipeline.analysis import (
    CLUSTERING,
    EMBEDDING,
    LABELLING,
    PLACING,
    STEPS,
    Analysis,
    Progress,
    analyse,
    kept_hierarchy,
    kept_positions,
)

__all__ = [
    "CLUSTERING",
    "EMBEDDING",
    "LABELLING",
    "PLACING",
    "STEPS",
    "Analysis",
    "Progress",
    "analyse",
    "kept_hierarchy",
    "kept_positions",
]
