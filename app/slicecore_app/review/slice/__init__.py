"""The panel of the selected slice."""
