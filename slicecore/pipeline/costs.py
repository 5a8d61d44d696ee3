"""Costs of a data set by the name of a metric, for one model or for two that are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicecore.errors import MetricError, TableError
from slicecore.metrics import METRICS, Metric, difference
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slicecore.metrics import Costs
    from slicecore.table.dataset import Dataset


def metric_named(name: str) -> Metric:
    """The built-in metric of a name. Raises MetricError where there is none."""
    if name not in METRICS:
        raise MetricError(f"There is no metric “{name}”. Use one of: {', '.join(METRICS)}.")
    return METRICS[name]


def costs_of(
    data: Dataset,
    metric: str = "wer",
    normalisation: Normalisation = DEFAULT_NORMALISATION,
    compare_with: str | None = None,
    threshold: float | None = None,
) -> Costs:
    """Costs of every clip by a metric of the first prediction.

    Parameters
    ----------
    data
        The clips.
    metric
        Name of a built-in metric, see `slicecore.metrics.METRICS`.
    normalisation
        Text normalisation before texts are compared: "none", "basic", "english" or "leaderboard", or a function of
        your own from a text to a text.
    compare_with
        Prediction column of another model. The costs are then how much worse the first model is.
    threshold
        Threshold of the scores of a detector, of both models; that of equal error rates of each by default.

    Raises
    ------
    MetricError
        There is no such metric or normalisation, or the columns, or the threshold, don't fit the metric.
    TableError
        `compare_with` is no other prediction column of the table.
    """
    with data.counting_rows():
        return _costs_of(data, metric_named(metric), normalisation, compare_with, threshold)


def costs_of_models(
    data: Dataset, metric: str, normalisation: Normalisation, known: Mapping[str, Costs]
) -> dict[str, Costs]:
    """Costs of every clip by the predictions of each model, by their names; errors as of `costs_of`.

    Parameters
    ----------
    data, metric, normalisation
        As of `costs_of`.
    known
        Costs of models that are known already, by name.
    """
    function = metric_named(metric)
    with data.counting_rows():
        return {
            model: known[model]
            if model in known
            else function(data.reference, predictions, normalisation, None)
            for model, predictions in data.predictions.items()
        }


def _costs_of(
    data: Dataset,
    function: Metric,
    normalisation: Normalisation,
    compare_with: str | None,
    threshold: float | None,
) -> Costs:
    if data.roles.reference is None:
        raise TableError(
            f"“{data.name}” has no references, which {function.label} needs. Name their column: --reference or "
            "reference=…; or take the mean of a number per clip: --mean-of or mean_of=…"
        )
    costs = function(data.reference, data.prediction, normalisation, threshold)
    if compare_with is None:
        return costs
    model = data.roles.predictions[0]
    if compare_with not in data.predictions:
        raise TableError(
            f"“{compare_with}” was not recognised as a prediction column. Name the prediction column of the first "
            "model too: prediction=…, or --prediction on the command line."
        )
    if compare_with == model:
        raise TableError(
            f"“{compare_with}” would be compared with itself. Give another column as compare_with or prediction "
            "(--compare-with or --prediction on the command line)."
        )
    other = function(data.reference, data.predictions[compare_with], normalisation, threshold)
    return difference(costs, other, (model, compare_with))
