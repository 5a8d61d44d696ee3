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
)
from slicecore.pipeline.cached import cached_hierarchy, cached_positions

__all__ = [
    "CLUSTERING",
    "EMBEDDING",
    "LABELLING",
    "PLACING",
    "STEPS",
    "Analysis",
    "Progress",
    "analyse",
    "cached_hierarchy",
    "cached_positions",
]
