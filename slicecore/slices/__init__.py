"""The scan: which clusters are problem slices, how significant they are, slices over metadata."""
