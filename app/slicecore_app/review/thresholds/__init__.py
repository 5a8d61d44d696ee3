"""Thresholds of the scan: minimum support, minimum drop."""
