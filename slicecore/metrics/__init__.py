"""Metrics as sums per clip: WER, CER and others, functions of the user's own, differences of two models."""

from slicecore.metrics.builtin import METRICS, Metric
from slicecore.metrics.characters import align_characters
from slicecore.metrics.comparison import Difference, difference
from slicecore.metrics.costs import Costs
from slicecore.metrics.detection import DetectionTable, detection
from slicecore.metrics.label_changes import LabelComparison
from slicecore.metrics.labels import Confusion, LabelTable
from slicecore.metrics.scores import ScoreTable
from slicecore.metrics.task import Task, task_of, usual_metric
from slicecore.metrics.transcripts import Edit, WordErrors, align, align_all, cer, wer, word_errors
from slicecore.metrics.user_function import Custom, custom
from slicecore.metrics.values import accuracy, error_rate, mae, mean_of, mse

__all__ = [
    "METRICS",
    "Confusion",
    "Costs",
    "Custom",
    "DetectionTable",
    "Difference",
    "Edit",
    "LabelComparison",
    "LabelTable",
    "Metric",
    "ScoreTable",
    "Task",
    "WordErrors",
    "accuracy",
    "align",
    "align_all",
    "align_characters",
    "cer",
    "custom",
    "detection",
    "difference",
    "error_rate",
    "mae",
    "mean_of",
    "mse",
    "task_of",
    "usual_metric",
    "wer",
    "word_errors",
]
