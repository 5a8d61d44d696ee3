"""What benchmarks/causes.py is made of: problems to plant, and the data they are planted in."""
