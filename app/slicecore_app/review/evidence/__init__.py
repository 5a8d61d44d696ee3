"""The evidence for the causes of the selected slice."""
