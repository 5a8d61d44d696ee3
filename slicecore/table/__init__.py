"""The table with a row per clip: readers, roles of columns, metadata."""
