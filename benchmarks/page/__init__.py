"""What the benchmark of the page is made of."""
