"""The treemap of clusters."""
