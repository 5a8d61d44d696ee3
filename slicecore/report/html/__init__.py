"""Report: everything that was found about a model in one HTML file, which needs nothing else."""
