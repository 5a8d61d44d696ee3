"""The command line: `slicecore scan`, `report`, `apply`, `gate`, `history`, `run`, `embed` and `cache`."""
