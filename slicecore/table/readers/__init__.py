"""Readers of tables: a file per format, each from a path to `Rows`; `registry` recognises the format by content.

Readers of text stand on `text_files`, those of JSON on `json_rows`, those of Arrow's tables on `arrow_columns`.
"""
