"""Metrics that the page offers: the built-in ones, the mean of a number per clip, and what the launch asked for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from types import MappingProxyType
from typing import Literal

from slicecore.errors import MetricError
from slicecore.metrics import METRICS, Costs, mean_of, usual_metric
from slicecore.table.dataset import Dataset
from slicecore.text.normalisation import DEFAULT_NORMALISATION, NORMALISATIONS
from slicecore.text.own_normaliser import own_normaliser
from slicecore_app.launch import VIEW_VARIABLE

MEAN = "mean"
"""Key of the mean of the column that the launch named."""
_MEANS = {"mean_low": "Mean (lower is better)", "mean_high": "Mean (higher is better)"}
"""Means of the model's own numbers, which need no reference."""
_HIGH = re.compile(r"mos|quality|pesq|stoi|sn?r\b|sdr|accuracy|score|confidence|similarity|bleu|(^|_)f1")
"""Parts of the names of numbers that are good where they are high."""

_ALIGNED: Mapping[str, Literal["words", "characters"]] = {"wer": "words", "cer": "characters"}
_NORMALISATIONS = {"none": "as written", "basic": "basic", "english": "English", "leaderboard": "leaderboard"}
"""Names for people."""


@dataclass(frozen=True)
class OfferedMetric:
    """A metric of a table.

    Attributes
    ----------
    label
        Name for people.
    is_rate
        Whether thresholds are in percentage points.
    normalises
        Whether the normalisation of texts counts.
    aligns
        What references and predictions are shown by: "words", "characters", or "" where they are compared whole.
    has_threshold
        Whether predictions are scores that are compared with a threshold.
    compute
        Takes the table, the column of the prediction and the choice.
    """

    label: str
    is_rate: bool
    normalises: bool
    aligns: Literal["words", "characters", ""]
    has_threshold: bool
    compute: Callable[[Dataset, str, MetricChoice], Costs]


def offered() -> Mapping[str, OfferedMetric]:
    """All metrics by key, the default first."""
    return _offered(os.environ.get(VIEW_VARIABLE, "{}"))


@cache
def _offered(launched_with: str) -> Mapping[str, OfferedMetric]:
    """The same for what a launch asked for; a page asks some fifty times."""
    metrics = {
        key: OfferedMetric(
            metric.label,
            metric.is_rate,
            metric.normalises,
            _ALIGNED.get(key, ""),
            metric.has_threshold,
            partial(_built_in, key),
        )
        for key, metric in METRICS.items()
    }
    for key, label in _MEANS.items():
        metrics[key] = OfferedMetric(
            label, False, False, "", False, partial(_mean_of_model, key == "mean_high")
        )
    asked = json.loads(launched_with)
    if column := asked.get("mean_of"):
        compute = partial(_mean, column, asked.get("higher_is_better", False))
        metrics[MEAN] = OfferedMetric(column, False, False, "words", False, compute)
    return MappingProxyType(metrics)


def _built_in(key: str, data: Dataset, prediction: str, choice: MetricChoice) -> Costs:
    if data.roles.reference is None:
        raise MetricError(
            f"“{data.name}” has no references, which this metric needs. Choose a mean, or name the column of the "
            "references on the data page."
        )
    with data.counting_rows():
        return METRICS[key](
            data.reference, data.predictions[prediction], choice.normalisation, choice.threshold
        )


def _mean_of_model(higher_is_better: bool, data: Dataset, prediction: str, choice: MetricChoice) -> Costs:
    with data.counting_rows():
        return mean_of(data.predictions[prediction], prediction, higher_is_better)


def _mean(column: str, higher_is_better: bool, data: Dataset, prediction: str, choice: MetricChoice) -> Costs:
    if column not in data.table:
        raise MetricError(f"“{data.name}” has no column “{column}” to take the mean of.")
    with data.counting_rows():
        return mean_of(data.table[column], column, higher_is_better)


@dataclass(frozen=True)
class MetricChoice:
    """A metric with its normalisation, as the head offers it.

    `threshold` is that of a detector's scores, None for that of equal error rates, or where the metric has none.
    """

    metric: str
    normalisation: str
    threshold: float | None = None

    def at(self, threshold: float | None) -> MetricChoice:
        """The same metric at a threshold, if it has one."""
        return replace(self, threshold=threshold) if self.has_threshold else self

    @property
    def has_threshold(self) -> bool:
        """True if predictions are scores that are compared with a threshold."""
        return offered()[self.metric].has_threshold

    @property
    def is_rate(self) -> bool:
        """True if thresholds are in percentage points."""
        return offered()[self.metric].is_rate

    @property
    def label(self) -> str:
        """Name for people, such as "WER, basic"; the normalisation only where it matters."""
        entry = offered()[self.metric]
        name = _NORMALISATIONS.get(self.normalisation) or own_normaliser(self.normalisation).label
        return f"{entry.label}, {name}" if entry.normalises else entry.label

    def __str__(self) -> str:
        """As an address has it: "wer.basic"."""
        return f"{self.metric}.{self.normalisation}"


def usual_choice(data: Dataset) -> MetricChoice:
    """The metric that a table is looked at by where nobody chose another, by its kind of task."""
    metric = next(iter(METRICS))
    if data.roles.predictions and data.roles.reference is None:
        metric = "mean_high" if _HIGH.search(data.roles.predictions[0].casefold()) else "mean_low"
    elif data.roles.predictions:
        metric = usual_metric(data.reference, data.prediction)
    return MetricChoice(metric, DEFAULT_NORMALISATION)


def metric_choices() -> list[MetricChoice]:
    """Every metric, those on text with each normalisation; the default first."""
    launched = json.loads(os.environ.get(VIEW_VARIABLE, "{}")).get("normalisation", DEFAULT_NORMALISATION)
    normalisations = dict.fromkeys((*NORMALISATIONS, launched))
    choices = [
        MetricChoice(key, normalisation)
        for key, entry in offered().items()
        for normalisation in (normalisations if entry.normalises else (DEFAULT_NORMALISATION,))
    ]
    default = MetricChoice(next(iter(offered())), DEFAULT_NORMALISATION)
    return sorted(choices, key=lambda choice: choice != default)
