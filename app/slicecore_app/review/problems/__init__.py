"""The list of problem slices and of other lists."""
