"""Data behind the two pictures of the clusters: treemap and map."""
