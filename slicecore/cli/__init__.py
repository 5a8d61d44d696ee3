"""The command line: `slicecore scan`, `report`, `apply`, `run`, `embed` and `cache`."""
