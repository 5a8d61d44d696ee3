"""Named views and the address of the page."""
