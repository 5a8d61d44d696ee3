"""Slices that transfer: definitions of slices, a file of them, and their members in other data."""
