"""Metrics as sums per clip: WER, CER and others, functions of the user's own, differences of two models."""

from slicecore.metrics.builtin import (
    METRICS,
    Edit,
    Metric,
    WordErrors,
    accuracy,
    align,
    cer,
    custom,
    difference,
    error_rate,
    mae,
    mean_of,
    mse,
    wer,
    word_errors,
)
from slicecore.metrics.costs import Costs, Custom, Difference

__all__ = [
    "METRICS",
    "Costs",
    "Custom",
    "Difference",
    "Edit",
    "Metric",
    "WordErrors",
    "accuracy",
    "align",
    "cer",
    "custom",
    "difference",
    "error_rate",
    "mae",
    "mean_of",
    "mse",
    "wer",
    "word_errors",
]
