"""The table with a row per clip: `dataset` reads and holds it, by `roles` of its columns, `ids` and `metadata`.

`csv_reader` reads CSV and TSV files.
"""
