"""The table with a row per clip: `dataset` reads and holds it, by `roles` of its columns, `ids` and `metadata`.

In `readers/` there is a file per format; `cells` makes text, seconds and clips of what they read.
"""
