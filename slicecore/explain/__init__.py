"""Reasons for a slice: causes, effects, sentences, and clips with a wrong reference."""
