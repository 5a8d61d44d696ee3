"""Find the problem slices of an audio model: clusters of clips on which it is clearly worse than on the whole."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Not lazily: a function named like its module would be hidden by the module once that is imported.
from slicecore.slices.scanner import Scan, Scanner, Slice, scan

if TYPE_CHECKING:
    from slicecore import errors, metrics
    from slicecore.clustering.hierarchy import Hierarchy, build_hierarchy
    from slicecore.display.projection import project
    from slicecore.embedding import Embeddings, OwnEmbedding, embed
    from slicecore.embedding.labels import attributes, with_attributes
    from slicecore.explain.cause_costs import CauseCost, cost_by_cause
    from slicecore.explain.effects import Contrasts, Effect, ValueEffect
    from slicecore.explain.explainer import Explainer, Explanation
    from slicecore.explain.wrong_references import WrongReference, find_wrong_references
    from slicecore.measurements import Measurements, measure
    from slicecore.metrics.costs import Costs
    from slicecore.pipeline import Analysis, analyse
    from slicecore.slices.examples import nearest_good, similar_clips, typical_clip
    from slicecore.slices.impact import Waterfall, value_if_fixed, waterfall
    from slicecore.slices.metadata_slices import MetadataSlice, mostly, scan_metadata
    from slicecore.storage.verdicts import Verdicts
    from slicecore.table.dataset import Dataset, from_table, read
    from slicecore.text.words import Words, WordTable

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "CauseCost",
    "Contrasts",
    "Costs",
    "Dataset",
    "Effect",
    "Embeddings",
    "Explainer",
    "Explanation",
    "Hierarchy",
    "Measurements",
    "MetadataSlice",
    "OwnEmbedding",
    "Scan",
    "Scanner",
    "Slice",
    "ValueEffect",
    "Verdicts",
    "Waterfall",
    "WordTable",
    "Words",
    "WrongReference",
    "analyse",
    "attributes",
    "build_hierarchy",
    "cost_by_cause",
    "embed",
    "errors",
    "find_wrong_references",
    "from_table",
    "measure",
    "metrics",
    "mostly",
    "nearest_good",
    "project",
    "read",
    "scan",
    "scan_metadata",
    "similar_clips",
    "typical_clip",
    "value_if_fixed",
    "waterfall",
    "with_attributes",
]

_HOME = {
    "Analysis": "pipeline",
    "CauseCost": "explain.cause_costs",
    "Contrasts": "explain.effects",
    "Costs": "metrics.costs",
    "Dataset": "table.dataset",
    "Effect": "explain.effects",
    "Embeddings": "embedding",
    "Explainer": "explain.explainer",
    "Explanation": "explain.explainer",
    "Hierarchy": "clustering.hierarchy",
    "Measurements": "measurements",
    "MetadataSlice": "slices.metadata_slices",
    "OwnEmbedding": "embedding",
    "ValueEffect": "explain.effects",
    "Verdicts": "storage.verdicts",
    "Waterfall": "slices.impact",
    "WordTable": "text.words",
    "Words": "text.words",
    "WrongReference": "explain.wrong_references",
    "analyse": "pipeline",
    "attributes": "embedding.labels",
    "build_hierarchy": "clustering.hierarchy",
    "cost_by_cause": "explain.cause_costs",
    "embed": "embedding",
    "find_wrong_references": "explain.wrong_references",
    "from_table": "table.dataset",
    "measure": "measurements",
    "mostly": "slices.metadata_slices",
    "nearest_good": "slices.examples",
    "project": "display.projection",
    "read": "table.dataset",
    "scan_metadata": "slices.metadata_slices",
    "similar_clips": "slices.examples",
    "typical_clip": "slices.examples",
    "value_if_fixed": "slices.impact",
    "waterfall": "slices.impact",
    "with_attributes": "embedding.labels",
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
