"""Parts of benchmarks/detection.py: data with planted groups, rivals, and the judgement of slices."""
