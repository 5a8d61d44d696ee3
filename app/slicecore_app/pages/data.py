"""The data page: choose a table, say which column is what, see what is wrong with it, start."""

from slicecore_app.pages.open_table import open_table_page

open_table_page()
