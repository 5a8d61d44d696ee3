"""The 2D map of clips."""
