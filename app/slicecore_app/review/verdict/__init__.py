"""Verdict, tags and note of the selected slice."""
