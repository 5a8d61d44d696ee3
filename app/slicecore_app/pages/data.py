"""The data page: choose a table, say which column is what, see what is wrong with it, start."""

from slicecore_app.pages.data_form import data_form

data_form()
