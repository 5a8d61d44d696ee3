"""Trees of clusters over embeddings: FINCH levels, Ward merges, whitening, neighbours."""
