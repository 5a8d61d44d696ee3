"""The parts of the review page, one file each. A panel draws what `Shown` holds and writes to `state`."""
