"""Catalogue of the built-in metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from slicecore.errors import MetricError
from slicecore.metrics.costs import Costs
from slicecore.metrics.detection import detection
from slicecore.metrics.transcripts import cer, wer
from slicecore.metrics.values import accuracy, error_rate, mae, mse
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts


@dataclass(frozen=True)
class Metric:
    """Metric with its name for people and the function that computes it.

    Attributes
    ----------
    key, label, description : its name, its name for people, and what it is.
    function : (reference, prediction) -> costs; it takes the normalisation, or the threshold, where it has one.
    normalises : whether texts are normalised.
    is_rate : whether values are shares.
    has_threshold : whether predictions are scores that are compared with a threshold.
    """

    key: str
    label: str
    description: str
    function: Callable[..., Costs]
    normalises: bool = False
    is_rate: bool = True
    has_threshold: bool = False

    def __call__(
        self,
        reference: Texts,
        prediction: Texts,
        normalisation: Normalisation = DEFAULT_NORMALISATION,
        threshold: float | None = None,
    ) -> Costs:
        """Compute the metric.

        `normalisation` counts only where the metric compares text.

        Raises
        ------
        MetricError
            Columns don't fit the metric, or it has no threshold but one is given.
        """
        if self.has_threshold:
            return self.function(reference, prediction, threshold)
        if threshold is not None:
            raise MetricError(f"{self.label} has no threshold. Leave it out, or choose the metric detection.")
        if self.normalises:
            return self.function(reference, prediction, normalisation)
        return self.function(reference, prediction)


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.key: metric
        for metric in (
            Metric("wer", "WER", "Word error rate, pooled over the clips", wer, normalises=True),
            Metric("cer", "CER", "Character error rate, pooled over the clips", cer, normalises=True),
            Metric("error_rate", "Error rate", "Share of clips with the wrong label", error_rate),
            Metric("accuracy", "Accuracy", "Share of clips with the right label", accuracy),
            Metric("mae", "MAE", "Mean absolute error of numbers", mae, is_rate=False),
            Metric("mse", "MSE", "Mean squared error of numbers", mse, is_rate=False),
            Metric(
                "detection",
                "Detection",
                "Share of clips falsely accepted or rejected at a threshold of scores",
                detection,
                has_threshold=True,
            ),
        )
    }
)
"""Metrics that every table can be looked at with, by key. Read-only."""
