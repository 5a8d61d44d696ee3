"""Find the problem slices of an audio model: clusters of clips on which it is clearly worse than on the whole."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Not lazily: a function named like its module would be hidden by the module once that is imported.
from slicecore.scan import Scan, Scanner, Slice, scan

if TYPE_CHECKING:
    from slicecore import errors, metrics
    from slicecore.analysis import Analysis, analyse
    from slicecore.around import nearest_good, similar_clips, typical_clip
    from slicecore.costs import Costs
    from slicecore.dataset import Dataset, from_table, read
    from slicecore.embedding import Embeddings, embed
    from slicecore.hierarchy import Hierarchy, build_hierarchy
    from slicecore.projection import project
    from slicecore.verdicts import Verdicts

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Costs",
    "Dataset",
    "Embeddings",
    "Hierarchy",
    "Scan",
    "Scanner",
    "Slice",
    "Verdicts",
    "analyse",
    "build_hierarchy",
    "embed",
    "errors",
    "from_table",
    "metrics",
    "nearest_good",
    "project",
    "read",
    "scan",
    "similar_clips",
    "typical_clip",
]

_HOME = {
    "Analysis": "analysis",
    "Costs": "costs",
    "Dataset": "dataset",
    "Embeddings": "embedding",
    "Hierarchy": "hierarchy",
    "Verdicts": "verdicts",
    "analyse": "analysis",
    "build_hierarchy": "hierarchy",
    "embed": "embedding",
    "from_table": "dataset",
    "nearest_good": "around",
    "project": "projection",
    "read": "dataset",
    "similar_clips": "around",
    "typical_clip": "around",
}


def __getattr__(name: str) -> Any:
    # Names are fetched when they are first used: numpy, pandas and the rest would make `import slicecore` slow.
    if name in ("errors", "metrics"):
        return importlib.import_module(f"slicecore.{name}")
    if name in _HOME:
        value = getattr(importlib.import_module(f"slicecore.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'slicecore' has no attribute {name!r}")
