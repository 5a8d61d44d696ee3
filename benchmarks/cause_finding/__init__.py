"""Parts of benchmarks/causes.py: problems to plant, and the data they are planted in."""
