"""The command line: `slicecore scan`, `apply`, `run`, `embed` and `cache`."""
