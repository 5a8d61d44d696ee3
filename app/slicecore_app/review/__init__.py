"""The review page, a folder per feature."""
