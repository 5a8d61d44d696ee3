"""Results in experiment trackers, beside the other numbers of a model."""

from slicecore.track.mlflow_run import TrackedRun, mlflow

__all__ = ["TrackedRun", "mlflow"]
