"""What benchmarks/detection.py is made of: data with planted groups, the rivals, and how slices are judged."""
