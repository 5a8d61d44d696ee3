"""The command line: `slicecore scan`, `report`, `apply`, `gate`, `run`, `embed` and `cache`."""
