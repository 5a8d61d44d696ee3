"""The table of clips and its filter."""
