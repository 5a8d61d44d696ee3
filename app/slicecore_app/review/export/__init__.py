"""The export menu."""
