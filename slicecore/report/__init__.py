"""Exports of the results: tables of clips and slices as CSV files."""
