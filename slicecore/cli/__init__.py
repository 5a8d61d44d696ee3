"""The command line: `slicecore scan`, `run`, `embed` and `cache`."""
